//! The cells of an answer, as the API gives them. Shapes alone: what a cell looks like to people is
//! in `format.ts`, and nothing here or there adds, divides or rounds a figure into another one.

export interface Money {
  minor: number;
  currency: string;
}

/** `null` is unknown, `"n/a"` not applicable; all else has the shape of its column's type. */
export type Cell = null | string | number | boolean | CellObject;

export interface CellObject {
  minor?: number;
  currency?: string;
  part?: number | Money;
  whole?: number | Money;
  units?: number | string;
  scale?: number;
  micros?: number;
  part_micros?: number;
  estimate_micros?: number;
  days?: number | null;
  estimate?: number | null;
  low?: number | null;
  high?: number | null;
}

export interface Column {
  id: string;
  type: string;
  unit?: string | null;
  means: string;
}

export const isObject = (cell: Cell | undefined): cell is CellObject =>
  typeof cell === "object" && cell !== null;

export const isMoney = (value: unknown): value is Money =>
  typeof value === "object" && value !== null && "minor" in value && "currency" in value;

export const isUnknown = (cell: Cell | undefined): boolean => cell === null || cell === undefined;

/** Not applicable, which only a column of figures can say: a text may be those three letters. */
export const isNotApplicable = (cell: Cell | undefined, type: string): boolean =>
  cell === "n/a" && type !== "text";

/** Columns that name a row and are no figures. */
const NAMES = new Set(["text", "period", "time", "flag"]);

export const isFigure = (column: Column): boolean => !NAMES.has(column.type);

/**
 * How far a mark reaches, for drawing only: a length on the screen, never shown as a figure. A ratio
 * of nothing, an unknown and what is not applicable have no length.
 */
export function extent(cell: Cell | undefined): number | null {
  if (typeof cell === "number") return cell;
  if (!isObject(cell)) return null;
  if (cell.minor !== undefined) return cell.minor;
  if (cell.estimate !== undefined) return cell.estimate;
  if (cell.units !== undefined) return Number(cell.units) / 10 ** (cell.scale ?? 0);
  if (cell.part !== undefined && cell.whole !== undefined) return fraction(cell.part, cell.whole);
  if (cell.days !== undefined) return cell.days;
  return null;
}

function fraction(part: number | Money, whole: number | Money): number | null {
  const below = isMoney(whole) ? whole.minor : whole;
  if (below === 0) return null;
  return (isMoney(part) ? part.minor : part) / below;
}

/** What is behind a share or a mean, where the cell says it. */
export function wholeOf(cell: Cell | undefined): number | null {
  if (!isObject(cell) || typeof cell.whole !== "number") return null;
  return cell.whole;
}

/** Figures of fewer than so many are told with less weight. */
export const SMALL = 30;
