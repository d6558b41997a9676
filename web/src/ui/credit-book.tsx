//! The credit book of one deal, as a ledger page: date, touch, team, what it earns under each model, and
//! a ruled total beside the amount of the deal itself. What no touch may earn is a line of its own.

import { useQuery } from "@tanstack/react-query";
import { type DealStory, dealQuery, useVersion } from "@/api/queries";
import { cellOf, nameOf, type Rows } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { type Cell, type Column, isMoney, type Money } from "@/lib/cell";
import { moment, money, plainly } from "@/lib/format";
import { type Locale, type Messages, useLocale, useMessages, valueAs, wordOf } from "@/lib/i18n";
import { noteOf, saidIn } from "@/lib/i18n/templated";
import { isSame, sideOf } from "@/lib/journey";
import css from "./credit-book.module.css";
import { Disputed } from "./dispute";
import { Panel } from "./panel";
import { Past } from "./past";
import { Answered } from "./state";
import { Take } from "./take";

export function CreditBook({ deal }: { deal: string }) {
  const m = useMessages();
  const query = useQuery(dealQuery(deal, useVersion()));
  return (
    <Answered query={query} height={320}>
      {(story) => {
        const answer = story.contributors as Rows;
        const models = answer.columns.filter((column) => column.type === "money");
        const worth = story.worth ?? null;
        return (
          <Panel title={m.book.title(story.deal)} means={m.credit.bookMeans}>
            <Past />
            {worth === null && answer.rows.length === 0 ? null : (
              <Ledger answer={answer} models={models} worth={worth} />
            )}
            <Notes story={story} />
            <Disputed story={story} />
          </Panel>
        );
      }}
    </Answered>
  );
}

interface LedgerProps {
  answer: Rows;
  models: readonly Column[];
  worth: Money | null;
}

