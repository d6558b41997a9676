//! Periods are the book's: a year that begins in April and months of four weeks stand as they are told.

import { describe, expect, it } from "vitest";
import {
  beside,
  comparedWith,
  isRunning,
  lastDay,
  newestOver,
  offered,
  type Period,
  periodName,
  running,
  shifted,
} from "@/lib/calendar";
import { de } from "@/lib/i18n/de";
import { en } from "@/lib/i18n/en";

const of = (name: string, grain: string, from: string, last: string, stands = "over"): Period => ({
  name,
  grain,
  from,
  last,
  stands,
});

/** A fiscal year from April, named by the year in which it ends; sources shown until November. */
const BOOK = [
  of("2025", "year", "2024-04-01", "2025-03-31"),
  of("2026", "year", "2025-04-01", "2026-03-31", "running"),
  of("2025-Q3", "quarter", "2024-10-01", "2024-12-31"),
  of("2025-Q4", "quarter", "2025-01-01", "2025-03-31"),
  of("2026-Q1", "quarter", "2025-04-01", "2025-06-30"),
  of("2026-Q2", "quarter", "2025-07-01", "2025-09-30"),
  of("2026-Q3", "quarter", "2025-10-01", "2025-12-31", "running"),
  of("2026-Q4", "quarter", "2026-01-01", "2026-03-31", "ahead"),
  of("2026-07", "month", "2025-10-01", "2025-10-31"),
  of("2026-08", "month", "2025-11-01", "2025-11-28", "running"),
];

describe("the book's calendar", () => {
  it("opens on the quarter that the sources reach into, whatever its name", () => {
    expect(running(BOOK)).toBe("2026-Q3");
    expect(running([])).toBeUndefined();
  });

  it("offers the newest first, and none that is to come", () => {
    expect(offered(BOOK).quarters).toEqual(["2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4", "2025-Q3"]);
    expect(offered(BOOK).years).toEqual(["2026", "2025"]);
  });

  it("knows neighbours and the year before by their places", () => {
    expect(shifted(BOOK, "2026-Q1", -1)).toBe("2025-Q4");
    expect(shifted(BOOK, "2026-Q3", 1)).toBe("2026-Q4");
    expect(shifted(BOOK, "2025-Q3", -1)).toBeNull();
    expect(comparedWith(BOOK, "2026-Q3", "year-ago")).toBe("2025-Q3");
    expect(comparedWith(BOOK, "2026-Q2", "year-ago")).toBeNull();
    expect(comparedWith(BOOK, "2026", "year-ago")).toBe("2025");
    expect(comparedWith(BOOK, "2025-03-01..2025-03-11", "previous")).toBe("2025-02-19..2025-03-01");
    expect(shifted(BOOK, "2025-W05", 1)).toBeNull();
  });

  it("says where a period ends, and whether it runs", () => {
    expect(lastDay(BOOK, "2026-Q3")).toBe("2025-12-31");
    expect(lastDay(BOOK, "2025-01-01..2025-02-01")).toBe("2025-01-31");
    expect(lastDay(BOOK, "2025-W07")).toBe("2025-W07");
    expect(isRunning(BOOK, "2026-Q3", "2025-11-14")).toBe(true);
    expect(isRunning(BOOK, "2026-Q2", "2025-11-14")).toBe(false);
    expect(isRunning(BOOK, "2025-11-01..2025-11-16", "2025-11-14")).toBe(true);
    expect(isRunning(BOOK, "2025-11-01..2025-11-15", "2025-11-14")).toBe(false);
  });

  it("calls a month by its days, whatever number the charter gives it", () => {
    expect(periodName(BOOK, "2026-07", "en")).toBe("Oct 2025");
    expect(periodName(BOOK, "2026-08", "en").replace(/\s/g, "")).toBe("1–28Nov2025");
    expect(periodName(BOOK, "2026-Q3", "en")).toBe("Q3 2026");
  });

  it("knows what is over, also where the sources end with a quarter", () => {
    expect(newestOver(BOOK)).toBe("2026-Q2");
    const ended = BOOK.map((one) => (one.stands === "running" ? { ...one, stands: "over" } : one));
    expect(running(ended)).toBe("2026-Q3");
    expect(newestOver(ended)).toBe("2026-Q3");
  });
});

describe("a period beside another", () => {
  const MARCH = [
    of("2025-02", "month", "2025-02-01", "2025-02-28"),
    of("2025-03", "month", "2025-03-01", "2025-03-31", "running"),
  ];
  const both = (period: string, compare: string, horizon: string | null, book = BOOK) => {
    const found = beside(book, period, compare, horizon);
    return [found.period, found.before, found.day, found.dayBefore];
  };

  it("that runs is beside as many days of the one before", () => {
    const q3 = "2025-10-01..2025-10-25";
    expect(both("2026-Q3", "previous", "2025-10-24")).toEqual([
      ...[q3, "2025-07-01..2025-07-25", 24, 24],
    ]);
    expect(both("2026-Q3", "year-ago", "2025-10-24")).toEqual([
      ...[q3, "2024-10-01..2024-10-25", 24, 24],
    ]);
    expect(both("2026-Q3", "2026-Q1", "2025-10-01")).toEqual([
      ...["2025-10-01..2025-10-02", "2025-04-01..2025-04-02", 1, 1],
    ]);
    expect(both("2025-10-05..2025-10-15", "previous", "2025-10-07")).toEqual([
      ...["2025-10-05..2025-10-08", "2025-09-25..2025-09-28", 3, 3],
    ]);
  });

  it("is beside all of a shorter one", () => {
    expect(both("2025-03", "previous", "2025-03-28", MARCH)).toEqual([
      ...["2025-03-01..2025-03-29", "2025-02", 28, null],
    ]);
    expect(both("2025-03", "previous", "2025-03-30", MARCH)).toEqual([
      ...["2025-03-01..2025-03-31", "2025-02", 30, null],
    ]);
  });

  it("that is over, or of which nobody knows where it ends, is whole", () => {
    expect(both("2026-Q3", "previous", "2025-12-31")).toEqual(["2026-Q3", "2026-Q2", null, null]);
    expect(both("2026-Q2", "previous", "2025-10-24")).toEqual(["2026-Q2", "2026-Q1", null, null]);
    expect(both("2026-Q4", "previous", "2025-10-24")).toEqual(["2026-Q4", "2026-Q3", null, null]);
    expect(both("2026-Q3", "previous", null)).toEqual(["2026-Q3", "2026-Q2", null, null]);
    expect(both("2025-W40", "2025-W39", "2025-10-01")).toEqual([
      ...["2025-W40", "2025-W39", null, null],
    ]);
    expect(both("2025-Q3", "previous", "2024-10-24")).toEqual(["2025-Q3", undefined, null, null]);
  });

  it("is said with its day in both languages", () => {
    expect(en.besides.toDay("Q4 2025", 24)).toBe("Q4 2025 to day 24");
    expect(en.week.changedMeans(en.besides.toDay("Q4 2025", 24), "Q3 2025")).toMatch(/to day 24/);
    const said = de.besides.toDay("Q4 2025", 24);
    expect(de.sentence.in(said)).toBe("in Q4 2025 (bis Tag 24)");
    expect(de.sentence.in(de.besides.toDay("Juli 2025", 9))).toBe("im Juli 2025 (bis Tag 9)");
  });
});
