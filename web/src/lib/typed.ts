//! Amounts as people type them in their language, as the server reads them: `1.234.567,50 €` is
//! `1234567.50 EUR`. What could be two amounts is handed on as it is, and the server refuses it.

import type { Locale } from "./i18n";

const SIGNS: Record<string, string> = { "€": "EUR", "£": "GBP" };

const isGrouped = (text: string, sign: string) =>
  text
    .split(sign)
    .every((group, at) => (at === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(group.replace(/[.,]\d*$/, "")));

/** Which of the two signs parts the decimals of a number, or neither. */
function decimalOf(number: string, locale: Locale): "." | "," | null {
  const [points, commas] = [".", ","].map((sign) => number.split(sign).length - 1) as [
    number,
    number,
  ];
  if (points > 0 && commas > 0)
    return number.lastIndexOf(",") > number.lastIndexOf(".") ? "," : ".";
  if (points + commas !== 1) return null;
  const sign = points === 1 ? "." : ",";
  const own = locale === "de" ? "," : ".";
  // The other language's sign parts thousands where three digits follow, and else the decimals.
  if (sign !== own && isGrouped(number, sign)) return null;
  // A comma that parts decimals is no English: the server says so rather than that we guess.
  return locale === "en" && sign === "," ? null : sign;
}

function plain(number: string, locale: Locale): string {
  const decimal = decimalOf(number, locale);
  if (decimal === null) {
    const sign = number.includes(",") ? "," : ".";
    return isGrouped(number, sign) ? number.replaceAll(sign, "") : number;
  }
  const cut = number.lastIndexOf(decimal);
  const whole = number.slice(0, cut);
  const sign = decimal === "," ? "." : ",";
  if (whole.includes(decimal) || (whole.includes(sign) && !isGrouped(whole, sign))) return number;
  return `${whole.replaceAll(sign, "")}.${number.slice(cut + 1)}`;
}

/** A balance as the server reads it. */
export function typed(text: string, locale: Locale): string {
  const said = text
    .trim()
    .replace(/[€£]/g, (sign) => ` ${SIGNS[sign] ?? sign} `)
    .replace(/^−/, "-")
    .replace(/\s+/g, " ")
    .trim();
  // The currency may stand before its amount.
  const [, sign = "", before, rest] = /^(-?) ?([A-Za-z]{3}) (\S+)$/.exec(said) ?? [];
  const turned = before && rest ? `${sign}${rest} ${before}` : said;
  return turned.replace(/\d[\d.,]*/g, (number) => plain(number, locale));
}
