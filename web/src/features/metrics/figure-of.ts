//! Which column of a metric's answer is the metric: the one of its name; of times their mean, or their
//! median where the definition says so, and never the longest of them.

import type { Rows } from "@/lib/answer";
import { type Column, isFigure } from "@/lib/cell";

/** Columns that stand beside a figure and are none themselves. */
const BESIDE = new Set(["n", "not_priced"]);

/** Parts that no record stands behind: goals, and what only describes the others. */
const LISTED_NOWHERE = new Set(["target", "n", "unit", "min", "max", "median", "mean"]);

export const isListed = (column: Column): boolean => !LISTED_NOWHERE.has(column.id);

/**
 * Whose records a metric's figure opens: its own, or those of the first part of its formula, which has
 * none of its own. None where no part is listed.
 */
export function openedBy(
  answer: Rows,
  figure: Column | undefined,
  isFormula: boolean,
): Column | undefined {
  if (!figure || !isFormula) return figure;
  const parts = answer.columns.filter(
    (column) => isFigure(column) && !BESIDE.has(column.id) && column.id !== figure.id,
  );
  return parts.length === 0 ? figure : parts.find(isListed);
}

export function figureOf(
  answer: Rows,
  metric: { name: string; means: string },
): Column | undefined {
  const figures = answer.columns.filter((column) => isFigure(column) && !BESIDE.has(column.id));
  const named = (id: string) => figures.find((column) => column.id === id);
  const middle = metric.means.includes("median") ? "median" : "mean";
  return named(metric.name) ?? named(middle) ?? figures.at(-1);
}
