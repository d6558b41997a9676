//! Totals of another system as people paste or type them: a period, how many deals, their amount.
//! Texts become what the API takes; what they come to is said by the server alone.

import type { Locale } from "./i18n";

export interface Total {
  period: string;
  deals?: number;
  /** With a point before its decimals, and no other mark. */
  amount?: string;
}

export interface Unread {
  /** Its number among all lines, from 1. */
  line: number;
  text: string;
  why: "many" | "deals" | "amount" | "currency";
}

export interface ReadTotals {
  totals: Total[];
  unread: Unread[];
}

interface Asked {
  locale: Locale;
  currency: string;
}

/** What sets decimals apart, where a text alone does not say it. */
const DECIMAL: Record<Locale, string> = { en: ".", de: "," };
/** Signs that stand for one currency only. */
const SIGNS: Record<string, string> = { "€": "EUR", "£": "GBP" };
/** How somebody writes that nothing was said. */
const NONE = /^[–—-]?$/;

/** Each line is a total; a line of a period alone, with nothing said of it, is none. */
export function readTotals(text: string, asked: Asked): ReadTotals {
  const read: ReadTotals = { totals: [], unread: [] };
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    // What has no digit before the first total is the head of a table.
    if (line === "" || (!/\d/.test(line) && read.totals.length === 0)) continue;
    const found = readLine(line, asked);
    if (typeof found === "string") read.unread.push({ line: at + 1, text: line, why: found });
    else if (found.deals !== undefined || found.amount !== undefined) read.totals.push(found);
  }
  return read;
}

function readLine(line: string, asked: Asked): Total | Unread["why"] {
  const [period = "", ofDeals = "", ofAmount = "", ...more] = cells(line);
  if (more.some((cell) => cell !== "")) return "many";
  const total: Total = { period };
  if (!NONE.test(ofDeals)) {
    const deals = wholeNumber(ofDeals);
    if (deals === null) return "deals";
    total.deals = deals;
  }
  if (!NONE.test(ofAmount)) {
    const bare = withoutCurrency(ofAmount, asked.currency);
    if (bare === null) return "currency";
    const amount = pointed(bare, DECIMAL[asked.locale]);
    if (amount === null) return "amount";
    total.amount = amount;
  }
  return total;
}

/** As a spreadsheet copies them, as a file has them, or as somebody types them with blanks. */
function cells(line: string): string[] {
  const bare = line.replace(/^\||\|$/g, "");
  const mark = ["\t", ";", "|"].find((one) => bare.includes(one));
  if (mark) return bare.split(mark).map(unquoted);
  const [period = "", deals, ...amount] = bare.split(/\s+/);
  if (deals === undefined) return bare.split(",").map(unquoted);
  const ends = (cell: string) => unquoted(cell.replace(/,$/, ""));
  return [ends(period), ends(deals), unquoted(amount.join(" "))];
}

const unquoted = (cell: string) => cell.trim().replace(/^"(.*)"$/, "$1");

/** One mark groups all digits by three: `1.234.567`, `1 234`. */
const GROUPED = /^\d{1,3}(?:([.,'’\s])\d{3})(?:\1\d{3})*$/u;

function wholeNumber(text: string): number | null {
  if (!/^\d+$/.test(text) && !GROUPED.test(text)) return null;
  return Number(text.replace(/\D/g, ""));
}

/** The digits and marks of an amount; `null` where it says another currency than the one asked. */
function withoutCurrency(text: string, currency: string): string | null {
  const said = [...text.matchAll(/\b[A-Z]{3}\b|[€£]/g)].map(([one]) => SIGNS[one] ?? one);
  if (said.some((one) => one !== currency)) return null;
  return text.replace(/\b[A-Z]{3}\b|\p{Sc}/gu, "").trim();
}

/** An amount with a point before its decimals; `null` of what is no amount. */
function pointed(text: string, decimal: string): string | null {
  const [, minus = "", digits = ""] = /^([−-]?)\s*(\d.*)$/.exec(text) ?? [];
  const sign = minus ? "-" : "";
  if (/^\d+$/.test(digits)) return sign + digits;
  const at = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
  const mark = digits.charAt(at);
  const [whole, part] = [digits.slice(0, at), digits.slice(at + 1)];
  // Three digits behind the only mark are a group, unless the mark is the language’s own for decimals.
  const isGroup = at < 0 || whole.includes(mark) || (GROUPED.test(digits) && mark !== decimal);
  if (isGroup) return GROUPED.test(digits) ? sign + digits.replace(/\D/g, "") : null;
  const isWhole = /^\d+$/.test(whole) || GROUPED.test(whole);
  return isWhole && /^\d+$/.test(part) ? `${sign}${whole.replace(/\D/g, "")}.${part}` : null;
}
