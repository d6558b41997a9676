//! Figures as people read them, in their language. A cell goes in, texts come out; what is exact is
//! formatted from its own digits, so that no amount passes through a float on the way to the page.

import {
  type Cell,
  type CellObject,
  type Column,
  isMoney,
  isNotApplicable,
  isObject,
  type Money,
  SMALL,
} from "./cell";
import type { Locale } from "./i18n";
import { quotient } from "./rounding";

/** A figure in words: what stands on the page, what stands under it, and what it is to the digit. */
export interface Shown {
  text: string;
  /** Numerator and denominator, or the interval. */
  under?: string;
  exact: string;
  mark?: "unknown" | "not-applicable" | "zero";
  isEstimate?: boolean;
  /** Between what a share of few may lie, as the server has it. */
  interval?: string;
  /** Fewer than thirty behind a share or mean. */
  isSmall?: boolean;
}

/** How much room there is: a table cell, a chart's label, or as much as every digit needs. */
export type Room = "table" | "short" | "exact";

export const UNKNOWN = "–";
export const NOT_APPLICABLE = "n/a";
const MINUTE = 60_000_000n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

const tags: Record<Locale, string> = { en: "en-GB", de: "de-DE" };
const kept = new Map<string, Intl.NumberFormat>();

function numbers(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  const found = kept.get(key);
  if (found) return found;
  const made = new Intl.NumberFormat(tags[locale], { roundingMode: "halfEven", ...options });
  kept.set(key, made);
  return made;
}

/** Decimal digits of a whole number of smallest parts, as text: no float has seen it. */
function decimal(units: number | string | bigint, scale: number): string {
  const text = String(units);
  const sign = text.startsWith("-") ? "-" : "";
  const digits = text.replace("-", "").padStart(scale + 1, "0");
  const cut = digits.length - scale;
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

/**
 * Digits behind the mark of a currency's amounts, as the ledger keeps them (ISO 4217). Browsers round
 * some currencies to what is paid in cash, which is not how amounts are written down.
 */
const DIGITS: Record<number, string> = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

export function decimalsOf(currency: string): number {
  const found = Object.entries(DIGITS).find(([, codes]) => codes.split(" ").includes(currency));
  return found ? Number(found[0]) : 2;
}

/** How an amount of a currency is written, with all of its digits. */
function currencyOf(currency: string): Intl.NumberFormatOptions {
  const digits = decimalsOf(currency);
  return {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  };
}

const asNumeric = (text: string) => text as Intl.StringNumericLiteral;

function minus(text: string): string {
  return text.replace(/^-/, "−");
}

export function count(value: number, locale: Locale): string {
  return minus(numbers(locale, {}).format(value));
}

export function money(value: Money, locale: Locale, room: Room = "exact"): string {
  const scale = decimalsOf(value.currency);
  const text = asNumeric(decimal(value.minor, scale));
  const all = currencyOf(value.currency);
  if (room === "exact") return minus(numbers(locale, all).format(text));
  if (room === "short") {
    const { style, currency } = all;
    const short: Intl.NumberFormatOptions = {
      ...{ style, currency },
      notation: "compact",
      maximumSignificantDigits: 3,
    };
    return minus(numbers(locale, short).format(text));
  }
  const isLarge = Math.abs(value.minor) >= 1000 * 10 ** scale;
  const whole = { ...all, minimumFractionDigits: 0, maximumFractionDigits: 0 };
  return minus(numbers(locale, isLarge ? whole : all).format(text));
}

const EXACT = /^(-?\d+(?:\.\d+)?)(?: ([A-Z]{3}))?$/;

/** A figure that comes as an exact text, `1234567.50 EUR` or `30/120`, as people write it. */
export function exactly(text: string, locale: Locale): string {
  const parts = text.split("/").map((part) => EXACT.exec(part));
  if (parts.some((part) => part === null)) return text;
  return parts
    .map((part) => {
      const [, number, currency] = part ?? [];
      const how = currency ? currencyOf(currency) : { maximumFractionDigits: 20 };
      return minus(numbers(locale, how).format(asNumeric(number ?? "")));
    })
    .join(" / ");
}

/** Whether an exact text is an amount of money. */
export const isAmount = (text: string): boolean => EXACT.exec(text)?.[2] !== undefined;

type Numeric = number | Intl.StringNumericLiteral;

function percent(value: Numeric, locale: Locale, digits = 1): string {
  const options = {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  };
  return minus(numbers(locale, options as Intl.NumberFormatOptions).format(value));
}

/** A quotient of whole numbers, to so many digits, as what formats texts takes it. */
function divided(part: bigint, whole: bigint, digits: number): Intl.StringNumericLiteral {
  return asNumeric(decimal(quotient(part, whole, digits) ?? 0n, digits));
}

/** A share of two whole numbers. */
function shared(part: number, whole: number, locale: Locale, digits = 1): string {
  return percent(divided(BigInt(part), BigInt(whole), digits + 2), locale, digits);
}

/** A stretch of time: so many microseconds, or their mean over so many. */
interface Stretch {
  micros: bigint;
  over: bigint;
}

/** A stretch of time as people say it: hours below two days, else days. */
function lasts({ micros, over }: Stretch, locale: Locale): string {
  const unit = (of: "hour" | "day" | "minute", size: bigint, digits: number) => {
    const options = { style: "unit", unit: of, unitDisplay: "short" } as const;
    const text = divided(micros, over * size, digits);
    return minus(numbers(locale, { ...options, maximumFractionDigits: digits }).format(text));
  };
  const size = micros < 0n ? -micros : micros;
  if (size > 0n && size < over * HOUR) return unit("minute", MINUTE, 0);
  if (size > 0n && size < over * 2n * DAY) return unit("hour", HOUR, 1);
  return unit("day", DAY, size < over * 100n * DAY ? 1 : 0);
}

/** The stretch of a cell, from its own whole numbers; a limit of the charter is told in days alone. */
function stretchOf(cell: CellObject, days: number): Stretch {
  const { micros, estimate_micros, part_micros, whole } = cell;
  if (part_micros !== undefined && typeof whole === "number" && whole > 0)
    return { micros: BigInt(part_micros), over: BigInt(whole) };
  const own = micros ?? estimate_micros ?? Math.round(days * Number(DAY));
  return { micros: BigInt(own), over: 1n };
}

function unitOf(unit: string, n: number, locale: Locale): string {
  const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 } as const;
  return minus(numbers(locale, options).format(n));
}

