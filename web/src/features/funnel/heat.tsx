//! Months of entry against stages reached: how good each month's entrants were. What can still grow is
//! hatched, with its estimate.

import { useAsk } from "@/api/queries";
import { asked } from "@/lib/address";
import { cellOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { stageName, useWords } from "@/lib/book";
import { type Cell, type Column, extent } from "@/lib/cell";
import { canGrow, isEstimated, windowOf } from "@/lib/cohort";
import { show } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { Figure } from "@/ui/figure";
import { useHere, usePeriodName, useRecordsLink, useWhen } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered } from "@/ui/state";
import css from "./heat.module.css";
import { windowName } from "./shape";

export function Heat() {
  const m = useMessages();
  const { address } = useHere();
  const when = useWhen();
  const question = asked("funnel", when.base, {
    view: "cohort",
    by: "month",
    where: address.where,
    unit: address.unit,
    from: address.from,
    window: windowOf(address.window),
    estimate: isEstimated(address.unit) ? "true" : undefined,
  });
  const query = useAsk(when.isKnown ? question : null);
  return (
    <Answered query={query} height={420}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        return (
          <Panel
            title={m.funnel.heat}
            means={`${m.checks.everyMonth}: ${m.funnel.heatMeans(windowName(windowOf(address.window), m))}`}
            rests={{ reply, question }}
          >
            <Table answer={answer} originOf={(column, row) => ({ question, column, row: [row] })} />
          </Panel>
        );
      }}
    </Answered>
  );
}

interface TableProps {
  answer: Rows;
  originOf: (column: string, row: string) => Parameters<ReturnType<typeof useRecordsLink>>[0];
}

function Table({ answer, originOf }: TableProps) {
  const m = useMessages();
  const words = useWords();
  const shares = answer.columns.filter((column) => column.type === "ratio");
  const entered = answer.columns.find((column) => column.id === "entered");
  const path = new Set(
    words.stages.filter((one) => one.role === "path" || one.role === "won").map((one) => one.id),
  );
  const shown = shares.filter((column) => path.has(column.id));
  const most = Math.max(
    ...answer.rows.flatMap((row) =>
      shown.map((column) => extent(cellOf(answer, row, column.id)) ?? 0),
    ),
    Number.EPSILON,
  );
  return (
    <div className={css.frame} tabIndex={0} role="region" aria-label={m.funnel.heat}>
      <table className={css.heat}>
        <thead>
          <tr>
            <th scope="col">{wordOf("month", m)}</th>
            <th scope="col" className={css.right}>
              {wordOf("entered", m)}
            </th>
            {shown.map((column) => (
              <th key={column.id} scope="col" className={css.right} data-tip={column.means}>
                {stageName(words, column.id)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.map((row) => {
            const month = nameOf(answer, row, "month");
            const isRipe = !canGrow(answer, row);
            return (
              <tr key={month}>
                <th scope="row">
                  <Month text={month} />
                </th>
                <td className={css.right}>
                  {entered ? (
                    <Figure
                      cell={cellOf(answer, row, "entered")}
                      column={entered}
                      origin={originOf("entered", month)}
                    />
                  ) : null}
                </td>
                {shown.map((column) => (
                  <Shade
                    key={column.id}
                    answer={answer}
                    row={row}
                    column={column}
                    month={month}
                    isRipe={isRipe}
                    most={most}
                    originOf={originOf}
                  />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Month({ text }: { text: string }) {
  const periodName = usePeriodName();
  return <>{periodName(text)}</>;
}

interface ShadeProps {
  answer: Rows;
  row: Cell[];
  column: Column;
  month: string;
  isRipe: boolean;
  /** The largest share of the table, which has the darkest ground. */
  most: number;
  originOf: TableProps["originOf"];
}

/** Darkest ink behind a figure that is still read with ease. */
const DARKEST = 0.34;

function Shade({ answer, row, column, month, isRipe, most, originOf }: ShadeProps) {
  const locale = useLocale();
  const m = useMessages();
  const link = useRecordsLink();
  const cell = cellOf(answer, row, column.id);
  const share = extent(cell);
  const shown = show(cell, column.type, locale);
  const estimate = estimateOf(answer, row, column.id);
  const guess = estimate ? show(estimate.cell, estimate.column.type, locale) : null;
  const lines = [`${shown.text} = ${shown.under ?? ""}`, column.means];
  if (!isRipe) lines.push(m.figure.unripe);
  if (guess && guess.mark === undefined) lines.push(guess.exact);
  const alpha = share === null ? 0 : (share / most) * DARKEST;
  const style = { backgroundColor: `rgba(var(--heat), ${alpha.toFixed(3)})` };
  return (
    <td
      className={`${css.cell} ${isRipe ? "" : css.unripe}`}
      style={style}
      data-unripe={isRipe ? undefined : ""}
    >
      {shown.mark === "unknown" ? (
        <span className={css.none}>–</span>
      ) : (
        <a {...link(originOf(column.id, month))} data-tip={lines.join("\n")}>
          {shown.text}
        </a>
      )}
      {guess && guess.mark === undefined ? <small data-estimate>{guess.text}</small> : null}
    </td>
  );
}

/** The estimate that stands beside a share, if the answer has one. */
function estimateOf(answer: Rows, row: Cell[], id: string): { cell: Cell; column: Column } | null {
  const at = answer.columns.findIndex(
    (column) => column.type === "estimated_share" && column.id === `${id}_estimate`,
  );
  const column = answer.columns[at];
  return column ? { cell: row[at] ?? null, column } : null;
}
