//! Columns that are hidden stand in the address by their table; widths are kept by whoever made them.

import { describe, expect, it } from "vitest";
import { readHidden, readWidths, widened, writeHidden, writeWidths } from "@/lib/columns";

describe("hidden columns", () => {
  it("are those of their own table, and leave others as they were", () => {
    const text = "sla.met,credit.linear,sla.deal_days,slab.met";
    expect(readHidden(text, "sla")).toEqual(["met", "deal_days"]);
    expect(writeHidden(text, "sla", ["late"])).toBe("credit.linear,slab.met,sla.late");
    expect(writeHidden("sla.met", "sla", [])).toBe("");
    expect(readHidden(undefined, "sla")).toEqual([]);
  });
});

describe("widths", () => {
  it("read back as they were written, within what a screen bears", () => {
    const widths = widened(widened({}, "channel", 220.4), "first:touch", 9);
    expect(widths).toEqual({ channel: 220, "first:touch": 56 });
    expect(readWidths(writeWidths(widths))).toEqual(widths);
    expect(widened(widths, "channel", null)).toEqual({ "first:touch": 56 });
    expect(readWidths("channel:9999,x,won:-4,:3,won:90")).toEqual({ channel: 640, won: 90 });
    expect(readWidths(null)).toEqual({});
  });
});
