//! What a page picks out of a plan: its lines, the odds of what comes by itself, the order of its days,
//! and the periods that goals are for.

import { describe, expect, it } from "vitest";
import type { Rows } from "@/lib/answer";
import type { Cell } from "@/lib/cell";
import { de } from "@/lib/i18n/de";
import { en } from "@/lib/i18n/en";
import { byDay, goalsAhead, linesOf, oddsAt } from "@/lib/plan";
import { LINES } from "@/lib/said";

const column = (id: string, type = "count") => ({ id, type, means: "" });
const columns = [
  column("line", "text"),
  ...["even_odds", "four_of_five", "nine_of_ten", "at_pace"].map((id) => column(id)),
  ...["half_by", "tenth_by"].map((id) => column(id, "time")),
];
const bare = (line: string): Cell[] => [line, "n/a", "n/a", "n/a", "n/a", "n/a", "n/a"];
const stage = (line: string, counts: Cell[], days: Cell[] = [null, null]): Cell[] => [
  line,
  ...counts,
  ...days,
];

describe("the lines of a plan", () => {
  it("come in one order, also where a stage is called as one of them", () => {
    const rows = [...LINES.map(bare), stage("deals", [1, 2, 3, 4]), stage("goal", [5, 6, 7, 8])];
    const lines = linesOf({ columns, rows });
    expect(lines?.goal).toBe(rows[0]);
    expect(lines?.deals).toBe(rows[4]);
    expect(lines?.stages).toEqual(rows.slice(5));
  });

  it("are none where another answer has them", () => {
    expect(linesOf({ columns, rows: LINES.slice(0, 4).map(bare) })).toBeNull();
    expect(linesOf({ columns, rows: [...LINES].reverse().map(bare) })).toBeNull();
  });

  it("have a word each in both languages", () => {
    for (const { plan } of [en, de]) expect(Object.keys(plan.lines)).toEqual([...LINES]);
  });
});

describe("as many as come by themselves", () => {
  const odds = (counts: Cell[]) => {
    const row = stage("mql", counts);
    return oddsAt({ columns, rows: [row] }, row);
  };

  it("are enough in so many of ten cases, from each bound on", () => {
    expect([214, 215, 294, 295, 340, 341].map((pace) => odds([215, 295, 341, pace]))).toEqual([
      "less",
      "even",
      "even",
      "eight",
      "eight",
      "nine",
    ]);
    expect(odds([0, 0, 0, 0])).toBe("nine");
  });

  it("are not enough where no number is, and are told of nothing where nothing is known", () => {
    expect(odds([215, 295, null, 400])).toBe("eight");
    expect(odds([null, null, null, 400])).toBeNull();
    expect(odds([215, 295, 341, null])).toBeNull();
    expect(odds(["n/a", "n/a", "n/a", "n/a"])).toBeNull();
  });
});

it("stages come by the day after which they are too late, what nobody knows last", () => {
  const days: [string, Cell[]][] = [
    ["late", ["2026-03-15", "2026-03-24"]],
    ["unknown", [null, null]],
    ["early", ["2026-01-21", "2026-02-10"]],
    ["same", ["2026-03-15", "2026-03-20"]],
  ];
  const rows = days.map(([name, both]) => stage(name, [1, 2, 3, 4], both));
  const sorted = byDay({ columns, rows }, rows).map((row) => row[0]);
  expect(sorted).toEqual(["early", "same", "late", "unknown"]);
});

it("periods with something to win that are not over are offered, each once", () => {
  const goals: Rows = {
    columns: [
      column("period", "text"),
      column("measure", "text"),
      { ...column("days_over"), type: "ratio" },
    ],
    rows: [
      ["2025-Q4", "revenue", { part: 92, whole: 92 }],
      ["2026-Q1", "revenue", { part: 0, whole: 90 }],
      ["2026-Q1", "quota", { part: 0, whole: 90 }],
      ["2026-Q2", "spend", { part: 0, whole: 91 }],
      ["2026-02", "quota", { part: 3, whole: 28 }],
      ["2026-Q3", "revenue", null],
    ],
  };
  expect(goalsAhead(goals)).toEqual(["2026-Q1", "2026-02"]);
});
