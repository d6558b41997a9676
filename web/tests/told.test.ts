//! What a page says beside its figures is so: who signed the vision, what the clock of a promise is of, and
//! which unit a column has once.

import { describe, expect, it } from "vitest";
import { signedBy } from "@/api/charter";
import { sourcesIn } from "@/api/intake";
import { underName } from "@/features/funnel/shape";
import { headOf } from "@/lib/i18n";
import { de } from "@/lib/i18n/de";
import { en } from "@/lib/i18n/en";

describe("what stands beside a figure", () => {
  it("says who signed: both sides, one, or nobody", () => {
    const by = (side: string, counts = true) => ({ side, counts });
    expect(signedBy([])).toEqual([]);
    expect(signedBy([by("sales"), by("marketing", false)])).toEqual(["sales"]);
    expect(signedBy([by("sales"), by("marketing")])).toEqual(["marketing", "sales"]);
  });

  it("has the clock before what was promised alone", () => {
    expect(underName("24.5 %", "2 days")).toBe("24.5 % · ◷ 2 days");
    expect(underName("24.5 %", null)).toBe("24.5 %");
    expect(underName(undefined, "2 days")).toBe("◷ 2 days");
    expect(underName(undefined, null)).toBe("");
  });

  it("says the unit of plain numbers in the head, and only once", () => {
    const column = { id: "change", type: "decimal", unit: "percentage points" };
    expect(headOf(column, en)).toBe("Change, percentage points");
    expect(headOf(column, de)).toMatch(/, Prozentpunkte$/);
    for (const m of [en, de]) {
      const hours = headOf({ id: "median_h", type: "decimal", unit: "hours" }, m);
      expect(hours).toBe(m.ids.median_h);
    }
    expect(headOf({ id: "won", type: "count", unit: "deal" }, en)).toBe("Won");
    expect(headOf({ id: "bill_usd", type: "money", unit: "USD" }, en)).toBe("Bill, USD");
  });

  it("calls no source of an invented company behind", () => {
    const sources = [{ name: "crm", behind_days: 330 }];
    const told = (isDemo: boolean) =>
      sourcesIn(isDemo)
        .select?.({ sources } as never)
        .sources.map((one) => one.behind_days);
    expect(told(false)).toEqual([330]);
    expect(told(true)).toEqual([null]);
  });
});
