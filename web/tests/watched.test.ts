//! Whose end is told: work that was seen to run, once, whatever page it is by then.

import { beforeEach, describe, expect, it, vi } from "vitest";

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  });
});

const job = (id: string, state: string) => ({ id, state });

describe("work that somebody waits for", () => {
  it("is kept once, survives a reload, and is not waited for once it is told", async () => {
    const { unwatch, watch } = await import("@/lib/watched");
    for (const id of ["a", "b", "a"]) watch(id);
    expect([...kept.values()]).toEqual(["a,b"]);
    vi.resetModules();
    const again = await import("@/lib/watched");
    again.watch("c");
    unwatch(["b"]);
    expect([...kept.values()]).toEqual(["a,c"]);
  });

  it("is told when it has ended, and forgotten when nobody knows it", async () => {
    const { over } = await import("@/lib/watched");
    const jobs = [job("a", "running"), job("b", "done"), job("c", "refused"), job("d", "done")];
    const found = over(["a", "b", "c", "x"], jobs);
    expect(found).toEqual({ ended: [job("b", "done"), job("c", "refused")], gone: ["x"] });
    expect(over(["a"], jobs)).toEqual({ ended: [], gone: [] });
  });
});
