//! Which column of a metric's answer is the metric: the one of its name; of times their mean, or their
//! median where the definition says so, and never the longest of them.

import type { Rows } from "@/lib/answer";
import { type Column, isFigure } from "@/lib/cell";

/** Columns that stand beside a figure and are none themselves. */
const BESIDE = new Set(["n", "not_priced"]);

export function figureOf(
  answer: Rows,
  metric: { name: string; means: string },
): Column | undefined {
  const figures = answer.columns.filter((column) => isFigure(column) && !BESIDE.has(column.id));
  const named = (id: string) => figures.find((column) => column.id === id);
  const middle = metric.means.includes("median") ? "median" : "mean";
  return named(metric.name) ?? named(middle) ?? figures.at(-1);
}
