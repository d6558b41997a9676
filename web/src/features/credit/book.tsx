//! Which deal's credit book is open: searched by its key, or chosen among those that the period won.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { recordsQuery, searchQuery, useVersion } from "@/api/queries";
import { asked } from "@/lib/address";
import { nameOf, type Rows, rowsOf } from "@/lib/answer";
import { useMessages } from "@/lib/i18n";
import { CreditBook } from "@/ui/credit-book";
import { useHere, useWhen } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { usePaused } from "@/ui/paused";
import css from "./page.module.css";

const OFFERED = 10;

export function Book() {
  const m = useMessages();
  const { address, go } = useHere();
  const choose = (deal: string) => go({ deal }, { replace: true });
  return (
    <>
      <Panel title={m.credit.book} means={m.credit.bookMeans}>
        <Chooser now={address.deal} choose={choose} />
      </Panel>
      {address.deal ? <CreditBook key={address.deal} deal={address.deal} /> : null}
    </>
  );
}

interface ChooserProps {
  now: string | undefined;
  choose: (deal: string) => void;
}

function Chooser({ now, choose }: ChooserProps) {
  const m = useMessages();
  const version = useVersion();
  const [text, setText] = useState("");
  const wanted = usePaused(text).trim();
  const found = useQuery(searchQuery(wanted, version)).data?.deals.map((deal) => deal.key);
  const won = useWon();
  const offered = (wanted.length > 1 ? found : won)?.slice(0, OFFERED);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) choose(text.trim());
  };
  return (
    <div className={`${css.chooser} screen-only`}>
      <form onSubmit={submit} role="search">
        <input
          type="search"
          value={text}
          placeholder={m.book.find}
          aria-label={m.book.find}
          maxLength={120}
          onChange={(event) => setText(event.target.value)}
        />
      </form>
      <ul aria-label={wanted.length > 1 ? m.find.deals : m.book.wonOnes}>
        {offered?.map((deal) => (
          <li key={deal}>
            <button type="button" aria-pressed={deal === now} onClick={() => choose(deal)}>
              {deal}
            </button>
          </li>
        ))}
      </ul>
      {offered?.length === 0 ? <p>{wanted.length > 1 ? m.book.noDeal : m.book.noneWon}</p> : null}
    </div>
  );
}

/** Deals behind the revenue of the period, as its records list them; none until they are there. */
function useWon(): string[] | undefined {
  const when = useWhen();
  const question = asked("metric", when.base, { of: "revenue", period: when.period });
  const version = useVersion();
  const origin = { question, column: "revenue", row: [] };
  const query = useInfiniteQuery(recordsQuery(origin, when.isKnown ? version : undefined));
  const first = query.data?.pages[0];
  if (!first) return undefined;
  const answer = rowsOf(first.reply) as Rows;
  const keys = answer.rows.map((row) => nameOf(answer, row, "deal"));
  return [...new Set(keys)].filter((key) => key !== "–");
}
