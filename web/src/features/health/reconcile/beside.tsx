//! Theirs, ours and the difference, line by line; what differs is marked in words, and our figures lead
//! to their records as of the commit that was compared.

import type { ReactNode } from "react";
import type { Reconciled, ReconciledLine } from "@/api/reconcile";
import { asked, type Origin } from "@/lib/address";
import { useWords } from "@/lib/book";
import { periodName } from "@/lib/calendar";
import type { Column } from "@/lib/cell";
import { count, money } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { Figure } from "@/ui/figure";
import { Panel } from "@/ui/panel";
import table from "@/ui/table.module.css";
import css from "./page.module.css";

export function Beside({ answer }: { answer: Reconciled }) {
  const m = useMessages();
  const locale = useLocale();
  const all = count(answer.lines.length, locale);
  const title =
    answer.differing === 0
      ? m.reconcile.agree(all)
      : m.reconcile.differ(count(answer.differing, locale), all);
  const three = [m.reconcile.theirs, m.reconcile.ours, m.reconcile.more];
  return (
    <Panel title={title} means={m.reconcile.asOf(String(answer.seq))}>
      <div className={table.frame} tabIndex={0} role="region" aria-label={m.reconcile.title}>
        <table className={table.table}>
          <caption className="unseen">{m.reconcile.title}</caption>
          <thead>
            <tr>
              <td className={table.name} />
              <th scope="colgroup" colSpan={3} className={table.figure}>
                {m.reconcile.deals}
              </th>
              <th scope="colgroup" colSpan={3} className={table.figure}>
                {m.reconcile.amount}
              </th>
              <td className={table.name} />
            </tr>
            <tr>
              <th scope="col" className={table.name}>
                {m.bar.period}
              </th>
              {[...three, ...three].map((name, at) => (
                <th key={at} scope="col" className={table.figure}>
                  {name}
                </th>
              ))}
              <th scope="col" className={table.name}>
                {m.reconcile.verdict}
              </th>
            </tr>
          </thead>
          <tbody>
            {answer.lines.map((line, at) => (
              <Row key={at} line={line} answer={answer} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Row({ line, answer }: { line: ReconciledLine; answer: Reconciled }) {
  const m = useMessages();
  const locale = useLocale();
  const { periods } = useWords();
  const { currency } = line.our_amount;
  const deals: Column = { id: "won", type: "count", means: m.reconcile.ourDeals };
  const amount: Column = {
    id: "revenue",
    type: "money",
    unit: currency,
    means: m.reconcile.ourAmount,
  };
  const { their_deals, their_amount, deals_more, amount_more } = line;
  return (
    <tr className={line.differs ? css.differs : ""}>
      <th scope="row" className={table.name}>
        {periodName(periods, line.period, locale)}
      </th>
      <Cell>{their_deals == null ? null : count(their_deals, locale)}</Cell>
      <td className={table.figure}>
        <Figure
          cell={line.our_deals}
          column={deals}
          origin={originOf(answer, line, { of: "won", unit: "deal" }, line.our_deals)}
        />
      </td>
      <Cell isOff={deals_more !== 0}>
        {deals_more == null ? null : signed(deals_more, count(deals_more, locale))}
      </Cell>
      <Cell>{their_amount == null ? null : money(their_amount, locale)}</Cell>
      <td className={table.figure}>
        <Figure
          cell={line.our_amount}
          column={amount}
          room="exact"
          origin={originOf(answer, line, { of: "revenue", currency }, line.our_amount.minor)}
        />
        {line.not_priced > 0 ? (
          <small className={css.lacks} data-tip={m.reconcile.notPricedMeans} tabIndex={0}>
            {m.reconcile.notPriced(count(line.not_priced, locale))}
          </small>
        ) : null}
      </td>
      <Cell isOff={amount_more?.minor !== 0}>
        {amount_more == null ? null : signed(amount_more.minor, money(amount_more, locale))}
      </Cell>
      <td className={`${table.name} ${line.differs ? css.verdict : css.quiet}`}>
        {line.differs ? m.reconcile.differs : m.reconcile.agrees}
      </td>
    </tr>
  );
}

/** A figure that was said; what was not said is no nought. */
function Cell({ children, isOff = false }: { children: ReactNode; isOff?: boolean }) {
  const m = useMessages();
  if (children === null) {
    return (
      <td className={`${table.figure} ${css.quiet}`} data-tip={m.reconcile.notSaid}>
        –
      </td>
    );
  }
  return <td className={`${table.figure} ${isOff ? css.off : ""}`}>{children}</td>;
}

/** More has its sign as less has. */
const signed = (value: number, text: string) => (value > 0 ? `+${text}` : text);

/** Of a period in which nothing was won there is no row, and no record. */
function originOf(
  { by, seq }: Reconciled,
  { period }: ReconciledLine,
  words: { of: string; unit?: string; currency?: string },
  size: number,
): Origin | undefined {
  if (size === 0) return undefined;
  const question = asked("metric", words, { by, "as-of": String(seq) });
  return { question, column: words.of, row: [period] };
}