function Ledger({ answer, models, worth }: LedgerProps) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const totals = answer.totals ?? undefined;
  const totalOf = (id: string) => cellOf(answer, totals, id);
  const nobodys = models.filter((model) => worth !== null && !isMoney(totalOf(model.id)));
  const amount = (cell: Cell | undefined) => (isMoney(cell) ? money(cell, locale) : "–");
  const lines = () =>
    ledgerLines({ answer, models, worth, nobodys }, { locale, m, zone: words.zone });
  return (
    <>
      <div className={css.frame} tabIndex={0} role="region" aria-label={m.credit.book}>
        <table className={css.ledger}>
          <caption className="unseen">{m.credit.bookMeans}</caption>
          <thead>
            <tr>
              <th scope="col">{m.book.when}</th>
              <th scope="col">{m.book.touch}</th>
              <th scope="col">{m.book.team}</th>
              {models.map((model) => (
                <th
                  key={model.id}
                  scope="col"
                  className={css.figure}
                  data-tip={saidIn(m.lists.means, model.means)}
                >
                  {wordOf(model.id, m)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.rows.map((row, at) => {
              const team = nameOf(answer, row, "team");
              return (
                <tr key={at}>
                  <th scope="row">{moment(nameOf(answer, row, "touched"), locale, words.zone)}</th>
                  <td className={css.touch} data-tip={sourceOf(answer, row)}>
                    {touchOf(answer, row, m)}
                  </td>
                  <td className={css.side} data-side={sideOf(words.teams, team)}>
                    {[team, nameOf(answer, row, "rep")].filter((said) => said !== "–").join(" · ")}
                  </td>
                  {models.map((model) => {
                    const cell = cellOf(answer, row, model.id);
                    const isNought = isMoney(cell) && cell.minor === 0;
                    return (
                      <td key={model.id} className={`${css.figure} ${isNought ? css.nought : ""}`}>
                        {amount(cell)}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
            {nobodys.length > 0 ? (
              <tr>
                <th scope="row">–</th>
                <td>{m.book.nobody}</td>
                <td />
                {models.map((model) => (
                  <td key={model.id} className={css.figure}>
                    {nobodys.includes(model) ? amount(worth) : ""}
                  </td>
                ))}
              </tr>
            ) : null}
          </tbody>
          {/* A server of before sums nothing, and a book without its sum is not ruled off. */}
          <tfoot hidden={!answer.totals && worth === null}>
            <Line
              name={m.book.together}
              models={models}
              cell={(model) => totalOf(model.id) ?? (nobodys.includes(model) ? worth : null)}
            />
            <tr className={css.worth}>
              <th scope="row" colSpan={3}>
                {m.book.worth}
              </th>
              {models.map((model) => {
                const total = totalOf(model.id) ?? worth;
                const balances = isMoney(total) && worth !== null && isSame(total, worth);
                return (
                  <td
                    key={model.id}
                    className={css.figure}
                    data-balances={worth === null ? undefined : balances}
                    {...(worth === null
                      ? {}
                      : { "data-tip": balances ? m.credit.balances : m.book.off })}
                  >
                    {amount(worth)}
                    {worth === null ? null : (
                      <span className={css.mark}>
                        <span aria-hidden="true">{balances ? "✓" : "≠"}</span>
                        <span className="unseen">{balances ? m.credit.balances : m.book.off}</span>
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          </tfoot>
        </table>
      </div>
      <Take table="credit-book" lines={lines} />
    </>
  );
}

interface Speaks {
  locale: Locale;
  m: Messages;
  zone: string;
}

/** The ledger as lines of a file: each touch with its source, what is nobody's, the ruled total, the amount. */
function ledgerLines(
  { answer, models, worth, nobodys }: LedgerProps & { nobodys: readonly Column[] },
  { locale, m, zone }: Speaks,
): string[][] {
  const plain = (cell: Cell | undefined, model: Column) => plainly(cell, model, locale);
  const total = (model: Column) =>
    cellOf(answer, answer.totals ?? undefined, model.id) ??
    (nobodys.includes(model) ? worth : null);
  const summed = (name: string, cell: (model: Column) => Cell | undefined) => [
    ...[name, "", "", ""],
    ...models.map((model) => plain(cell(model), model)),
  ];
  const head = [m.book.when, m.book.touch, m.book.team, wordOf("source", m)];
  return [
    [...head, ...models.map((model) => wordOf(model.id, m))],
    ...answer.rows.map((row) => [
      moment(nameOf(answer, row, "touched"), locale, zone),
      touchOf(answer, row, m),
      [nameOf(answer, row, "team"), nameOf(answer, row, "rep")].join(" · "),
      sourceOf(answer, row),
      ...models.map((model) => plain(cellOf(answer, row, model.id), model)),
    ]),
    ...(nobodys.length > 0
      ? [summed(m.book.nobody, (model) => (nobodys.includes(model) ? worth : null))]
      : []),
    summed(m.book.together, total),
    summed(m.book.worth, () => worth),
  ];
}

function Line({
  name,
  models,
  cell,
}: {
  name: string;
  models: readonly Column[];
  cell: (model: Column) => Cell | undefined;
}) {
  const locale = useLocale();
  return (
    <tr>
      <th scope="row" colSpan={3}>
        {name}
      </th>
      {models.map((model) => {
        const said = cell(model);
        return (
          <td key={model.id} className={css.figure}>
            {isMoney(said) ? money(said, locale) : "–"}
          </td>
        );
      })}
    </tr>
  );
}

/** What the touch was: its kind, and through what it came. */
function touchOf(answer: Rows, row: readonly Cell[], m: Messages): string {
  const said = ["touch", "channel", "campaign"].map((id) =>
    valueAs(id, nameOf(answer, row, id), m),
  );
  const [kind, ...more] = said;
  const rest = more.filter((one) => one !== "–" && one !== "n/a");
  return [kind?.replaceAll("_", " "), ...new Set(rest)].join(" · ");
}

function sourceOf(answer: Rows, row: readonly Cell[]): string {
  const [source, file, line] = ["source", "file", "line"].map((id) => nameOf(answer, row, id));
  return `${source} · ${file}:${line}`;
}

function Notes({ story }: { story: DealStory }) {
  const m = useMessages();
  if (story.notes.length === 0 && story.rescues.length === 0) return null;
  return (
    <ul className={css.notes}>
      {story.notes.map((note) => (
        <li key={note}>{noteOf(note, m)}</li>
      ))}
      {story.rescues.map((rescue) => (
        <li key={rescue}>
          {m.book.rescue} {noteOf(rescue, m)}
        </li>
      ))}
    </ul>
  );
}
