//! Periods of the calendar by name, for the picker: which ones to offer, and which comes before or
//! after one. Whether a book's calendar knows a name is the server's to say.

const NAMED = /^(\d{4})(?:-(?:Q([1-4])|(\d{2})))?$/;

interface Named {
  year: number;
  quarter?: number;
  month?: number;
}

function read(text: string): Named | null {
  const found = NAMED.exec(text);
  if (!found) return null;
  const [, year, quarter, month] = found;
  return {
    year: Number(year),
    ...(quarter ? { quarter: Number(quarter) } : {}),
    ...(month ? { month: Number(month) } : {}),
  };
}

const two = (n: number) => String(n).padStart(2, "0");

function months(of: Named): [number, number] {
  if (of.month) return [of.year * 12 + of.month - 1, 1];
  if (of.quarter) return [of.year * 12 + (of.quarter - 1) * 3, 3];
  return [of.year * 12, 12];
}

function named(start: number, length: number): string {
  const year = Math.floor(start / 12);
  const month = start % 12;
  if (length === 12) return String(year);
  if (length === 3) return `${year}-Q${Math.floor(month / 3) + 1}`;
  return `${year}-${two(month + 1)}`;
}

/** The period of the same size so many places further on; null where the name is not of a calendar. */
export function shifted(text: string, by: number): string | null {
  const of = read(text);
  if (!of) return null;
  const [start, length] = months(of);
  return named(start + by * length, length);
}

/** The same place in the year before. */
export function yearBefore(text: string): string | null {
  const of = read(text);
  if (!of) return null;
  const [start, length] = months(of);
  return named(start - 12, length);
}

/** What a comparison with another period means, as a period. */
export function comparedWith(period: string, compare: string): string | null {
  if (compare === "previous") return shifted(period, -1);
  if (compare === "year-ago") return yearBefore(period);
  return compare;
}

/** Quarters, months and years up to the day that the sources show, the newest first. */
export function offered(horizon: string): {
  quarters: string[];
  months: string[];
  years: string[];
} {
  const year = Number(horizon.slice(0, 4));
  const month = Number(horizon.slice(5, 7));
  const at = year * 12 + month - 1;
  const back = (length: number, n: number) =>
    Array.from({ length: n }, (_, i) => named((Math.floor(at / length) - i) * length, length));
  return { quarters: back(3, 8), months: back(1, 12), years: back(12, 3) };
}

/** The quarter that holds the last day of what the sources show. */
export const quarterOf = (horizon: string): string => offered(horizon).quarters[0] ?? "";

/** Whether a period runs beyond the last day that is seen, so that its figures are not all in yet. */
export function isRunning(text: string, lastDay: string): boolean {
  const of = read(text);
  if (!of) return false;
  const [start, length] = months(of);
  const end = start + length;
  return daysOn(`${Math.floor(end / 12)}-${two((end % 12) + 1)}-01`, -1) > lastDay;
}

/** How a period's name is written for the grain: what a row of `by=month` is called. */
export const GRAINS = ["day", "week", "month", "quarter", "year"] as const;

const DAY = 86_400_000;

/** The last whole day that the sources show, by the calendar of the reporting zone. */
export function lastDayOf(horizon: string, zone: string): string {
  const at = new Date(horizon);
  if (Number.isNaN(at.getTime())) return horizon.slice(0, 10);
  const parts = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  return new Intl.DateTimeFormat("sv-SE", parts).format(new Date(at.getTime() - 1));
}

/** So many days further on; a day is a day, whatever clocks do. */
export function daysOn(day: string, by: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY).toISOString().slice(0, 10);
}

/** The seven days up to and with a day, and the seven before them, as periods. */
export function weeksTo(day: string): { week: string; before: string } {
  const week = `${daysOn(day, -6)}..${daysOn(day, 1)}`;
  return { week, before: `${daysOn(day, -13)}..${daysOn(day, -6)}` };
}
