//! What somebody says that columns are: one part each, and each part once in a file.

import { describe, expect, it, vi } from "vitest";
import { saying, sayTexts, textsSaid } from "@/features/health/wizard/columns-said";

const of = (column: string, file = "deals.csv") => ({ file, column });

describe("what columns are said to be", () => {
  it("is kept for each, changed, and taken back", () => {
    const first = saying([], of("net"), "what it is worth");
    expect(first).toEqual([{ ...of("net"), part: "what it is worth" }]);
    const none = saying(first, of("gross"), null);
    expect(none).toEqual([{ ...of("net"), part: "what it is worth" }, of("gross")]);
    expect(saying(none, of("gross"), "the team")[1]).toEqual({ ...of("gross"), part: "the team" });
    expect(saying(none, of("net"), undefined)).toEqual([of("gross")]);
  });

  it("lets one column of a file play a part, whichever was said last", () => {
    const first = saying([], of("net"), "what it is worth");
    expect(saying(first, of("gross"), "what it is worth")).toEqual([
      { ...of("gross"), part: "what it is worth" },
    ]);
    const other = saying(first, of("gross", "leads.csv"), "what it is worth");
    expect(other).toHaveLength(2);
  });
});

describe("texts that somebody corrected", () => {
  const texts = { crm: [{ path: "sources/crm/deals.sql", text: "SELECT 1" }] };

  it("belong to their files, and go when what columns are is said anew", () => {
    sayTexts(["u1", "u2"], texts);
    expect(textsSaid(["u1", "u2"])).toEqual(texts);
    expect(textsSaid(["u1"])).toEqual({});
    sayTexts(["u1", "u2"], {});
    expect(textsSaid(["u1", "u2"])).toEqual({});
  });

  it("survive a reload of the page", async () => {
    const kept = new Map<string, string>();
    vi.stubGlobal("sessionStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => kept.set(key, text),
    });
    sayTexts(["u3"], texts);
    vi.resetModules();
    const again = await import("@/features/health/wizard/columns-said");
    expect(again.textsSaid(["u3"])).toEqual(texts);
    vi.unstubAllGlobals();
  });
});
