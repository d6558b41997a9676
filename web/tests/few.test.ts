//! A middle of few records says of how many, as a share does: by its own row's count.

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Cell, Column } from "@/lib/cell";
import { fewBehind } from "@/lib/few";

const column = (id: string): Column => ({ id, type: "count", means: "" });
const columns = ["handed", "assigned", "n", "median", "p90_h", "age_assigned"].map(column);
const row: Cell[] = [40, { part: 12, whole: 50 }, 7, { days: 3 }, null, { days: 1 }];

it("a middle is of its row's count, and of thirty no more said", () => {
  expect(fewBehind(columns, row, "median")).toBe(7);
  expect(fewBehind(columns, row, "age_assigned")).toBe(12);
  expect(fewBehind(columns, row, "p90_h")).toBeUndefined();
  expect(fewBehind(columns, row, "n")).toBeUndefined();
  expect(fewBehind(columns, [40, null, 30, { days: 3 }], "median")).toBeUndefined();
  expect(fewBehind([], [], "median")).toBeUndefined();
});

it("knows each middle and long time that an answer has", () => {
  const root = new URL("../../crates/engine/src/answer/", import.meta.url);
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rs"))
    .map((name) => readFileSync(new URL(name, root), "utf8"));
  // Ids of figures that are read as a median or a quantile.
  const own = sources.flatMap((source) => [
    ...source.matchAll(/\b(?:estimate|hours|median)\(\s*"([a-z0-9_]+)"/g),
  ]);
  const ids = new Set(own.map((one) => one[1] ?? "").filter((id) => id !== "mean"));
  const counts = ["n", "timed", "stays", "handed", "leads", "assigned", "worked"].map(column);
  const few: Cell[] = counts.map(() => 1);
  expect(ids.size).toBeGreaterThan(7);
  expect([...ids].filter((id) => fewBehind(counts, few, id) === undefined)).toEqual([]);
});