/** How long something takes, in seconds, minutes or hours. */
export function lasting(seconds: number, locale: Locale): string {
  if (seconds < 90) return unitOf("second", seconds, locale);
  const minutes = seconds / 60;
  return minutes < 90 ? unitOf("minute", minutes, locale) : unitOf("hour", minutes / 60, locale);
}

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** The size of a file. */
export function bytes(size: number, locale: Locale): string {
  const at = Math.min(Math.floor(Math.log10(Math.max(size, 1)) / 3), SIZES.length - 1);
  return unitOf(SIZES[at] ?? "byte", size / 1000 ** at, locale);
}

function mark(mark: "unknown" | "not-applicable"): Shown {
  const text = mark === "unknown" ? UNKNOWN : NOT_APPLICABLE;
  return { text, exact: text, mark };
}

/** Any cell, in the room there is. */
export function show(
  cell: Cell | undefined,
  type: string,
  locale: Locale,
  room: Room = "table",
): Shown {
  if (cell === null || cell === undefined) return mark("unknown");
  if (isNotApplicable(cell, type)) return mark("not-applicable");
  if (typeof cell === "boolean") return { text: cell ? "✓" : "✗", exact: String(cell) };
  if (typeof cell === "string") return textual(cell, type, locale);
  if (typeof cell === "number") return counted(cell, locale, room);
  return composed(cell, locale, room);
}

function textual(cell: string, type: string, locale: Locale): Shown {
  if (type === "time") return { text: moment(cell, locale), exact: cell };
  if (type === "day") return { text: day(cell, locale), exact: cell };
  return { text: cell, exact: cell };
}

function counted(cell: number, locale: Locale, room: Room): Shown {
  const exact = count(cell, locale);
  const isShort = room === "short" && Math.abs(cell) >= 100_000;
  const options = { notation: "compact", maximumSignificantDigits: 3 } as const;
  const text = isShort ? minus(numbers(locale, options).format(cell)) : exact;
  return cell === 0 ? { text, exact, mark: "zero" } : { text, exact };
}

function composed(cell: CellObject, locale: Locale, room: Room): Shown {
  if (isMoney(cell)) return amount(cell, locale, room);
  if (cell.estimate !== undefined) return estimated(cell, locale);
  if (cell.units !== undefined) {
    const text = asNumeric(decimal(cell.units, cell.scale ?? 0));
    const exact = minus(numbers(locale, { maximumFractionDigits: 20 }).format(text));
    return { text: minus(numbers(locale, { maximumFractionDigits: 2 }).format(text)), exact };
  }
  if (cell.days !== undefined) return elapsed(cell, locale);
  if (cell.part !== undefined && cell.whole !== undefined) return parted(cell, locale, room);
  const exact = JSON.stringify(cell);
  return { text: exact, exact };
}

