//! What is taken out of a table is what is shown: its columns, its order, its line of totals; and no cell
//! of a source becomes a formula.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Cell, Column } from "@/lib/cell";
import { ordered, readOrder, turned } from "@/lib/order";
import { asCsv, asTsv, harmless, linesOf, TABLES } from "@/lib/taken";

/** What the server's files do with such texts, by its own list. */
const FORMULAS = readFileSync(
  new URL("../../crates/wire/tests/fixtures/formulas.txt", import.meta.url),
  "utf8",
)
  .split("\n")
  .filter((line) => line.includes(" => ") && !line.startsWith("#"))
  .map((line) => line.replaceAll("\\t", "\t").replaceAll("\\0", "\0").split(" => "));

const column = (id: string, type: string, unit?: string): Column => ({ id, type, unit, means: "" });
const eur = (minor: number) => ({ minor, currency: "EUR" });
const COLUMNS = [
  column("channel", "text"),
  column("n", "count"),
  column("won", "money", "EUR"),
  column("rate", "ratio"),
  column("secret", "count"),
];
const ROWS: Cell[][] = [
  ["mail", 1234, eur(150_050), { part: 1, whole: 3 }, 1],
  ["paid", 7, null, { part: 0, whole: 0 }, 2],
  [null, 9, eur(-5), { part: 9, whole: 9 }, 3],
];
const looks = (locale: "en" | "de", sort: string) => ({
  locale,
  order: readOrder(sort, "t"),
  hidden: new Set(["secret"]),
  head: (one: Column) => one.id,
  name: (cell: Cell | undefined, one: Column) =>
    one.type === "text" ? (cell ? String(cell) : "–") : null,
  total: "All",
});

describe("a table that is taken along", () => {
  it("is what is shown, in its order, with all digits", () => {
    const of = { columns: COLUMNS, rows: ROWS, totals: [null, 1250, eur(150_045), null, 6] };
    expect(linesOf(of, looks("en", "t.-n"))).toEqual([
      ["channel", "n", "won", "rate"],
      ["mail", "1234", "1500.50", "33.3333%"],
      ["–", "9", "-0.05", "100.0000%"],
      ["paid", "7", "–", "–"],
      ["All", "1250", "1500.45", "–"],
    ]);
    const german = linesOf(of, { ...looks("de", "t.n"), limit: 1 });
    expect(german[1]?.map((cell) => cell.replace(/\s/g, " "))).toEqual(["paid", "7", "–", "–"]);
    expect(linesOf(of, looks("de", "t.-n"))[1]?.[2]).toBe("1500,50");
  });

  it("has the figures compared with beside its own", () => {
    const before = { head: (head: string) => `${head}, before`, cell: () => 5 };
    const lines = linesOf(
      { columns: COLUMNS.slice(0, 2), rows: ROWS },
      { ...looks("en", ""), before },
    );
    expect(lines.slice(0, 2)).toEqual([
      ["channel", "n", "n, before"],
      ["mail", "1234", "5"],
    ]);
  });

  it("tells spreadsheets that a text is none of their formulas, and parts cells as they read them", () => {
    const lines = [
      ["=1+1", "-12.50 EUR", "-5", "@sum", 'a "b"', "x\ty", "1;2"],
      ["+49 170", "−3", "a\nb", "", "–", "-2+3", "1,2"],
    ];
    expect(asTsv(lines)).toBe(
      "'=1+1\t-12.50 EUR\t-5\t'@sum\ta \"b\"\tx y\t1;2\n+49 170\t−3\ta b\t\t–\t'-2+3\t1,2",
    );
    expect(asCsv(lines, "de")).toBe(
      '\ufeff\'=1+1;-12.50 EUR;-5;\'@sum;"a ""b""";x\ty;"1;2"\r\n+49 170;−3;"a\nb";;–;\'-2+3;1,2\r\n',
    );
    expect(asCsv([["1,2"]], "en")).toBe('\ufeff"1,2"\r\n');
  });

  it.each(FORMULAS)("%j leaves as the server's files have it", (text, told) => {
    expect(harmless(text ?? "")).toBe(told);
  });

  it("is written down by a name that the server knows", () => {
    const route = new URL("../../crates/server/src/routes/audit.rs", import.meta.url);
    const named = /const TABLES[^=]*= \[([^\]]*)\]/.exec(readFileSync(route, "utf8"))?.[1] ?? "";
    expect([...named.matchAll(/"([^"]+)"/g)].map((one) => one[1])).toEqual([...TABLES]);
  });

  it("is turned by its heads: down, up, and as it came", () => {
    const down = turned(null, "n");
    expect(ordered(COLUMNS, ROWS, down).map((row) => row[1])).toEqual([1234, 9, 7]);
    const up = turned(down, "n");
    expect(ordered(COLUMNS, ROWS, up).map((row) => row[1])).toEqual([7, 9, 1234]);
    expect(turned(up, "n")).toBeNull();
    // What is unknown stands last both ways.
    for (const isDown of [true, false]) {
      expect(ordered(COLUMNS, ROWS, { id: "won", isDown }).at(-1)?.[0]).toBe("paid");
      expect(ordered(COLUMNS, ROWS, { id: "channel", isDown }).at(-1)?.[1]).toBe(9);
    }
  });
});
