//! The book's calendar, working hours and currencies, as the charter in force says them; and what
//! is where. Both teams change them, by a proposal.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Defined, documentQuery } from "@/api/charter";
import { useBook } from "@/api/queries";
import { kept } from "@/lib/address";
import { useWords } from "@/lib/book";
import { day, weekday } from "@/lib/format";
import { type Locale, type Messages, saidAs, useLocale, useMessages } from "@/lib/i18n";
import { Panel } from "@/ui/panel";
import { Span } from "@/ui/span";
import { Answered, Empty } from "@/ui/state";
import css from "./page.module.css";

/** Parts of definitions that are about days, and about amounts; the rest of the charter is elsewhere. */
const isCalendar = (what: string, part: string) =>
  (what === "calendar" && part !== "currency") || what === "working hours";
const isMoney = (what: string, part: string) =>
  (what === "calendar" && part === "currency") || what === "money";

export function BookSettings() {
  const m = useMessages();
  const book = useBook();
  const query = useQuery({ ...documentQuery, enabled: Boolean(book?.charter) });
  if (book && !book.charter) return <Empty title={m.charter.none}>{m.charter.noneText}</Empty>;
  return (
    <Answered query={query} height={360}>
      {({ definitions }) => (
        <>
          <Span of="half">
            <Part title={m.settings.calendar} isPart={isCalendar} definitions={definitions} />
          </Span>
          <Span of="half">
            <Part title={m.settings.currencies} isPart={isMoney} definitions={definitions} />
          </Span>
          <Where />
        </>
      )}
    </Answered>
  );
}

interface PartProps {
  title: string;
  isPart: (what: string, part: string) => boolean;
  definitions: readonly Defined[];
}

function Part({ title, isPart, definitions }: PartProps) {
  const m = useMessages();
  const locale = useLocale();
  const shown = definitions.flatMap(({ what, parts }) =>
    parts.filter(({ part }) => isPart(what, part)).map((one) => ({ what, ...one })),
  );
  return (
    <Panel
      title={title}
      means={m.settings.byCharter}
      actions={
        <Link to="/charter" search={kept}>
          {m.settings.toCharter}
        </Link>
      }
    >
      {shown.length === 0 ? <p className={css.told}>{m.settings.unsaid}</p> : null}
      <dl className={css.said}>
        {shown.map(({ what, part, words }) => (
          <div key={what + part}>
            <dt>{m.charter.partNames[part] ?? part}</dt>
            <dd className={css.lines}>{saidOf(part, words, m, locale)}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** What a part of a calendar says, in the reader's words: its days, hours and ways to count. */
function saidOf(part: string, words: string, m: Messages, locale: Locale): string {
  if (part === "holidays") return words.replace(/\d{4}-\d{2}-\d{2}/g, (one) => day(one, locale));
  if (part === "week" || part === "week_starts") {
    const named = words.replace(/[a-z]{6,9}/g, (one) => weekday(one, locale) ?? one);
    return named.replaceAll("; ", "\n");
  }
  return saidAs(m.settings.calendarWords[part] ?? {}, words);
}

function Where() {
  const m = useMessages();
  const locale = useLocale();
  const book = useBook();
  const words = useWords();
  return (
    <Panel title={m.settings.thisBook}>
      <dl className={css.said}>
        <div>
          <dt>{m.settings.bookName}</dt>
          <dd>{book?.name}</dd>
        </div>
        <div>
          <dt>{m.settings.sources}</dt>
          <dd>{book?.sources.join(", ") || "–"}</dd>
        </div>
        <div>
          <dt>{m.settings.seenUntil}</dt>
          <dd>{words.horizon ? day(words.horizon, locale) : "–"}</dd>
        </div>
        <div>
          <dt>{m.settings.newest}</dt>
          <dd>{book?.published}</dd>
        </div>
        <div>
          <dt>{m.settings.periods}</dt>
          <dd>
            <Link to="/periods" search={kept} className={css.name}>
              {m.settings.toPeriods}
            </Link>
          </dd>
        </div>
      </dl>
    </Panel>
  );
}
