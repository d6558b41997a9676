//! An answer as a table: names at the left, figures right-aligned, the total ruled off, each figure a
//! link to its records.

import type { ReactNode } from "react";
import type { Origin, Question } from "@/lib/address";
import { cellText, namesOf } from "@/lib/answer";
import { stageOf, useWords } from "@/lib/book";
import { type Cell, type Column, isFigure } from "@/lib/cell";
import { canGrow, estimateIn, estimatesIn } from "@/lib/cohort";
import { fewBehind } from "@/lib/few";
import { moment, show } from "@/lib/format";
import { headOf, type Messages, useLocale, useMessages, valueAs, wordOf } from "@/lib/i18n";
import { type Order, ordered, readOrder, turned } from "@/lib/order";
import { type Lines, linesOf } from "@/lib/taken";
import { meanings } from "@/lib/terms";
import { ColumnChoice, Edge, useHidden, useWidthKeys, useWidths, widthOf } from "./columns";
import { Figure } from "./figure";
import { useHere, usePeriodName } from "./here";
import css from "./table.module.css";
import { Copy } from "./take";
import { useTable } from "./taken-from";

export interface Rows {
  columns: Column[];
  rows: Cell[][];
  totals?: Cell[] | null | undefined;
}

interface AnswerTableProps {
  /** The address keeps the order by this name. */
  name: string;
  answer: Rows;
  question: Question;
  /** Columns that are not shown. */
  hidden?: readonly string[];
  /** What a cell of a name is called for people; the id of a stage, say. */
  nameOf?: (text: string, column: Column) => ReactNode;
  /** Whether a column's figures have records, in the row of these names. */
  hasRecords?: (column: Column, row: readonly string[]) => boolean;
  /** The answer of the period compared with, by the same names. */
  before?: Rows | undefined;
  /** Rows of a cohort: what can still grow is hatched, with its estimate under the share. */
  isCohort?: boolean;
  /** Whether a figure is told and not counted, where its shape does not say so. */
  isEstimate?: (column: Column, row: readonly Cell[]) => boolean;
  /** Shares whose parts mean nothing by themselves. */
  isBare?: (column: Column) => boolean;
  /** The cells that name a row, where they are not simply the first ones. */
  rowNames?: (row: Cell[]) => string[];
  /** A name that needs room to be read. */
  minimum?: string;
  caption?: string;
  limit?: number;
}

export { namesOf };

