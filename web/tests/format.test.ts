//! Cells as texts: exact where they are exact, with three marks for what is nought, unknown and not
//! applicable.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Cell } from "@/lib/cell";
import { clock, decimalsOf, show, weekday } from "@/lib/format";

const eur = (minor: number) => ({ minor, currency: "EUR" });
const CASES: [string, Cell, string, string, string | undefined][] = [
  ["a count", 1234567, "count", "1,234,567", undefined],
  ["nought", 0, "count", "0", undefined],
  ["unknown", null, "count", "–", undefined],
  ["not applicable", "n/a", "count", "n/a", undefined],
  ["a text of those letters", "n/a", "text", "n/a", undefined],
  ["a negative count has a minus and no hyphen", -5, "count", "−5", undefined],
  ["small money to the cent", eur(12345), "money", "€123.45", undefined],
  ["large money without cents", eur(123456789), "money", "€1,234,568", undefined],
  ["yen have no cents", { minor: 1500, currency: "JPY" }, "money", "JP¥1,500", undefined],
  ["a share", { part: 123, whole: 1141 }, "ratio", "10.8%", "123 / 1,141"],
  ["a share of nothing", { part: 0, whole: 0 }, "ratio", "–", "0 / 0"],
  [
    "a share of money",
    { part: eur(5000), whole: eur(20000) },
    "money_share",
    "25.0%",
    "€50.00 / €200.00",
  ],
  ["a mean", { part: eur(10000), whole: 4 }, "mean", "€25.00", "€100.00 / 4"],
  ["a mean of nothing", { part: eur(0), whole: 0 }, "mean", "–", undefined],
  [
    "an estimate",
    { estimate: 0.268, low: 0.216, high: 0.323 },
    "estimated_share",
    "≈ 26.8%",
    "21.6% – 32.3%",
  ],
  [
    "an estimate that is not known",
    { estimate: null, low: null, high: null },
    "estimated_share",
    "–",
    undefined,
  ],
  ["days", { micros: 1_404_864_000_000, days: 16.26 }, "days", "16.3 days", undefined],
  ["hours", { micros: 43_200_000_000, days: 0.5 }, "days", "12 hrs", undefined],
  ["a decimal", { units: 19185, scale: 2 }, "decimal", "191.85", undefined],
];

describe("a figure", () => {
  it.each(CASES)("%s", (_, cell, type, text, under) => {
    const shown = show(cell, type, "en");
    expect(shown.text).toBe(text);
    expect(shown.under).toBe(under);
  });

  it("of more digits than a float has is shown to the last of them", () => {
    expect(show({ units: "9223372036854775808", scale: 2 }, "decimal", "en").exact).toBe(
      "92,233,720,368,547,758.08",
    );
    expect(show(eur(Number.MAX_SAFE_INTEGER), "money", "en").exact).toBe("€90,071,992,547,409.91");
  });

  it("has as many digits of a currency as the ledger keeps, whatever browsers round to", () => {
    expect(show({ minor: 1234567, currency: "HUF" }, "money", "en").exact).toMatch(/12,345\.67$/);
    const ledger = readFileSync(
      new URL("../../crates/model/src/money.rs", import.meta.url),
      "utf8",
    );
    const body = /fn exponent[\s\S]*?_ => 2/.exec(ledger)?.[0] ?? "";
    let told = 0;
    for (const [, codes, digits] of body.matchAll(/((?:"[A-Z]{3}"[\s|]*)+)=> (\d)/g)) {
      for (const [, code] of (codes ?? "").matchAll(/"([A-Z]{3})"/g)) {
        expect(decimalsOf(code ?? ""), code).toBe(Number(digits));
        told += 1;
      }
    }
    expect(told).toBeGreaterThan(20);
    for (const code of ["EUR", "USD", "HUF", "IDR", "PKR"]) expect(decimalsOf(code)).toBe(2);
  });

  it("tells a text from what is not applicable, and small shares from large ones", () => {
    expect(show("n/a", "count", "en").mark).toBe("not-applicable");
    expect(show("n/a", "text", "en").mark).toBeUndefined();
    expect(show({ part: 1, whole: 29 }, "ratio", "en").isSmall).toBe(true);
    expect(show({ part: 1, whole: 30 }, "ratio", "en").isSmall).toBe(false);
  });

  it("tells between what a share of few may lie, in the server's own numbers", () => {
    const few = { part: 3, whole: 7, low: 0.158219855251, high: 0.749541635472 };
    expect(show(few, "ratio", "en")).toEqual({
      text: "42.9%",
      under: "3 / 7",
      exact: "42.8571% = 3 / 7 (95%: 15.8% – 75.0%)",
      interval: "15.8% – 75.0%",
      isSmall: true,
    });
    expect(show(few, "ratio", "de").interval?.replace(/\s/g, " ")).toBe("15,8 % – 75,0 %");
    const many = show({ part: 30, whole: 70 }, "ratio", "en");
    expect(many.interval).toBeUndefined();
    expect(many.exact).toBe("42.8571% = 30 / 70");
  });

  it("calls a charter's weekdays as people do, and knows no other", () => {
    expect(weekday("monday", "de")).toBe("Montag");
    expect(weekday("sunday", "en")).toBe("Sunday");
    expect(weekday("someday", "de")).toBeUndefined();
  });

  it("speaks German with a comma", () => {
    expect(show({ part: 1, whole: 8 }, "ratio", "de").text.replace(/\s/g, " ")).toBe("12,5 %");
  });
});

it("says the time of an instant, and its day too where that is over", () => {
  const at = "2026-03-01T22:30:00Z";
  const said = (now: string, zone: string) => clock(at, "en", zone, new Date(now));
  expect(said("2026-03-01T23:10:00Z", "UTC")).toBe("22:30");
  expect(said("2026-03-02T00:10:00Z", "UTC")).toBe("1 Mar 2026, 22:30");
  expect(said("2026-03-02T00:10:00Z", "America/New_York")).toBe("17:30");
});
