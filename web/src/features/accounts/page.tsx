//! Accounts: search, and the whole journey of one on a single line.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useState } from "react";
import { recordsQuery, useAsk, useVersion } from "@/api/queries";
import { asked } from "@/lib/address";
import { nameOf, type Rows, rowsOf } from "@/lib/answer";
import { stageName, useWords } from "@/lib/book";
import { useMessages } from "@/lib/i18n";
import { useHere, useWhen } from "@/ui/here";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Answered, Empty, Trouble } from "@/ui/state";
import { Journey } from "./journey";
import { Lines } from "./lines";
import css from "./page.module.css";

/** More names than this are searched and not read. */
const MOST = 300;

export function AccountsPage() {
  const m = useMessages();
  const { address } = useHere();
  return (
    <Page question={m.accounts.question}>
      <div className={css.split}>
        <List now={address.of} />
        <div className={css.chosen}>
          {address.of ? (
            <One key={address.of} of={address.of} />
          ) : (
            <Empty title={m.accounts.choose}>{m.accounts.chooseText}</Empty>
          )}
        </div>
      </div>
    </Page>
  );
}

/** Who is in a stage now, as the records of a snapshot say; any other account opens by its key. */
function List({ now }: { now: string | undefined }) {
  const m = useMessages();
  const words = useWords();
  const { base } = useWhen();
  const { go } = useHere();
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text).trim().toLowerCase();
  const question = asked("funnel", base, { view: "snapshot", unit: "account" });
  const origin = { question, column: "there", row: [] };
  const query = useInfiniteQuery(recordsQuery(origin, useVersion()));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const pages = query.data?.pages ?? [];
  const listed = pages.flatMap((page) => {
    const answer = rowsOf(page.reply) as Rows;
    return answer.rows.map((row) => ({
      buyer: nameOf(answer, row, "buyer"),
      stage: nameOf(answer, row, "stage"),
      rep: nameOf(answer, row, "rep"),
      amount: nameOf(answer, row, "amount"),
    }));
  });
  const fits = (one: (typeof listed)[number]) =>
    !wanted ||
    [one.buyer, stageName(words, one.stage), one.rep].some((said) =>
      said.toLowerCase().includes(wanted),
    );
  const shown = listed.filter(fits);
  return (
    <section className={`${css.list} screen-only`} aria-label={m.accounts.list}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) go({ of: text.trim() });
        }}
      >
        <input
          type="search"
          className={css.search}
          value={text}
          placeholder={m.accounts.search}
          aria-label={m.accounts.search}
          maxLength={120}
          onChange={(event) => setText(event.target.value)}
        />
      </form>
      <p className={css.none}>{m.accounts.listMeans}</p>
      <div className={css.rows}>
        {query.isError ? <Trouble error={query.error} /> : null}
        {query.data && shown.length === 0 ? <p className={css.none}>{m.accounts.byKey}</p> : null}
        {shown.slice(0, MOST).map((one, at) => (
          <button
            key={`${one.buyer}-${at}`}
            type="button"
            className={css.row}
            aria-current={one.buyer === now ? "true" : undefined}
            onClick={() => go({ of: one.buyer })}
          >
            <span>{one.buyer}</span>
            <small>
              {[stageName(words, one.stage), one.rep, one.amount]
                .filter((said) => said !== "–" && said !== "")
                .join(" · ")}
            </small>
          </button>
        ))}
        {shown.length > MOST ? <p className={css.none}>{m.accounts.narrow}</p> : null}
      </div>
    </section>
  );
}

function One({ of }: { of: string }) {
  const m = useMessages();
  const { base, isKnown } = useWhen();
  const question = asked("journey", base, { of });
  const query = useAsk(isKnown ? question : null);
  return (
    <Answered query={query} height={520}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        return (
          <>
            <Panel title={of} means={m.accounts.journeyMeans} rests={{ reply, question }}>
              <Journey answer={answer} />
              {reply.issues.length > 0 ? (
                <ul className={css.issues}>
                  {reply.issues.map((issue) => (
                    <li key={issue.code}>
                      ⚑ {issue.text} <small>{issue.code}</small>
                    </li>
                  ))}
                </ul>
              ) : null}
            </Panel>
            <Panel title={m.accounts.events}>
              <Lines answer={answer} />
            </Panel>
          </>
        );
      }}
    </Answered>
  );
}
