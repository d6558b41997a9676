//! A plan as its answer says it: its lines, the odds of what comes by itself, and days that are past.

import { cellOf, nameOf, type Rows } from "./answer";
import { type Cell, extent, isObject } from "./cell";
import { LINES } from "./said";

/** How many are needed, for five, eight and nine of ten cases. */
export const ODDS = ["even_odds", "four_of_five", "nine_of_ten"] as const;
/** Goals of these are money that is to be won, and what a plan is of. */
const TO_WIN = new Set(["revenue", "quota"]);

type Row = Cell[];

export interface Lines {
  goal: Row;
  won: Row;
  hand: Row;
  gap: Row;
  deals: Row;
  /** From the last stage up to the first. */
  stages: Row[];
}

/** The lines of a plan of everything, which come in one order: a stage may be called as they are. */
export function linesOf(answer: Rows): Lines | null {
  const [goal, won, hand, gap, deals, ...stages] = answer.rows;
  if (!goal || !won || !hand || !gap || !deals) return null;
  const first = [goal, won, hand, gap, deals].map((row) => nameOf(answer, row, "line"));
  if (first.some((line, at) => line !== LINES[at])) return null;
  return { goal, won, hand, gap, deals, stages };
}

export type Odds = "less" | "even" | "eight" | "nine";

/** In how many of ten cases as many as come at the pace of late are enough; `null` is unknown. */
export function oddsAt(answer: Rows, row: readonly Cell[]): Odds | null {
  const pace = extent(cellOf(answer, row, "at_pace"));
  const [even = null, eight = null, nine = null] = ODDS.map((id) =>
    extent(cellOf(answer, row, id)),
  );
  if (pace === null || even === null) return null;
  if (nine !== null && pace >= nine) return "nine";
  if (eight !== null && pace >= eight) return "eight";
  return pace >= even ? "even" : "less";
}

/** A day of a cell; what is unknown or not applicable is none. */
export function dayOf(cell: Cell | undefined): string | null {
  return typeof cell === "string" && /^\d{4}-\d\d-\d\d$/.test(cell) ? cell : null;
}

/** Stages by the day on which half of those who come are still in time, the earliest first. */
export function byDay(answer: Rows, stages: readonly Row[]): Row[] {
  const day = (row: Row, id: string) => dayOf(cellOf(answer, row, id)) ?? "9999-12-31";
  const key = (row: Row) => `${day(row, "half_by")} ${day(row, "tenth_by")}`;
  return [...stages].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** Periods of goals whose days are not over and for which something is to be won, each once. */
export function goalsAhead(goals: Rows): string[] {
  const open = goals.rows.filter((row) => {
    const over = cellOf(goals, row, "days_over");
    const [part, whole] = isObject(over) ? [over.part, over.whole] : [];
    const isOpen = typeof part === "number" && typeof whole === "number" && part < whole;
    return isOpen && TO_WIN.has(nameOf(goals, row, "measure"));
  });
  return [...new Set(open.map((row) => nameOf(goals, row, "period")))];
}
