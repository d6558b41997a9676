//! Which campaign a row of costs is of, and what names the row.

import { namesOf, type Rows } from "@/lib/answer";
import type { Cell } from "@/lib/cell";

/** The key of a row's campaign: the last of its path; what is in no part of one has none. */
export function campaignOf(path: string): string | null {
  const key = path.split(" / ").at(-1) ?? "";
  return key === "" || key === "–" || key === "(other)" ? null : key;
}

/**
 * The cells that name a row of costs: what it is split by, and its currency. What a campaign is called
 * stands behind them and names nothing.
 */
export function costNames(answer: Rows, row: readonly Cell[]): string[] {
  const last = answer.columns.findIndex((column) => column.id === "currency");
  return namesOf(answer.columns, row).slice(0, last + 1);
}
