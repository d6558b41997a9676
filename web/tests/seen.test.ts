//! Every row of a list can be scrolled to, however long it is, and stands inside the window then.

import { describe, expect, it } from "vitest";
import { ROW, seen } from "@/lib/seen";

const WINDOW = 640;

describe("a long list", () => {
  it.each([1, 20, 21, 1_000, 250_000, 1_000_000, 50_000_000])("of %d shows its ends", (of) => {
    const top = seen(of, 0, WINDOW);
    expect([top.from, top.shift]).toEqual([0, 0]);
    const bottom = seen(of, top.height, WINDOW);
    expect(bottom.until).toBe(of);
    // The last row ends where the list does.
    expect(of * ROW + bottom.shift).toBe(top.height);
    expect(top.height).toBeLessThanOrEqual(8_000_000);
    expect(bottom.until - bottom.from).toBeLessThan(60);
  });

  it("moves row by row where it is not too long", () => {
    for (const top of [0, 1, 31, 32, 5_000]) {
      expect(seen(1_000, top, WINDOW).shift).toBe(0);
    }
    expect(seen(1_000, 100 * ROW, WINDOW).from).toBe(88);
  });

  it("leaves out no row on the way down", () => {
    const of = 1_000_000;
    let until = 0;
    // A wheel's notch is a hundred pixels; here every pixel is a place.
    for (let top = 4_000_000; top < 4_000_400; top += 1) {
      const { from, until: next, shift } = seen(of, top, WINDOW);
      expect(from * ROW + shift).toBeLessThanOrEqual(top);
      expect(next * ROW + shift).toBeGreaterThanOrEqual(top + WINDOW);
      if (until > 0) expect(from).toBeLessThan(until);
      until = next;
    }
  });
});
