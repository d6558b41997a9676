//! An answer as a table: names at the left, figures right-aligned, the total ruled off, each figure a
//! link to its records.

import { type ReactNode, useState } from "react";
import type { Origin, Question } from "@/lib/address";
import { cellText, namesOf } from "@/lib/answer";
import { stageOf, useWords } from "@/lib/book";
import { type Cell, type Column, extent, isFigure } from "@/lib/cell";
import { moment, show, spoken } from "@/lib/format";
import { headOf, type Locale, type Messages, useLocale, useMessages, wordOf } from "@/lib/i18n";
import { meanings } from "@/lib/terms";
import { Figure } from "./figure";
import { useHere, usePeriodName } from "./here";
import css from "./table.module.css";

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
  /** Whether a column's figures have records. */
  hasRecords?: (column: Column) => boolean;
  /** The answer of the period compared with, by the same names. */
  before?: Rows | undefined;
  isUnripe?: (row: Cell[]) => boolean;
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
  const hidden = new Set(props.hidden ?? []);
  const names = props.rowNames ?? ((row: Cell[]) => namesOf(answer.columns, row));
  const shown = answer.columns
    .map((column, at) => ({ column, at }))
    .filter(({ column }) => !hidden.has(column.id));
  const order = readOrder(address.sort, name);
  const rows = sorted(answer, order);
  const [isAll, setAll] = useState(false);
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
    isFigure(column) && (props.hasRecords?.(column) ?? true)
      ? { question, column: column.id, row }
      : undefined;
  const sort = (id: string) => {
    const next = order?.id !== id ? `${name}.-${id}` : order.isDown ? `${name}.${id}` : "";
    go({ sort: next }, { replace: true });
  };
  return (
    <div className={css.frame} tabIndex={0} role="group" aria-label={props.caption ?? name}>
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
                      isUnripe={props.isUnripe?.(row) ?? false}
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
      {cut.length < rows.length ? (
        <p className={css.cut}>
          <button type="button" onClick={() => setAll(true)}>
            {m.table.showAll(show(rows.length, "count", locale).text)}
          </button>
        </p>
      ) : null}
      <span className="unseen">{m.table.rows(show(rows.length, "count", locale).text)}</span>
    </div>
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
  if (nameOf) return <>{nameOf(text, column)}</>;
  if (column.type === "period") return <>{periodName(text)}</>;
  if (column.type === "time") return <>{moment(text, locale, words.zone)}</>;
  return <>{show(cell, column.type, locale).text}</>;
}

interface HeadProps {
  column: Column;
  order: Order | null;
  sort: (id: string) => void;
}

function Head({ column, order, sort }: HeadProps) {
  const m = useMessages();
  const isNumber = isFigure(column);
  const sign = order ? (order.isDown ? " ↓" : " ↑") : "";
  const said = order ? (order.isDown ? "descending" : "ascending") : "none";
  const words = useWords();
  // Cohorts have a column for each stage of the path; ends and other columns keep their own words.
  const stage = column.type === "ratio" ? stageOf(words, column.id) : undefined;
  const name = stage?.role === "path" ? stage.name : headOf(column, m);
  return (
    <th className={isNumber ? css.figure : css.name} scope="col" aria-sort={said}>
      <button
        type="button"
        className={css.sort}
        data-tip={[column.means || wordOf(column.id, m), ...meanings(name, words.terms)].join("\n")}
        onClick={() => sort(column.id)}
      >
        {name}
        {sign}
      </button>
    </th>
  );
}

interface Order {
  id: string;
  isDown: boolean;
}

function readOrder(text: string | undefined, name: string): Order | null {
  if (!text?.startsWith(`${name}.`)) return null;
  const id = text.slice(name.length + 1);
  return id.startsWith("-") ? { id: id.slice(1), isDown: true } : { id, isDown: false };
}

/** What is unknown or not applicable stands last, whichever way one looks. */
function sorted(answer: Rows, order: Order | null): Cell[][] {
  const at = order ? answer.columns.findIndex((column) => column.id === order.id) : -1;
  if (!order || at < 0) return answer.rows;
  const column = answer.columns[at] as Column;
  const key = (row: Cell[]) => (isFigure(column) ? extent(row[at]) : cellText(row[at]));
  const sign = order.isDown ? -1 : 1;
  return [...answer.rows].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    if (left === right) return 0;
    return left < right ? -sign : sign;
  });
}

/** The table as tab-separated text, for a spreadsheet. */
export function asText(answer: Rows, locale: Locale, m: Messages): string {
  const head = answer.columns.map((column) => wordOf(column.id, m));
  const line = (row: readonly Cell[]) =>
    row.map((cell, at) => spoken(cell, answer.columns[at]?.type ?? "text", locale));
  return [head, ...answer.rows.map(line)].map((cells) => cells.join("\t")).join("\n");
}
