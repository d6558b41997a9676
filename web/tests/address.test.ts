//! The address is the state: what is written is read back, and nothing of others gets in.

import { describe, expect, it } from "vitest";
import {
  asked,
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
