//! What is disputed about a deal, to be read: each team's side of it, and what was ruled. The deal's own
//! page is where sides are told.

import { Link } from "@tanstack/react-router";
import type { DealStory } from "@/api/queries";
import { type Address, kept } from "@/lib/address";
import { useWords } from "@/lib/book";
import { moment } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { sideOf } from "@/lib/journey";
import css from "./credit-book.module.css";

export function Disputed({ story }: { story: DealStory }) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const { dispute } = story;
  return (
    <section className={css.stories}>
      {dispute ? <h3>{m.book.disputed}</h3> : null}
      <ul>
        {dispute?.stories.map((one) => (
          <li key={one.seq}>
            <strong>{one.team}</strong>{" "}
            <span className={css.by}>
              {one.by}, {moment(one.at, locale, words.zone)}
            </span>
            <blockquote data-side={sideOf(words.teams, one.team)}>{one.story}</blockquote>
            {one.evidence.length > 0 ? (
              <p className={css.by}>{m.book.shownBy(one.evidence.join(", "))}</p>
            ) : null}
          </li>
        ))}
        {dispute?.rulings.map((one) => (
          <li key={one.seq}>
            <strong>{m.book.ruling}</strong>{" "}
            <span className={css.by}>
              {one.by}, {moment(one.at, locale, words.zone)}
            </span>
            <blockquote>{one.ruling}</blockquote>
            {one.case ? <p className={css.by}>{m.book.tested(one.case)}</p> : null}
          </li>
        ))}
      </ul>
      <p className={`${css.by} screen-only`}>
        <Link
          to="/deals"
          search={(now: Address) => ({ ...kept(now), of: story.deal })}
          className={css.link}
        >
          {m.book.whole}
        </Link>
      </p>
    </section>
  );
}
