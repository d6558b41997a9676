//! Totals as they are pasted and typed, in both languages: never another amount than the one meant.

import { describe, expect, it } from "vitest";
import { readTotals } from "@/lib/totals";

const read = (text: string, locale: "en" | "de" = "en", currency = "EUR") =>
  readTotals(text, { locale, currency });
const amount = (text: string, locale: "en" | "de" = "en") =>
  read(`2025-03\t1\t${text}`, locale).totals[0]?.amount ?? null;

describe("totals", () => {
  it("are read however their cells are set apart", () => {
    const meant = [{ period: "2025-03", deals: 5, amount: "5062.50" }];
    for (const line of [
      "2025-03\t5\t5062.50",
      "2025-03;5;5062.50",
      "| 2025-03 | 5 | 5062.50 |",
      "2025-03   5   5062.50",
      "2025-03, 5, 5062.50",
      "2025-03,5,5062.50",
      '"2025-03";"5";"5,062.50"',
      "Month\tDeals\tAmount\n2025-03\t5\t€5,062.50\n",
    ]) {
      expect(read(line), line).toEqual({ totals: meant, unread: [] });
    }
  });

  it("may say only one of the two, and nothing of a period", () => {
    expect(read("2025-01 – 100\n2025-02 3\n2025-03\n2025-04\t\t7").totals).toEqual([
      { period: "2025-01", amount: "100" },
      { period: "2025-02", deals: 3 },
      { period: "2025-04", amount: "7" },
    ]);
  });

  it("have the amounts that were meant, whichever way they are written", () => {
    expect(amount("1,234,567.89")).toBe("1234567.89");
    expect(amount("1.234.567,89", "de")).toBe("1234567.89");
    expect(amount("1.234,5")).toBe("1234.5");
    expect(amount("12345,50", "de")).toBe("12345.50");
    expect(amount("12345.50", "de")).toBe("12345.50");
    expect(amount("1 234,50 €", "de")).toBe("1234.50");
    expect(amount("1’234.50 EUR")).toBe("1234.50");
    expect(amount("−1,234.50")).toBe("-1234.50");
  });

  it("take three digits behind the only mark as their language does", () => {
    expect([amount("1,234"), amount("1,234", "de")]).toEqual(["1234", "1.234"]);
    expect([amount("1.234"), amount("1.234", "de")]).toEqual(["1.234", "1234"]);
  });

  it("that are no totals are named with their lines, and none is guessed", () => {
    const whys = read(
      [
        "2025-01\t1.5\t10",
        "2025-02\t1\t10k",
        "2025-03\t1\t10 USD",
        "2025-04\t1\t£10",
        "2025-05\t1\t1,23,456",
        "2025-06\t1\t12.",
        "2025-07\t1\t2\t3",
        "2025-08\t1\t1,2345.60",
        "in all\t9\t90",
      ].join("\n"),
    );
    expect(whys.totals).toEqual([{ period: "in all", deals: 9, amount: "90" }]);
    expect(whys.unread.map(({ line, why }) => [line, why])).toEqual([
      [1, "deals"],
      [2, "amount"],
      [3, "currency"],
      [4, "currency"],
      [5, "amount"],
      [6, "amount"],
      [7, "many"],
      [8, "amount"],
    ]);
  });
});
