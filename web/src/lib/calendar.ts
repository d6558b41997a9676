//! The book's periods, by the charter's own calendar: which ones there are, which stands beside
//! which. The list is the server's; nothing here knows when a year begins.

import { period } from "./format";
import type { Locale } from "./i18n";
import { daysOn } from "./period";

export interface Period {
  /** As questions take it, and as rows of `by=quarter` are called. */
  name: string;
  grain: string;
  from: string;
  /** Its last day, included. */
  last: string;
  /** `over`, `running` or `ahead`. */
  stands: string;
}

type Periods = readonly Period[];

const found = (periods: Periods, name: string) => periods.find((one) => one.name === name);

/** The newest period that the sources reach into; one that ends with them is over, and still it. */
export const running = (periods: Periods, grain = "quarter"): string | undefined =>
  periods.findLast((one) => one.grain === grain && one.stands !== "ahead")?.name;

/** The newest period that is over: the likeliest to be closed. */
export const newestOver = (periods: Periods, grain = "quarter"): string | undefined =>
  periods.findLast((one) => one.grain === grain && one.stands === "over")?.name;

/** How many places of each grain make a year. */
const YEAR: Record<string, number> = { year: 1, quarter: 4, month: 12 };

const RANGE = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/;
const DAY = 86_400_000;

/** The period so many places further on; of a stretch of days the stretch of as many days. */
export function shifted(periods: Periods, name: string, by: number): string | null {
  const range = RANGE.exec(name);
  if (range) return along(range[1] ?? "", range[2] ?? "", by);
  const of = found(periods, name);
  if (!of) return null;
  const all = periods.filter((one) => one.grain === of.grain);
  return all[all.indexOf(of) + by]?.name ?? null;
}

function along(from: string, until: string, by: number): string {
  const length = Math.round((Date.parse(until) - Date.parse(from)) / DAY);
  return `${daysOn(from, by * length)}..${daysOn(until, by * length)}`;
}

/** What a comparison with another period means, as a period. */
export function comparedWith(periods: Periods, name: string, compare: string): string | null {
  if (compare === "previous") return shifted(periods, name, -1);
  if (compare !== "year-ago") return compare;
  const of = found(periods, name);
  return of ? shifted(periods, name, -(YEAR[of.grain] ?? 1)) : null;
}

/** Two stretches of time that stand beside each other. */
export interface Beside {
  period: string;
  before: string | undefined;
  /** Up to which of their days both go, where the first is not over. */
  day: number | null;
  /** The same of the stretch before: none where that is all of its period. */
  dayBefore: number | null;
}

interface Stretch {
  from: string;
  until: string;
}

function stretchOf(periods: Periods, name: string): Stretch | null {
  const range = RANGE.exec(name);
  if (range) return { from: range[1] ?? "", until: range[2] ?? "" };
  const of = found(periods, name);
  return of ? { from: of.from, until: daysOn(of.last, 1) } : null;
}

const lengthOf = ({ from, until }: Stretch) =>
  Math.round((Date.parse(until) - Date.parse(from)) / DAY);

const written = ({ from, until }: Stretch) => `${from}..${until}`;

/**
 * A period and the one it is compared with. Of one that runs as many days of both are taken as its
 * sources show: 24 days beside 92 would be a fall every quarter. A shorter period before is all of it.
 */
export function beside(
  periods: Periods,
  name: string,
  compare: string,
  horizon: string | null,
): Beside {
  const before = comparedWith(periods, name, compare) ?? undefined;
  const whole = { period: name, before, day: null, dayBefore: null };
  const now = stretchOf(periods, name);
  const then = before === undefined ? null : stretchOf(periods, before);
  if (!now || !then || horizon === null) return whole;
  const reached = daysOn(horizon, 1);
  if (reached <= now.from || reached >= now.until) return whole;
  const day = lengthOf({ ...now, until: reached });
  const isCut = day < lengthOf(then);
  return {
    period: written({ ...now, until: reached }),
    before: isCut ? written({ ...then, until: daysOn(then.from, day) }) : before,
    day,
    dayBefore: isCut ? day : null,
  };
}

interface Offered {
  quarters: string[];
  months: string[];
  years: string[];
}

/** Quarters, months and years up to the running one, the newest first. */
export function offered(periods: Periods): Offered {
  const of = (grain: string, most: number) =>
    periods
      .filter((one) => one.grain === grain && one.stands !== "ahead")
      .slice(-most)
      .reverse()
      .map((one) => one.name);
  return { quarters: of("quarter", 8), months: of("month", 12), years: of("year", 3) };
}

/** Whether figures of a period are not all in yet: it reaches beyond the last day that is shown. */
export function isRunning(periods: Periods, name: string, lastDay: string | null): boolean {
  const range = RANGE.exec(name);
  if (range) return lastDay !== null && daysOn(range[2] ?? "", -1) > lastDay;
  const of = found(periods, name);
  return of !== undefined && of.stands !== "over";
}

/**
 * The last day of a period, which a snapshot looks at the end of. What it does not know it passes on
 * as it is: the server says what a day is, and no other moment is shown in its place.
 */
export function lastDay(periods: Periods, name: string | undefined): string | undefined {
  const range = name === undefined ? null : RANGE.exec(name);
  if (range?.[2]) return daysOn(range[2], -1);
  return (name && found(periods, name)?.last) ?? name;
}

/** A month that is one for everybody; a fiscal month of four weeks is not. */
function isCalendarMonth(of: Period): boolean {
  const next = daysOn(of.last, 1);
  return of.from.endsWith("-01") && next.endsWith("-01");
}

/** What people call a period: `2026-07` is July, or whichever days the charter gives that name. */
export function periodName(periods: Periods, name: string, locale: Locale): string {
  const of = found(periods, name);
  if (of?.grain !== "month") return period(name, locale);
  if (isCalendarMonth(of)) return period(of.from.slice(0, 7), locale);
  return period(`${of.from}..${daysOn(of.last, 1)}`, locale);
}
