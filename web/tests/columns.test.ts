//! Columns that are hidden stand in the address by their table; widths are kept by whoever made them.

import { describe, expect, it } from "vitest";
import { looksOf, readHidden, readWidths, widened, writeHidden, writeWidths } from "@/lib/columns";

describe("hidden columns", () => {
  it("are those of their own table, and leave others as they were", () => {
    const text = "sla.met,credit.linear,sla.deal_days,slab.met";
    expect(readHidden(text, "sla")).toEqual(["met", "deal_days"]);
    expect(writeHidden(text, "sla", ["late"])).toBe("credit.linear,slab.met,sla.late");
    expect(writeHidden("sla.met", "sla", [])).toBe("");
    expect(readHidden(undefined, "sla")).toEqual([]);
  });
});

describe("files of a table", () => {
  const ids = ["campaign", "currency", "deals", "linear", "touches"];
  const plain = { order: null, without: [""], hidden: [] };

  it("lack what the page leaves out by itself, and what somebody hid", () => {
    expect(looksOf(ids, { ...plain, without: ["currency", "name"], hidden: ["touches"] })).toEqual({
      hide: "currency,touches",
    });
    expect(looksOf(ids, plain)).toEqual({});
    expect(looksOf(ids, { ...plain, hidden: ["nonsense"] })).toEqual({});
  });

  it("keep what names the rows first, which may stand behind what the page leaves out", () => {
    expect(looksOf(ids, { ...plain, hidden: ["campaign", "deals"] })).toEqual({ hide: "deals" });
    const all = { ...plain, without: ["campaign"], hidden: ["currency", "deals"] };
    expect(looksOf(ids, all)).toEqual({ hide: "campaign,deals" });
  });

  it("go by the order of the page, where they have that column", () => {
    const order = { id: "linear", isDown: true };
    expect(looksOf(ids, { ...plain, order })).toEqual({ order: "-linear" });
    expect(looksOf(ids, { ...plain, order: { id: "gone", isDown: false } })).toEqual({});
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
