//! Reads figures as a person with a pencil would: the numbers in a text, how far their last digit
//! reaches, and whether a cell is within. It shares nothing with what writes them on the page.

/** A number in a text, and half a unit of its last digit. */
interface Read {
  value: number;
  reach: number;
}

const TIMES: Record<string, number> = { k: 1e3, m: 1e6, b: 1e9, bn: 1e9, t: 1e12, tn: 1e12 };
/** Days of each word for a stretch of time. */
const DAYS: Record<string, number> = { min: 1 / 1440, hr: 1 / 24, day: 1, d: 1 };
/** Digits behind the mark; a currency that is not here is not read. */
const DECIMALS: Record<string, number> = { EUR: 2, USD: 2, GBP: 2, JPY: 0 };

const NUMBER =
  /([−-]?)([^\d\s−-]*)([\d,]*\d)(?:\.(\d+))?\s?(%|mins?|hrs?|days?|d\b|bn|tn|[kmbt]\b)?/gi;

/** All numbers of a text, in order. */
export function numbers(text: string): Read[] {
  return [...text.matchAll(NUMBER)].map(([, sign, , whole = "", part = "", word = ""]) => {
    const unit = word.toLowerCase();
    const times = TIMES[unit] ?? DAYS[unit.replace(/s$/, "")] ?? 1;
    const value = Number(`${whole.replaceAll(",", "")}.${part || "0"}`) * times;
    return { value: sign ? -value : value, reach: 0.5 * 10 ** -part.length * times };
  });
}

interface Money {
  minor: number;
  currency: string;
}

const isMoney = (part: unknown): part is Money =>
  typeof part === "object" && part !== null && "minor" in part;

function amount({ minor, currency }: Money): number {
  const digits = DECIMALS[currency];
  if (digits === undefined) throw new Error(`how many digits has ${currency}?`);
  return minor / 10 ** digits;
}

interface Parts {
  part?: number | Money;
  whole?: number | Money;
  units?: number | string;
  scale?: number;
  days?: number | null;
  estimate?: number | null;
}

/** A figure of a cell: what it is, and to the digit; what it is made of, where the tip says it. */
interface Meant {
  value: number;
  of: number[];
}

/** What a cell says; nothing where it says that nobody knows. */
function meant(cell: unknown): Meant | null {
  if (typeof cell === "number") return { value: cell, of: [] };
  if (isMoney(cell)) return { value: amount(cell), of: [] };
  const { part, whole, units, scale, days, estimate } = cell as Parts;
  if (units !== undefined) return { value: Number(units) / 10 ** (scale ?? 0), of: [] };
  if (estimate !== undefined) return estimate === null ? null : { value: estimate * 100, of: [] };
  if (days !== undefined) {
    if (days === null) return null;
    return { value: days, of: typeof whole === "number" ? [whole] : [] };
  }
  if (part === undefined || whole === undefined) throw new Error(`a cell: ${JSON.stringify(cell)}`);
  const [above, below] = [part, whole].map((one) => (isMoney(one) ? amount(one) : one));
  if (above === undefined || below === undefined || below === 0) return null;
  // A mean of money is told as its sum and its number, a share as percent.
  if (isMoney(part) && !isMoney(whole)) return { value: above / below, of: [above, below] };
  return { value: (above / below) * 100, of: [above, below] };
}

const isWithin = (read: Read, value: number, slack = 1.001) =>
  Math.abs(read.value - value) <= read.reach * slack + 1e-9;

/** Why a figure's text or its tip is not what the cell says; nothing where both are. */
export function differs(cell: unknown, shown: { text: string; exact: string }): string | null {
  if (cell === "n/a") return shown.text.startsWith("n/a") ? null : "it is not applicable";
  const says = cell === null ? null : meant(cell);
  if (says === null) return shown.text.startsWith("–") ? null : `it is ${JSON.stringify(cell)}`;
  const [first] = numbers(shown.text);
  if (!first || !isWithin(first, says.value)) return `it is ${says.value}`;
  const told = numbers(shown.exact);
  const isMean = says.of.length === 2 && !shown.exact.includes("%");
  const wanted = isMean ? says.of : [says.value, ...says.of];
  const wrong = wanted.findIndex((value, at) => {
    const read = told[at];
    return !read || !isWithin(read, value);
  });
  return wrong < 0 ? null : `to the digit it is ${wanted.join(", ")}`;
}