function amount(cell: Money, locale: Locale, room: Room): Shown {
  const exact = money(cell, locale);
  const text = money(cell, locale, room);
  return cell.minor === 0 ? { text, exact, mark: "zero" } : { text, exact };
}

/** The two ends of an interval. */
function band({ low, high }: CellObject, locale: Locale): string | undefined {
  if (typeof low !== "number" || typeof high !== "number") return undefined;
  return `${percent(low, locale)} – ${percent(high, locale)}`;
}

function estimated(cell: CellObject, locale: Locale): Shown {
  if (cell.estimate === null || cell.estimate === undefined) return mark("unknown");
  const text = `≈ ${percent(cell.estimate, locale)}`;
  const under = band(cell, locale);
  return { text, under, exact: under ? `${text} (${under})` : text, isEstimate: true };
}

function elapsed(cell: CellObject, locale: Locale): Shown {
  if (cell.days === null || cell.days === undefined) return mark("unknown");
  const stretch = stretchOf(cell, cell.days);
  const text = lasts(stretch, locale);
  const inDays = divided(stretch.micros, stretch.over * DAY, 6);
  const exact = `${minus(numbers(locale, { maximumFractionDigits: 6 }).format(inDays))} d`;
  if (cell.estimate_micros !== undefined) {
    return { text: `≈ ${text}`, exact: `≈ ${exact}`, isEstimate: true };
  }
  if (typeof cell.whole !== "number") return { text, exact };
  const of = `n = ${count(cell.whole, locale)}`;
  return { text, exact: `${exact}, ${of}`, isSmall: cell.whole < SMALL };
}

function parted(cell: CellObject, locale: Locale, room: Room): Shown {
  const { part, whole } = cell;
  if (isMoney(part) && typeof whole === "number") {
    if (whole === 0) return mark("unknown");
    return meanMoney(part, whole, locale, room);
  }
  const below = isMoney(whole) ? whole.minor : (whole ?? 0);
  const above = isMoney(part) ? part.minor : (part ?? 0);
  const side = (value: number | Money | undefined) =>
    isMoney(value) ? money(value, locale, "table") : count(value ?? 0, locale);
  const under = `${side(part)} / ${side(whole)}`;
  if (below === 0) return { ...mark("unknown"), under, exact: under };
  const text = shared(above, below, locale);
  const isSmall = typeof whole === "number" && whole < SMALL;
  const exact = `${shared(above, below, locale, 4)} = ${under}`;
  const interval = band(cell, locale);
  if (interval === undefined) return { text, under, exact, isSmall };
  const sure = percent(0.95, locale, 0);
  return { text, under, exact: `${exact} (${sure}: ${interval})`, interval, isSmall };
}

function meanMoney(part: Money, whole: number, locale: Locale, room: Room): Shown {
  const scale = decimalsOf(part.currency);
  const [sum, over] = [BigInt(part.minor), BigInt(whole) * 10n ** BigInt(scale)];
  const { style, currency } = currencyOf(part.currency);
  const isLarge = (sum < 0n ? -sum : sum) >= 1000n * over;
  const places = room === "table" && isLarge ? 0 : scale;
  // What is told in three digits is cut from many more of them.
  const each = divided(sum, over, room === "short" ? scale + SPARE : places);
  const digits: Intl.NumberFormatOptions =
    room === "short"
      ? { notation: "compact", maximumSignificantDigits: 3 }
      : { minimumFractionDigits: places, maximumFractionDigits: places };
  return {
    text: minus(numbers(locale, { style, currency, ...digits } as const).format(each)),
    under: `${money(part, locale, "table")} / ${count(whole, locale)}`,
    exact: `${money(part, locale)} / ${count(whole, locale)}`,
    isSmall: whole < SMALL,
  };
}

const SPARE = 12;

const isDay = /^\d{4}-\d{2}-\d{2}$/;

const WEEK = "monday tuesday wednesday thursday friday saturday sunday".split(" ");

/** A weekday by the word that charters have for it. */
export function weekday(word: string, locale: Locale): string | undefined {
  const at = WEEK.indexOf(word);
  if (at < 0) return undefined;
  // The first of 2024 was a Monday.
  const options = { weekday: "long", timeZone: "UTC" } as const;
  return new Date(Date.UTC(2024, 0, at + 1)).toLocaleDateString(tags[locale], options);
}

