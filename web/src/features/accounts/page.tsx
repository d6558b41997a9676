//! Accounts: search, and the whole journey of one on a single line.

import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { listQuery, useAsk } from "@/api/queries";
import { asked } from "@/lib/address";
import { type Rows, rowsOf } from "@/lib/answer";
import { stageName, useWords } from "@/lib/book";
import { useMessages } from "@/lib/i18n";
import { useHere, useWhen } from "@/ui/here";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Answered, Empty, Trouble } from "@/ui/state";
import { Journey } from "./journey";
import { Lines } from "./lines";
import css from "./page.module.css";

/** An account of a list, as the server gives it. */
interface Listed {
  id: string;
  name?: string | null;
  stage?: string | null;
  owner?: string | null;
  deals?: number | null;
}

interface ListedPage {
  accounts: Listed[];
  of: number;
}

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

function List({ now }: { now: string | undefined }) {
  const m = useMessages();
  const words = useWords();
  const { go } = useHere();
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text).trim();
  const query = useQuery({
    ...listQuery<ListedPage>(`/accounts?search=${encodeURIComponent(wanted)}&limit=50`),
    placeholderData: (before) => before,
  });
  return (
    <section className={`${css.list} screen-only`} aria-label={m.accounts.list}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted) go({ of: wanted });
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
      <div className={css.rows}>
        {query.isError ? <Trouble error={query.error} /> : null}
        {query.data?.accounts.length === 0 ? <p className={css.none}>{m.accounts.none}</p> : null}
        {query.data?.accounts.map((one) => (
          <button
            key={one.id}
            type="button"
            className={css.row}
            aria-current={one.id === now ? "true" : undefined}
            onClick={() => go({ of: one.id })}
          >
            <span>{one.name ?? one.id}</span>
            <small>
              {[one.stage ? stageName(words, one.stage) : null, one.owner]
                .filter(Boolean)
                .join(" · ") || one.id}
            </small>
          </button>
        ))}
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
