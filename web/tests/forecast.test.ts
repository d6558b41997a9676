//! What a page picks out of a forecast: who speaks, what else is noted, rows and their ranges.

import { describe, expect, it } from "vitest";
import type { Rows } from "@/lib/answer";
import {
  ALL_PARTS,
  calledBy,
  isCounted,
  monthFrom,
  othersIn,
  partOf,
  rangeOf,
  speaksIn,
} from "@/lib/forecast";

const notes = [
  "from 2025-10-01 until before 2026-01-01, told from what had happened by the end of 2025-09-30",
  "deals: by last_period, as many as in as many days before: …",
  "value: by the model: …",
  "3 pursuits without a day: in no part until it has one",
];

describe("the notes of a forecast", () => {
  it("say who speaks of which figure, and what is noted besides", () => {
    expect(speaksIn(notes, "deals")).toBe("by last_period, as many as in as many days before: …");
    expect(speaksIn(notes, "value")).toBe("by the model: …");
    expect(speaksIn(notes.slice(0, 2), "value")).toBeUndefined();
    expect(othersIn(notes)).toEqual([notes[3]]);
  });
});

describe("the rows of a forecast", () => {
  const names = ["team", "part"].map((id) => ({ id, type: "text", means: "" }));
  const points = ["deals_p10", "deals_p50", "deals_p90"].map((id) => ({
    ...{ id, type: "number", means: "" },
  }));
  const answer: Rows = {
    columns: [...names, ...points],
    rows: [
      ["sales", "already_won", 4, 4, 4],
      ["sales", "open_deals", null, null, null],
      ["sales", "all", 9, 12, 16],
    ],
  };

  it("are found by their part, with both ends and the middle of a figure", () => {
    expect(rangeOf(answer, partOf(answer, ALL_PARTS), "deals")).toEqual([9, 12, 16]);
    expect(rangeOf(answer, partOf(answer, "open_deals"), "deals")).toEqual([null, null, null]);
    expect(rangeOf(answer, partOf(answer, ALL_PARTS), "value")).toEqual([null, null, null]);
    expect(rangeOf(answer, partOf(answer, "leads_in_hand"), "deals")).toEqual([null, null, null]);
  });

  it("are counted where it is won already, and told else", () => {
    expect(answer.rows.map((row) => isCounted(answer, row))).toEqual([true, false, false]);
  });
});

describe("a window", () => {
  const month = { name: "2025-10", grain: "month", from: "2025-10-01", last: "2025-10-31" };
  const quarter = { name: "2025-Q4", grain: "quarter", from: "2025-10-01", last: "2025-12-31" };
  const periods = [quarter, month].map((one) => ({ ...one, stands: "ahead" }));

  it("is called as its period where it is one, and else by its days", () => {
    expect(calledBy(periods, "2025-10-01", "2025-11-01")).toBe("2025-10");
    expect(calledBy(periods, "2025-10-01", "2026-01-01")).toBe("2025-Q4");
    expect(calledBy(periods, "2025-09-01", "2025-12-01")).toBe("2025-09-01..2025-12-01");
    expect(monthFrom(periods, "2025-10-01")).toBe("2025-10");
    expect(monthFrom(periods, "2026-01-01")).toBe("2026-01");
    expect(monthFrom(periods, "2025-09-29")).toBe("2025-09-29");
  });
});
