//! The address is the state: what is written is read back, and nothing of others gets in.

import { describe, expect, it } from "vitest";
import { recordsPath } from "@/api/queries";
import {
  asAnswered,
  asked,
  kept,
  keyOf,
  readOrigin,
  readSearch,
  validated,
  writeOrigin,
  writeSearch,
} from "@/lib/address";
import { weeksTo } from "@/lib/period";

describe("an address", () => {
  it("keeps texts as texts", () => {
    const address = {
      period: "2025",
      where: "deal.product = 'GTX Pro' & 1 > 0",
      by: "month,channel",
    };
    expect(validated(readSearch(writeSearch(address)))).toEqual(address);
  });

  it("drops words that are not ours and what is empty", () => {
    expect(validated({ period: "2025", evil: "x", by: "", view: 7 })).toEqual({ period: "2025" });
  });

  it("brings an origin back, row by row, whatever its cells hold", () => {
    const origin = {
      question: asked("funnel", { view: "flow", period: "2025-Q3", where: "a = 'b&c'" }),
      column: "won",
      row: ["missing, and more", "a&row=b", "–"],
    };
    expect(readOrigin(writeOrigin(origin))).toEqual(origin);
  });

  it("calls the same question the same, in whatever order its words were said", () => {
    expect(keyOf(asked("funnel", { view: "flow", by: "rep" }))).toBe(
      keyOf(asked("funnel", { by: "rep" }, { view: "flow" })),
    );
  });
});

describe("days", () => {
  it("counts a week back from the last day that the sources show", () => {
    expect(weeksTo("2025-12-31").week).toBe("2025-12-25..2026-01-01");
  });
});

describe("what a figure leads to", () => {
  const question = asked("metric", { of: "revenue", period: "2025-Q3" });
  const reply = (seq: number, charter?: string) => ({ lineage: { seq }, question: { charter } });

  it("is of the commit and charter that the figure is of", () => {
    expect(asAnswered(question, reply(7)).words).toEqual({ ...question.words, "as-of": "7" });
    expect(asAnswered(question, reply(7, "abc")).words.charter).toBe("abc");
    const path = recordsPath(
      { question: asAnswered(question, reply(7)), column: "won", row: [] },
      "",
    );
    expect(path).toContain("as-of=7");
  });

  it("stays as of whenever was asked", () => {
    const then = asked("metric", question.words, { "as-of": "2025-03-31T18:00:00Z" });
    expect(asAnswered(then, reply(9))).toBe(then);
    const under = asked("metric", question.words, { charter: "draft" });
    expect(asAnswered(under, reply(9, "other")).words.charter).toBe("draft");
  });

  it("keeps the moment of the page on the way to another", () => {
    const now = { period: "2025", compare: "previous", charter: "x", "as-of": "7" };
    expect(kept({ ...now, by: "channel", of: "A", rec: "r" })).toEqual(now);
  });
});
