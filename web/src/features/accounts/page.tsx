//! Accounts: search, and the whole journey of one on a single line.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { accountsQuery, dealQuery, useAsk, useVersion } from "@/api/queries";
import { asked } from "@/lib/address";
import { cellOf, type Rows, rowsOf } from "@/lib/answer";
import { isMoney } from "@/lib/cell";
import { money, show } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { issueOf } from "@/lib/i18n/templated";
import { dateOf, deals, peopleIn, placeOf } from "@/lib/journey";
import { CreditBook } from "@/ui/credit-book";
import { useHere, useWhen } from "@/ui/here";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import { Journey } from "./journey";
import { Lines } from "./lines";
import { List } from "./list";
import css from "./page.module.css";

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

function One({ of }: { of: string }) {
  const m = useMessages();
  const { address } = useHere();
  const { base, isKnown } = useWhen();
  const question = asked("journey", base, { of });
  const query = useAsk(isKnown ? question : null);
  const earns = useEarnings(address.deal);
  const name = useName(of);
  const locale = useLocale();
  const chosen = Number.parseInt(address.step ?? "", 10) || 0;
  return (
    <Answered query={query} height={520}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        return (
          <>
            <Panel
              title={name ? `${name} (${of})` : of}
              means={`${m.accounts.people(show(peopleIn(answer), "count", locale).text)} · ${m.accounts.journeyMeans}`}
              rests={{ reply, question }}
            >
              <Journey
                answer={answer}
                horizon={reply.lineage.horizon}
                earns={earns}
                issues={reply.issues}
              />
              {reply.issues.length > 0 ? (
                <ul className={css.issues}>
                  {reply.issues.map((issue) => (
                    <li key={issue.code}>
                      ⚑ {issueOf(issue.text, m)} <small>{issue.code}</small>
                    </li>
                  ))}
                </ul>
              ) : null}
              <Books answer={answer} />
            </Panel>
            {chosenOf(answer, address.deal) ? (
              <CreditBook key={address.deal} deal={address.deal ?? ""} />
            ) : null}
            <Panel title={m.accounts.events}>
              <Lines answer={answer} issues={reply.issues} chosen={chosen} />
            </Panel>
          </>
        );
      }}
    </Answered>
  );
}

/** What an account is called, where its key is one of an account. */
function useName(of: string): string | undefined {
  const found = useInfiniteQuery(accountsQuery(of, useVersion())).data?.pages ?? [];
  const all = found.flatMap((page) => page.accounts);
  return all.find((account) => account.key === of)?.name ?? undefined;
}

/** Deals that the journey tells of. */
function dealsOf(answer: Rows) {
  const last = answer.rows.map((row) => dateOf(answer, row)).findLast((at) => at !== null);
  return last ? deals(answer, last) : [];
}

/** The chosen deal, where it is one of this account: an address may name another account's. */
const chosenOf = (answer: Rows, deal: string | undefined) =>
  dealsOf(answer).find((bar) => bar.key === deal);

/** The deals of the account, each with its credit book. */
function Books({ answer }: { answer: Rows }) {
  const m = useMessages();
  const { address, go } = useHere();
  const found = dealsOf(answer);
  if (found.length === 0) return null;
  return (
    <p className={`${css.books} screen-only`}>
      {m.accounts.books}{" "}
      {found.map((bar) => (
        <button
          key={bar.key}
          type="button"
          aria-pressed={bar.key === address.deal}
          onClick={() => go({ deal: bar.key === address.deal ? "" : bar.key }, { replace: true })}
        >
          {bar.key}
        </button>
      ))}
    </p>
  );
}

/** What each touch earns of the deal whose book is open, in a line for its tip. */
function useEarnings(deal: string | undefined): ReadonlyMap<string, string> {
  const m = useMessages();
  const locale = useLocale();
  const story = useQuery(dealQuery(deal ?? "", useVersion())).data;
  const earns = new Map<string, string>();
  const answer = story?.contributors as Rows | undefined;
  const models = answer?.columns.filter((column) => column.type === "money") ?? [];
  for (const row of answer?.rows ?? []) {
    const parts = models.flatMap((model) => {
      const cell = answer && cellOf(answer, row, model.id);
      return isMoney(cell) ? [`${wordOf(model.id, m)} ${money(cell, locale)}`] : [];
    });
    if (answer) earns.set(placeOf(answer, row), parts.join("\n"));
  }
  return earns;
}