/** A day as it is written; a date never shifts with anybody's zone. */
export function day(text: string, locale: Locale): string {
  if (!isDay.test(text)) return text;
  const at = new Date(`${text}T00:00:00Z`);
  const options = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(tags[locale], options).format(at);
}

/** An instant in the reporting zone of the book, or a day where it is only that. */
export function moment(text: string, locale: Locale, zone = "UTC"): string {
  if (isDay.test(text)) return day(text, locale);
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  const options = { dateStyle: "medium", timeStyle: "short", timeZone: zone } as const;
  return new Intl.DateTimeFormat(tags[locale], options).format(at);
}

/** The time of day of an instant, with its day where that is not today. */
export function clock(text: string, locale: Locale, zone: string, now = new Date()): string {
  const at = new Date(text);
  const dayOf = new Intl.DateTimeFormat(tags[locale], { dateStyle: "short", timeZone: zone });
  if (dayOf.format(at) !== dayOf.format(now)) return moment(text, locale, zone);
  const options = { timeStyle: "short", timeZone: zone } as const;
  return new Intl.DateTimeFormat(tags[locale], options).format(at);
}

/** `2025-Q3`, `2025-07`, `2025-09-24..2025-10-01`: as people of that language say it. */
export function period(text: string, locale: Locale): string {
  const range = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text);
  if (range) return between(range[1] ?? "", range[2] ?? "", locale);
  const month = /^(\d{4})-(\d{2})$/.exec(text);
  if (!month)
    return isDay.test(text) ? day(text, locale) : text.replace(/^(\d{4})-(Q\d)$/, "$2 $1");
  const at = new Date(Date.UTC(Number(month[1]), Number(month[2]) - 1, 1));
  const options = { month: "short", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(tags[locale], options).format(at);
}

/** From one day until before another: the last of its days is the one before that. */
function between(from: string, until: string, locale: Locale): string {
  const options = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;
  const last = new Date(Date.parse(`${until}T00:00:00Z`) - 1);
  return new Intl.DateTimeFormat(tags[locale], options).formatRange(new Date(from), last);
}

/** A number's own digits with the mark of a language, ungrouped: as spreadsheets read it. */
function bare(digits: string, locale: Locale): string {
  return locale === "de" ? digits.replace(".", ",") : digits;
}

/**
 * A cell as a spreadsheet takes it: all digits, no grouping, no unit but a currency that the column
 * does not name. The three marks stay apart.
 */
export function plainly(cell: Cell | undefined, column: Column, locale: Locale): string {
  if (cell === null || cell === undefined) return UNKNOWN;
  if (isNotApplicable(cell, column.type)) return NOT_APPLICABLE;
  if (typeof cell === "number") return String(cell);
  if (!isObject(cell)) return String(cell);
  const shown = show(cell, column.type, locale);
  if (isMoney(cell)) {
    const text = bare(decimal(cell.minor, decimalsOf(cell.currency)), locale);
    return column.unit === cell.currency ? text : `${text} ${cell.currency}`;
  }
  if (cell.units !== undefined) return bare(decimal(cell.units, cell.scale ?? 0), locale);
  if (shown.mark === "unknown") return UNKNOWN;
  if (shown.isEstimate) return shown.exact;
  if (typeof cell.days === "number") {
    const { micros, over } = stretchOf(cell, cell.days);
    return bare(divided(micros, over * DAY, 6), locale);
  }
  const { part, whole } = cell;
  if (isMoney(part) && typeof whole === "number") {
    const scale = decimalsOf(part.currency);
    const over = BigInt(whole) * 10n ** BigInt(scale);
    const text = bare(divided(BigInt(part.minor), over, scale), locale);
    return column.unit === part.currency ? text : `${text} ${part.currency}`;
  }
  return shown.exact.split(" = ")[0] ?? shown.exact;
}

/** A cell in one line of text, for readers of screens. */
export function spoken(cell: Cell | undefined, type: string, locale: Locale): string {
  const shown = show(cell, type, locale);
  return shown.under ? `${shown.text} (${shown.under})` : shown.text;
}

/** Whether one figure is more than another; only of the same kind, and only for an arrow. */
export function direction(
  now: number | null,
  before: number | null,
): "up" | "down" | "same" | null {
  if (now === null || before === null) return null;
  if (now === before) return "same";
  return now > before ? "up" : "down";
}

export { isObject };
