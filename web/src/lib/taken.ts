//! Tables as text that leaves the page: for the clipboard of a spreadsheet, or as a file of it. What is
//! taken is what is shown: its columns, in its order, with all digits.

import type { Cell, Column } from "./cell";
import { plainly } from "./format";
import type { Locale } from "./i18n";
import { type Order, ordered } from "./order";

export type Lines = readonly (readonly string[])[];

/** Tables that files are made of here, by the names under which the server writes that down. */
export const TABLES = [
  "accounts",
  "audit",
  "balances",
  "closed-periods",
  "credit-book",
  "restatements",
] as const;
export type Table = (typeof TABLES)[number];

/** Spreadsheets part columns by what their language does not need for decimals. */
const PARTS: Record<Locale, string> = { en: ",", de: ";" };
/** Tells spreadsheets that letters are UTF-8. */
const MARK = "\ufeff";

/** Figures of our own; a text that only looks like one is read as that number, and is no formula. */
const NUMBER = /^[-−+]?[\d.,\s]*\d\s?(?:%|[A-Z]{3})?$/u;

const SIGNS = "=+-@＝＋－＠";
const ACTIVE = `${SIGNS}\t\r\0`;

/**
 * A text that a spreadsheet would take for a formula is told to be none: at its beginning, and behind
 * a `;` or a tab, at which many spreadsheets cut a line. As the server's files are, by one list of cases.
 */
export function harmless(cell: string): string {
  if (NUMBER.test(cell)) return cell;
  let told = "";
  let isCut = false;
  for (const sign of cell) {
    const isActive = told === "" ? ACTIVE.includes(sign) : isCut && SIGNS.includes(sign);
    if (isActive) told += "'";
    isCut = sign === ";" || sign === "\t" || (isCut && (sign === " " || sign === '"'));
    told += sign;
  }
  return told;
}

/** For the clipboard: neither tabs nor lines within a cell. */
export const asTsv = (lines: Lines): string =>
  lines
    .map((cells) => cells.map((cell) => harmless(cell).replace(/[\t\r\n]+/g, " ")).join("\t"))
    .join("\n");

/** A file for the spreadsheet of whoever reads that language. */
export function asCsv(lines: Lines, locale: Locale): string {
  const part = PARTS[locale];
  const cell = (text: string) => {
    const said = harmless(text);
    return /["\r\n]/.test(said) || said.includes(part) ? `"${said.replaceAll('"', '""')}"` : said;
  };
  return `${MARK}${lines.map((cells) => cells.map(cell).join(part)).join("\r\n")}\r\n`;
}

interface Shown {
  columns: readonly Column[];
  rows: readonly Cell[][];
  totals?: readonly Cell[] | null | undefined;
}

interface Looks {
  locale: Locale;
  order: Order | null;
  /** How many rows are shown. */
  limit?: number | undefined;
  hidden: ReadonlySet<string>;
  head: (column: Column) => string;
  /** What a cell of a name is called on the page; nothing where it is what it says. */
  name: (cell: Cell | undefined, column: Column) => string | null;
  /** How the line of totals is called. */
  total: string;
  /** The figures of the period compared with, as the page finds them. */
  before?: {
    head: (head: string) => string;
    cell: (row: Cell[] | null, id: string) => Cell | undefined;
  };
}

/** The lines of a table of figures as it stands on the page. */
export function linesOf(of: Shown, looks: Looks): string[][] {
  const shown = of.columns
    .map((column, at) => ({ column, at, isName: looks.name(null, column) !== null }))
    .filter(({ column }) => !looks.hidden.has(column.id));
  const both = (isName: boolean, now: string, before: () => string) =>
    looks.before && !isName ? [now, before()] : [now];
  const cellsOf = (row: readonly Cell[], whose: Cell[] | null) =>
    shown.flatMap(({ column, at, isName }, place) => {
      if (whose === null && isName) return [place === 0 ? looks.total : ""];
      const now = looks.name(row[at], column) ?? plainly(row[at], column, looks.locale);
      return both(isName, now, () =>
        plainly(looks.before?.cell(whose, column.id), column, looks.locale),
      );
    });
  const heads = shown.flatMap(({ column, isName }) => {
    const head = looks.head(column);
    return both(isName, head, () => looks.before?.head(head) ?? "");
  });
  const rows = ordered(of.columns, of.rows, looks.order).slice(0, looks.limit);
  const totals = of.totals ? [cellsOf(of.totals, null)] : [];
  return [heads, ...rows.map((row) => cellsOf(row, row)), ...totals];
}
