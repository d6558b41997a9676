//! Finding a figure in an answer by the names of its row and column.

import { type Cell, type Column, isFigure } from "./cell";

/** What stands above the rows: figures over all of them. */
export interface Headline {
  figures: { column: Column; cell: Cell }[];
}

export interface Rows {
  headline?: Headline | null | undefined;
  columns: Column[];
  rows: Cell[][];
  totals?: Cell[] | null | undefined;
}

export function columnOf(answer: Rows, id: string): Column | undefined {
  return answer.columns.find((column) => column.id === id);
}

export function cellOf(
  answer: Rows,
  row: readonly Cell[] | undefined,
  id: string,
): Cell | undefined {
  const at = answer.columns.findIndex((column) => column.id === id);
  return at >= 0 ? row?.[at] : undefined;
}

/** A cell of a name as text; nobody's is `–`. */
export function nameOf(answer: Rows, row: readonly Cell[], id: string): string {
  const cell = cellOf(answer, row, id);
  return cell === null || cell === undefined ? "–" : String(cell);
}

export function rowOf(answer: Rows, id: string, name: string): Cell[] | undefined {
  return answer.rows.find((row) => cellOf(answer, row, id) === name);
}

/** The first cells of a row, which name it: as questions for records take them. */
export function namesOf(columns: readonly Column[], row: readonly Cell[]): string[] {
  const names: string[] = [];
  for (const [at, column] of columns.entries()) {
    if (isFigure(column)) break;
    names.push(cellText(row[at]));
  }
  return names;
}

export const cellText = (cell: Cell | undefined): string =>
  cell === null || cell === undefined ? "–" : String(cell);

/** The answer of the API as rows of cells. */
export function rowsOf(reply: { answer: unknown } | undefined): Rows | undefined {
  return reply?.answer as Rows | undefined;
}

/** Whether amounts of several currencies stand beside each other: no one scale is theirs. */
export function hasCurrencies(answer: Rows): boolean {
  const said = new Set(answer.rows.map((row) => cellOf(answer, row, "currency") ?? null));
  return said.size > 1;
}

/** What the server notes where it leaves out the rows of other teams. */
const TEAMS = /^only rows of teams? (.+): pursuits, /;

/** Whose rows alone an answer counts; nobody’s where it counts all. */
export const teamsIn = (notes: readonly string[]): string[] =>
  notes.flatMap((note) => TEAMS.exec(note)?.[1] ?? []);