export function AnswerTable(props: AnswerTableProps) {
  const { answer, question, name, before, limit } = props;
  const m = useMessages();
  const locale = useLocale();
  const { address, go } = useHere();
  const estimates = props.isCohort ? estimatesIn(answer.columns) : new Map<string, number>();
  const never = new Set([...(props.hidden ?? []), ...(props.isCohort ? ["ripe"] : [])]);
  const choice = useHidden(name);
  const { widths, put } = useWidths(name);
  const names = props.rowNames ?? ((row: Cell[]) => namesOf(answer.columns, row));
  const all = answer.columns
    .map((column, at) => ({ column, at }))
    .filter(({ column, at }) => !never.has(column.id) && ![...estimates.values()].includes(at));
  // What names the rows first cannot be taken away: nobody would know of what the figures are.
  const [first] = all;
  const shown = all.filter((one) => one === first || !choice.hidden.includes(one.column.id));
  const hidden = new Set([
    ...never,
    ...all.filter((one) => !shown.includes(one)).map(({ column }) => column.id),
  ]);
  useTable(question, name, props.hidden ?? []);
  const order = readOrder(address.sort, name);
  const rows = ordered(answer.columns, answer.rows, order);
  const whole = (address.all ?? "").split(",").filter(Boolean);
  const isAll = whole.includes(name);
  const cut = limit === undefined || isAll ? rows : rows.slice(0, limit);
  const earlier = new Map(
    before?.rows.map((row) => [namesOf(before.columns, row).join("\u0000"), row]) ?? [],
  );
  const beforeOf = (row: Cell[], id: string): Cell | undefined => {
    if (!before) return undefined;
    const found = earlier.get(names(row).join("\u0000"));
    const at = before.columns.findIndex((column) => column.id === id);
    return found && at >= 0 ? (found[at] ?? null) : undefined;
  };
  const originOf = (column: Column, row: string[]): Origin | undefined =>
    isFigure(column) && (props.hasRecords?.(column, row) ?? true)
      ? { question, column: column.id, row }
      : undefined;
  const sort = (id: string) => {
    const next = turned(order, id);
    const word = next ? `${name}.${next.isDown ? "-" : ""}${next.id}` : "";
    go({ sort: word }, { replace: true });
  };
  const words = useWords();
  const periodName = usePeriodName();
  const copied = (): Lines =>
    linesOf(answer, {
      locale,
      order,
      limit: cut.length,
      hidden,
      head: (column) => headOfColumn(column, words, m),
      name: (cell, column) => {
        if (isFigure(column)) return null;
        const called = nameText(cell, column, props.nameOf);
        if (called !== null) return called;
        const text = cellText(cell);
        if (column.type === "period") return periodName(text);
        return column.type === "time"
          ? moment(text, locale, words.zone)
          : valueAs(column.id, text, m);
      },
      total: m.table.total,
      ...(before
        ? {
            before: {
              head: m.besides.head,
              cell: (row, id) => (row ? beforeOf(row, id) : totalOf(before, id)),
            },
          }
        : {}),
    });
  return (
    <Copy
      lines={copied}
      label={props.caption ?? name}
      more={
        <ColumnChoice
          columns={all
            .slice(1)
            .map(({ column }) => ({ column, head: headOfColumn(column, words, m) }))}
          {...choice}
        />
      }
    >
      <table className={css.table}>
        {props.caption ? <caption className="unseen">{props.caption}</caption> : null}
        <thead>
          <tr>
            {shown.map(({ column }) => (
              <Head
                key={column.id}
                column={column}
                order={order?.id === column.id ? order : null}
                sort={sort}
                width={widths[column.id]}
                put={put}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {cut.map((row, rowAt) => (
            <tr key={rowAt}>
              {shown.map(({ column, at }) => {
                if (!isFigure(column)) {
                  const Tag = at === 0 ? "th" : "td";
                  return (
                    <Tag
                      key={column.id}
                      {...(at === 0 ? { scope: "row" } : {})}
                      className={`${css.name} ${props.minimum === column.id ? css.roomy : ""}`}
                      style={widthOf(widths[column.id], false)}
                    >
                      <Name cell={row[at]} column={column} nameOf={props.nameOf} />
                    </Tag>
                  );
                }
                return (
                  <td key={column.id} className={css.figure}>
                    <Figure
                      cell={row[at]}
                      column={column}
                      origin={originOf(column, names(row))}
                      was={beforeOf(row, column.id)}
                      isUnripe={estimates.has(column.id) && canGrow(answer, row)}
                      estimate={estimateIn(row, estimates.get(column.id))}
                      few={fewBehind(answer.columns, row, column.id)}
                      isEstimate={props.isEstimate?.(column, row)}
                      isBare={props.isBare?.(column)}
                      isUnitSaid
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        {answer.totals ? (
          <tfoot>
            <tr>
              {shown.map(({ column, at }) =>
                isFigure(column) ? (
                  <td key={column.id} className={css.figure}>
                    <Figure
                      cell={answer.totals?.[at]}
                      column={column}
                      origin={originOf(column, [])}
                      was={before?.totals ? totalOf(before, column.id) : undefined}
                      isUnripe={estimates.has(column.id) && canGrow(answer, answer.totals ?? [])}
                      estimate={estimateIn(answer.totals ?? [], estimates.get(column.id))}
                      few={fewBehind(answer.columns, answer.totals ?? [], column.id)}
                      isEstimate={props.isEstimate?.(column, answer.totals ?? [])}
                      isBare={props.isBare?.(column)}
                      isUnitSaid
                    />
                  </td>
                ) : (
                  <TotalName key={column.id}>{at === 0 ? m.table.total : null}</TotalName>
                ),
              )}
            </tr>
          </tfoot>
        ) : null}
      </table>
      {before?.rows.length === 0 ? <p className={css.cut}>{m.besides.nothing}</p> : null}
      {cut.length < rows.length ? (
        <p className={css.cut}>
          <button
            type="button"
            onClick={() => go({ all: [...whole, name].join(",") }, { replace: true })}
          >
            {m.table.showAll(show(rows.length, "count", locale).text)}
          </button>
        </p>
      ) : null}
      <span className="unseen">{m.table.rows(show(rows.length, "count", locale).text)}</span>
    </Copy>
  );
}

/** Names the line of totals in its first cell; the others name nothing. */
function TotalName({ children }: { children: string | null }) {
  if (children === null) return <td className={css.name} />;
  return (
    <th className={css.name} scope="row">
      {children}
    </th>
  );
}

function totalOf(of: Rows, id: string): Cell | undefined {
  const at = of.columns.findIndex((column) => column.id === id);
  return at >= 0 ? (of.totals?.[at] ?? null) : undefined;
}

interface NameProps {
  cell: Cell | undefined;
  column: Column;
  nameOf?: ((text: string, column: Column) => ReactNode) | undefined;
}

export function Name({ cell, column, nameOf }: NameProps) {
  const m = useMessages();
  const words = useWords();
  const locale = useLocale();
  const periodName = usePeriodName();
  if (cell === null || cell === undefined) {
    return (
      <span className={css.unknown} data-tip={m.table.unknownRow}>
        –
      </span>
    );
  }
  const text = cellText(cell);
  if (nameOf) {
    const called = nameOf(text, column);
    return <>{typeof called === "string" ? valueAs(column.id, called, m) : called}</>;
  }
  if (column.type === "period") return <>{periodName(text)}</>;
  if (column.type === "time") return <>{moment(text, locale, words.zone)}</>;
  return <>{valueAs(column.id, show(cell, column.type, locale).text, m)}</>;
}

/** Cohorts have a column for each stage of the path; ends and other columns keep their own words. */
function headOfColumn(column: Column, words: ReturnType<typeof useWords>, m: Messages): string {
  const stage = column.type === "ratio" ? stageOf(words, column.id) : undefined;
  return stage?.role === "path" ? stage.name : headOf(column, m);
}

/** What a table calls a cell of a name, where that is a text; a link leads on from the cell's own. */
function nameText(
  cell: Cell | undefined,
  column: Column,
  nameOf: AnswerTableProps["nameOf"],
): string | null {
  if (!nameOf || cell === null || cell === undefined) return null;
  const called = nameOf(cellText(cell), column);
  return typeof called === "string" ? called : null;
}

interface HeadProps {
  column: Column;
  order: Order | null;
  sort: (id: string) => void;
  width: number | undefined;
  put: (id: string, width: number | null) => void;
}

function Head({ column, order, sort, width, put }: HeadProps) {
  const keys = useWidthKeys(column.id, put);
  const m = useMessages();
  const isNumber = isFigure(column);
  const sign = order ? (order.isDown ? " ↓" : " ↑") : "";
  const said = order ? (order.isDown ? "descending" : "ascending") : "none";
  const words = useWords();
  const name = headOfColumn(column, words, m);
  return (
    <th
      className={isNumber ? css.figure : css.name}
      scope="col"
      aria-sort={said}
      style={widthOf(width, isNumber)}
    >
      <button
        type="button"
        className={css.sort}
        data-tip={[column.means || wordOf(column.id, m), ...meanings(name, words.terms)].join("\n")}
        aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight Shift+Home"
        onClick={() => sort(column.id)}
        onKeyDown={keys}
      >
        {name}
        {sign}
      </button>
      <Edge id={column.id} put={put} />
    </th>
  );
}
