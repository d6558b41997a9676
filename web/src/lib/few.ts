//! Of how many records a middle or a long time is: it shows no numerator, so its row's count says it.

import { type Cell, type Column, isObject, SMALL } from "./cell";

/** Which column counts what such a figure is of; of several the one that its answer has. */
const COUNTS: Record<string, readonly string[]> = {
  median: ["n", "timed", "stays"],
  min: ["n"],
  max: ["n"],
  p75: ["stays"],
  p90: ["stays"],
  median_h: ["handed"],
  p90_h: ["handed"],
  response_median: ["leads"],
  response_p90: ["leads"],
  age_assigned: ["assigned"],
  age_worked: ["worked"],
};

/** How many are behind a figure, where they are so few that it is told with less weight. */
export function fewBehind(
  columns: readonly Column[],
  row: readonly Cell[],
  id: string,
): number | undefined {
  const counts = Object.hasOwn(COUNTS, id) ? COUNTS[id] : undefined;
  const at = columns.findIndex((column) => counts?.includes(column.id));
  const cell = at < 0 ? undefined : row[at];
  // A share's own part is what it is of: the age at an assignment is that of those assigned.
  const count = isObject(cell) ? cell.part : cell;
  return typeof count === "number" && count > 0 && count < SMALL ? count : undefined;
}
