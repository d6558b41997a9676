//! A forecast as its answer says it: of which days it is, who speaks of a figure, and what its rows are.

import { cellOf, nameOf, type Rows } from "./answer";
import type { Period } from "./calendar";
import type { Cell } from "./cell";
import { daysOn } from "./period";
import { PARTS, SPEAKS } from "./said";

export type Figure = keyof typeof SPEAKS;

/** The row of all parts together. */
export const ALL_PARTS = "all";
/** Who spoke at each past window, by the windows before it. */
export const CHOSEN = "chosen";
/** A plain answer's ends and middle. */
const POINTS = ["p10", "p50", "p90"] as const;

export interface Window {
  from: string;
  /** Not included. */
  until: string;
  /** The last day that it knows. */
  at: string;
}

const DAY = "(\\d{4}-\\d\\d-\\d\\d)";
const WINDOW = new RegExp(
  `^from ${DAY} until before ${DAY}, told from what had happened by the end of ${DAY}$`,
);

/** Of which days a forecast is, and what it knows. */
export function windowIn(notes: readonly string[]): Window | null {
  for (const note of notes) {
    const [, from, until, at] = WINDOW.exec(note) ?? [];
    if (from && until && at) return { from, until, at };
  }
  return null;
}

/** The note that says who speaks of a figure, without the figure's name. */
export function speaksIn(notes: readonly string[], figure: Figure): string | undefined {
  const start = SPEAKS[figure];
  return notes.find((note) => note.startsWith(start))?.slice(start.length);
}

/** What an answer notes besides: no window, and nobody who speaks. */
export const othersIn = (notes: readonly string[]): string[] =>
  notes.filter(
    (note) => !WINDOW.test(note) && !Object.values(SPEAKS).some((start) => note.startsWith(start)),
  );

/** What a stretch of days is called, where it is a period of the calendar; else the days themselves. */
export function calledBy(periods: readonly Period[], from: string, until: string): string {
  const found = periods.find((one) => one.from === from && daysOn(one.last, 1) === until);
  return found?.name ?? `${from}..${until}`;
}

/**
 * The month that begins with a day, by which a window that begins with it is labelled. Of what is
 * ahead the list says nothing; the first of a month of everybody's calendar is one all the same.
 */
export function monthFrom(periods: readonly Period[], from: string): string {
  const found = periods.find((one) => one.grain === "month" && one.from === from);
  return found?.name ?? (from.endsWith("-01") ? from.slice(0, 7) : from);
}

/** The two ends and the middle of a figure in a row. */
export function rangeOf(answer: Rows, row: readonly Cell[] | undefined, figure: Figure): Cell[] {
  return POINTS.map((point) => cellOf(answer, row, `${figure}_${point}`) ?? null);
}

/** The row of a part, or of all of them. */
export const partOf = (answer: Rows, part: string): Cell[] | undefined =>
  answer.rows.find((row) => nameOf(answer, row, "part") === part);

/** Whether a cell is counted: what is won already is no estimate. */
export const isCounted = (answer: Rows, row: readonly Cell[]): boolean =>
  nameOf(answer, row, "part") === PARTS[0];
