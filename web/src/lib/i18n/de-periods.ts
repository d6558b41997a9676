//! How German puts a period into a sentence: im Juli, in Q3, am 5. März, vom 1. bis 31. Januar.

/** What all of it is called where no period is chosen; the bar says so too. */
export const ALL_TIME = "Gesamte Zeit";

const RANGE = /\s*–\s*/;

/** Up to which day of a period that is not over. */
const TO_DAY = / \(bis Tag \d+\)$/;

/** A period, by the name that people read, amidst a sentence. */
export function within(period: string): string {
  const day = TO_DAY.exec(period)?.[0];
  if (day) return within(period.slice(0, -day.length)) + day;
  if (period === ALL_TIME) return "in der gesamten Zeit";
  if (RANGE.test(period)) return `vom ${period.replace(RANGE, " bis ")}`;
  if (/^\d{1,2}\. /.test(period)) return `am ${period}`;
  if (/^\d{4}$/.test(period)) return `im Jahr ${period}`;
  // Names of months; Q3 2025 and FY2026 have no article.
  return /^\p{L}+\.? \d{4}$/u.test(period) ? `im ${period}` : `in ${period}`;
}
