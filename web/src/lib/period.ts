//! Days as the calendar counts them, whatever a book's year is.

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
