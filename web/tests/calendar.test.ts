//! Periods are the book's: a year that begins in April and months of four weeks stand as they are told.

import { describe, expect, it } from "vitest";
import {
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
