//! Days as the calendar counts them, whatever a book's year is.

/** How a period's name is written for the grain: what a row of `by=month` is called. */
export const GRAINS = ["day", "week", "month", "quarter", "year"] as const;

const DAY = 86_400_000;

/** So many days further on; a day is a day, whatever clocks do. */
export function daysOn(day: string, by: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY).toISOString().slice(0, 10);
}

/** The seven days up to and with a day, and the seven before them, as periods. */
export function weeksTo(day: string): { week: string; before: string } {
  const week = `${daysOn(day, -6)}..${daysOn(day, 1)}`;
  return { week, before: `${daysOn(day, -13)}..${daysOn(day, -6)}` };
}
