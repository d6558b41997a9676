//! What of a cohort can still grow, and the estimate beside it, as its answer says both.

import { cellOf, type Rows } from "./answer";
import { type Cell, type Column, isObject } from "./cell";

/** Windows that a page offers, in days; `ever` has no end. */
export const WINDOWS = ["30", "60", "90", "180", "365", "ever"] as const;
export const WINDOW = "90";
const EVER = "ever";

/** The window of an address as a question takes it: none where everything since counts. */
export const windowOf = (said: string | undefined): string | undefined =>
  said === EVER ? undefined : (said ?? WINDOW);

/** Only what has an end of its own, followed from its first entry, is estimated. */
export const isEstimated = (unit: string | undefined): boolean =>
  unit === undefined || unit === "pursuit" || unit === "deal";

/** Where the estimate of each share stands. */
export function estimatesIn(columns: readonly Column[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const [at, column] of columns.entries()) {
    const of = /^(.+)_estimate$/.exec(column.id)?.[1];
    if (of && column.type === "estimated_share") found.set(of, at);
  }
  return found;
}

/** An estimate that says something: of what is ripe or settled there is none. */
export function estimateIn(row: readonly Cell[], at: number | undefined): Cell | undefined {
  const cell = at === undefined ? undefined : row[at];
  return isObject(cell) && typeof cell.estimate === "number" ? cell : undefined;
}

/** Whether shares of a row are not what they will be: its window is not over, or some have no end yet. */
export function canGrow(answer: Rows, row: readonly Cell[]): boolean {
  const ripe = cellOf(answer, row, "ripe");
  if (typeof ripe === "boolean") return !ripe;
  const open = cellOf(answer, row, "open");
  return !isObject(open) || typeof open.part !== "number" || open.part > 0;
}
