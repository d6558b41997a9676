//! The pencil that browser tests read figures with: it must see a figure that is wrong.

import { describe, expect, it } from "vitest";
import { differs, numbers } from "../e2e/reading";

describe("a figure is read", () => {
  it("with its sign, its groups, its word and how far its last digit reaches", () => {
    expect(numbers("−€1,234.56")).toEqual([{ value: -1234.56, reach: 0.005 }]);
    expect(numbers("€1.23m")).toEqual([{ value: 1.23e6, reach: 5000 }]);
    expect(numbers("26.5% = 614 / 2,320").map((one) => one.value)).toEqual([26.5, 614, 2320]);
    expect(numbers("12 hrs")[0]?.value).toBeCloseTo(0.5);
    expect(numbers("3.25 d, n = 40").map((one) => one.value)).toEqual([3.25, 40]);
    expect(numbers("–")).toEqual([]);
  });

  it("and one that is wrong is seen", () => {
    const share = { part: 614, whole: 2320 };
    const shown = { text: "26.5%", exact: "26.4655% = 614 / 2,320" };
    expect(differs(share, shown)).toBeNull();
    expect(differs({ part: 615, whole: 2320 }, shown)).toMatch(/615/);
    expect(differs({ part: 640, whole: 2320 }, shown)).toMatch(/27\.58/);
    expect(differs({ part: 0, whole: 0 }, { text: "–", exact: "0 / 0" })).toBeNull();
    expect(differs({ part: 0, whole: 0 }, { text: "0.0%", exact: "0 / 0" })).not.toBeNull();
    const money = { minor: 123456, currency: "EUR" };
    expect(differs(money, { text: "€1,235", exact: "€1,234.56" })).toBeNull();
    expect(differs(money, { text: "€1,235", exact: "€1,234.57" })).not.toBeNull();
    expect(differs(money, { text: "€1,236", exact: "€1,234.56" })).not.toBeNull();
    expect(differs(null, { text: "0", exact: "0" })).not.toBeNull();
    expect(differs(7, { text: "7", exact: "7" })).toBeNull();
    const mean = { part: money, whole: 12 };
    expect(differs(mean, { text: "€102.88", exact: "€1,234.56 / 12" })).toBeNull();
  });
});
