//! Handoffs: whether what the teams promised each other is kept, and how soon leads are answered.

import { Link } from "@tanstack/react-router";
import { useAsk } from "@/api/queries";
import { asked, kept, type Question } from "@/lib/address";
import { cellOf, columnOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { type Cell, type Column, extent, isFigure } from "@/lib/cell";
import { fewBehind } from "@/lib/few";
import { show, spoken } from "@/lib/format";
import { headOf, useLocale, useMessages, wordOf } from "@/lib/i18n";
import { Bars } from "@/ui/chart/bars";
import { Figure } from "@/ui/figure";
import { useHere, useWhen } from "@/ui/here";
import { Page, Sentence, useCurrency } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable, namesOf } from "@/ui/table";
import css from "./page.module.css";

export function HandoffsPage() {
  const m = useMessages();
  return (
    <Page question={m.handoffs.question} sentence={<Sentence hasCurrency />}>
      <Promises />
      <Response />
    </Page>
  );
}

function Promises() {
  const m = useMessages();
  const when = useWhen();
  const currency = useCurrency();
  const { address } = useHere();
  const of = (period: string | undefined) =>
    asked("sla", when.base, { period, currency, by: address.by, where: address.where });
  const question = of(when.period);
  const query = useAsk(when.isKnown ? question : null);
  const before = rowsOf(useAsk(when.before ? of(when.before) : null).data);
  return (
    <Answered query={query} height={420}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        if (answer.rows.length === 0) {
          return (
            <Panel title={m.handoffs.promise}>
              <Empty
                title={m.handoffs.none}
                action={
                  <Link to="/charter" search={kept}>
                    {m.handoffs.toCharter}
                  </Link>
                }
              />
            </Panel>
          );
        }
        const attainment = columnOf(answer, "attainment");
        const least = [...answer.rows].sort(
          (a, b) =>
            (extent(cellOf(answer, a, "attainment")) ?? 2) -
            (extent(cellOf(answer, b, "attainment")) ?? 2),
        )[0];
        const names = (row: Cell[]) => namesOf(answer.columns, row);
        const called = (row: Cell[]) =>
          names(row)
            .map((name, at) => (answer.columns[at]?.id === "handoff" ? wordOf(name, m) : name))
            .join(" · ");
        const share = (row: Cell[] | undefined) =>
          row ? extent(cellOf(answer, row, "attainment")) : null;
        const others = answer.rows.filter((row) => row !== least).map(share);
        const isLeast =
          share(least) !== null && others.length > 0 && others.every((one) => one !== share(least));
        const title = least && isLeast ? m.handoffs.finding(called(least)) : m.handoffs.promise;
        return (
          <Panel title={title} means={m.handoffs.promiseMeans} rests={{ reply, question }}>
            {attainment ? (
              <Bars
                column={attainment}
                summary={title}
                whole={1}
                bars={answer.rows.map((row) => ({
                  name: called(row),
                  cell: cellOf(answer, row, "attainment") ?? null,
                  before: before?.rows
                    .map((one) => one)
                    .find((one) => namesOf(before.columns, one).join() === names(row).join())?.[
                    before.columns.findIndex((one) => one.id === "attainment")
                  ],
                  origin: { question, column: "attainment", row: names(row) },
                }))}
              />
            ) : null}
            {address.by ? (
              <AnswerTable
                name="sla"
                answer={answer}
                question={question}
                before={before}
                hasRecords={(column) => column.type === "count" || column.type === "ratio"}
                caption={m.handoffs.promise}
              />
            ) : (
              <Sides answer={answer} question={question} before={before} />
            )}
          </Panel>
        );
      }}
    </Answered>
  );
}

/** Few handoffs with many figures read better on their side: a column for each handoff. */
function Sides({
  answer,
  question,
  before,
}: {
  answer: Rows;
  question: Question;
  before: Rows | undefined;
}) {
  const m = useMessages();
  const locale = useLocale();
  const figures = answer.columns.filter((column) => isFigure(column) || column.id === "reasons");
  return (
    <div className={css.frame} tabIndex={0} role="region" aria-label={m.handoffs.promise}>
      <table className={css.sides}>
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">{m.table.definition}</span>
            </th>
            {answer.rows.map((row) => (
              <th key={nameOf(answer, row, "handoff")} scope="col">
                {wordOf(nameOf(answer, row, "handoff"), m)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map((column) => (
            <tr key={column.id}>
              <th scope="row" data-tip={column.means}>
                {headOf(column, m)}
              </th>
              {answer.rows.map((row) => {
                const name = nameOf(answer, row, "handoff");
                const cell = cellOf(answer, row, column.id);
                return (
                  <td key={name}>
                    {isFigure(column) ? (
                      <Figure
                        cell={cell}
                        column={column}
                        origin={
                          column.type === "count" || column.type === "ratio"
                            ? { question, column: column.id, row: [name] }
                            : undefined
                        }
                        was={before ? beforeOf(before, name, column) : undefined}
                        few={fewBehind(answer.columns, row, column.id)}
                        isUnitSaid
                      />
                    ) : (
                      <span className={css.reasons}>{spoken(cell, column.type, locale)}</span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function beforeOf(before: Rows, name: string, column: Column): Cell | undefined {
  const row = before.rows.find((one) => nameOf(before, one, "handoff") === name);
  return row ? (cellOf(before, row, column.id) ?? null) : undefined;
}

function Response() {
  const m = useMessages();
  const locale = useLocale();
  const when = useWhen();
  const { address } = useHere();
  const of = (period: string | undefined) =>
    asked("response", when.base, { period, by: address.by, where: address.where });
  const question = of(when.period);
  const query = useAsk(when.isKnown ? question : null);
  const before = rowsOf(useAsk(when.before ? of(when.before) : null).data);
  return (
    <Answered query={query} height={260}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const row = answer.totals ?? (answer.rows.length === 1 ? answer.rows[0] : undefined);
        const untouched = row && show(cellOf(answer, row, "untouched_7d"), "ratio", locale);
        const title =
          untouched && !untouched.mark ? m.handoffs.untouched(untouched.text) : m.handoffs.response;
        return (
          <Panel title={title} means={m.handoffs.responseMeans} rests={{ reply, question }}>
            <AnswerTable
              name="response"
              answer={answer}
              question={question}
              before={before}
              hasRecords={(column) => column.type === "count" || column.type === "ratio"}
              minimum="reasons"
              caption={m.handoffs.response}
            />
          </Panel>
        );
      }}
    </Answered>
  );
}
