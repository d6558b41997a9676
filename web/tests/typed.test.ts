//! Amounts as people type and read them, and periods as German says them.

import { describe, expect, it } from "vitest";
import { exactly, period } from "@/lib/format";
import type { Locale } from "@/lib/i18n";
import { ALL_TIME, within } from "@/lib/i18n/de-periods";
import { typed } from "@/lib/typed";

const TYPED: [Locale, string, string][] = [
  ["de", "1.234.567,00 EUR", "1234567.00 EUR"],
  ["de", "1.234,5 €", "1234.5 EUR"],
  ["de", "EUR 12,50", "12.50 EUR"],
  ["de", "1.045", "1045"],
  ["de", "1234.50 EUR", "1234.50 EUR"],
  ["de", "1,234,567.00 EUR", "1234567.00 EUR"],
  ["de", "−7,00 EUR", "-7.00 EUR"],
  ["de", "30/120", "30/120"],
  ["en", "1,234,567.00 EUR", "1234567.00 EUR"],
  ["en", "1.234.567,00 EUR", "1234567.00 EUR"],
  ["en", "€12.50", "12.50 EUR"],
  ["en", "1,045", "1045"],
  // The server refuses what is left: nobody's cents become thousands.
  ["en", "1,50 EUR", "1,50 EUR"],
  ["de", "1,234 EUR", "1.234 EUR"],
  ["de", "1.23.4,00 EUR", "1.23.4,00 EUR"],
  ["de", "4 5 6", "4 5 6"],
];

describe("amounts", () => {
  it.each(TYPED)("in %s, %s is %s", (locale, text, read) => {
    expect(typed(text, locale)).toBe(read);
  });

  it("reads what it writes", () => {
    for (const locale of ["en", "de"] as const)
      for (const exact of ["1234567.50 EUR", "0.05 EUR", "1045", "-7.00 EUR"])
        expect(typed(exactly(exact, locale), locale)).toBe(exact);
  });

  it("writes exact texts in the language, and leaves what is no figure", () => {
    const said = (text: string) => exactly(text, "de").replace(/\s/g, " ");
    expect(said("1234567.50 EUR")).toBe("1.234.567,50 €");
    expect(said("30/1200")).toBe("30 / 1.200");
    expect(said("100.00 EUR/4")).toBe("100,00 € / 4");
    expect(said("57 d")).toBe("57 d");
    expect(said("")).toBe("");
  });
});

describe("periods in German", () => {
  it.each([
    ["2025-07", "im Juli 2025"],
    ["2025-09", "im Sept. 2025"],
    ["2025-Q3", "in Q3 2025"],
    ["2025", "im Jahr 2025"],
    ["2025-01-01..2025-02-01", "vom 1. bis 31. Jan. 2025"],
    ["2025-12-29..2026-01-05", "vom 29. Dez. 2025 bis 4. Jan. 2026"],
    ["2025-03-05..2025-03-06", "am 5. März 2025"],
  ])("%s is %s", (name, said) => {
    expect(within(period(name, "de")).replace(/\s/g, " ")).toBe(said);
  });

  it("has an article for all time", () => expect(within(ALL_TIME)).toBe("in der gesamten Zeit"));
});
