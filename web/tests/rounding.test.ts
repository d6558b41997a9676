//! Shares and means are rounded from whole numbers, by the law of the terminal: both read one table.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Cell } from "@/lib/cell";
import { show } from "@/lib/format";
import { divideHalfEven } from "@/lib/rounding";

const CASES = readFileSync(
  new URL("../../crates/cli/tests/fixtures/rounding.txt", import.meta.url),
  "utf8",
)
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(" ") as [string, string, string, string]);

const plain = (text: string) =>
  text
    .replaceAll(",", "")
    .replace("−", "-")
    .replace(/[^\d.-]/g, "");
const shown = (cell: Cell, type: string) => plain(show(cell, type, "en").text);

describe("a quotient is rounded as the terminal rounds it", () => {
  it.each(CASES)("%s %s of %s is %s", (kind, part, whole, wanted) => {
    const [above, below] = [Number(part), Number(whole)];
    if (kind === "share") {
      expect(shown({ part: above, whole: below }, "ratio")).toBe(wanted);
      const eur = (minor: number) => ({ minor, currency: "EUR" });
      expect(shown({ part: eur(above), whole: eur(below) }, "money_share")).toBe(wanted);
    } else if (kind === "mean") {
      expect(divideHalfEven(BigInt(part), BigInt(whole))?.toString()).toBe(wanted);
      // Yen have no parts, so that the mean is shown as the table has it.
      const cell = { part: { minor: above, currency: "JPY" }, whole: below };
      expect(shown(cell, "mean")).toBe(wanted);
    } else {
      const days = above / below / 86_400_000_000;
      const { exact } = show({ part_micros: above, whole: below, days }, "days", "en");
      // What is shown may be hours; to the digit it is days, of which the table tells one place.
      expect(Math.abs(Number(plain(exact.split(" d")[0] ?? "")) - Number(wanted))).toBeLessThan(
        0.0501,
      );
      if (Math.abs(days) >= 2)
        expect(Number(shown({ micros: above / below, days }, "days"))).toBe(Number(wanted));
    }
  });

  it("also where the whole is negative, and of nothing there is none", () => {
    expect(divideHalfEven(5n, -2n)).toBe(-2n);
    expect(divideHalfEven(-7n, -2n)).toBe(4n);
    expect(divideHalfEven(1n, 0n)).toBeNull();
    expect(show({ part: 1, whole: 0 }, "ratio", "en").text).toBe("–");
  });

  it("and amounts of no cents, and means of many parts, by the same law", () => {
    const eur = (minor: number) => ({ minor, currency: "EUR" });
    expect(show(eur(100_050), "money", "en").text).toBe("€1,000");
    expect(show(eur(100_150), "money", "en").text).toBe("€1,002");
    expect(show({ part: eur(200_100), whole: 2 }, "mean", "en").text).toBe("€1,000");
    expect(show({ part: eur(1), whole: 8 }, "mean", "de").text).toMatch(/0,00/);
    expect(show({ part: eur(-25), whole: 2 }, "mean", "en").text).toBe("−€0.12");
  });
});
