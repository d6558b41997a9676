//! The drawing of paths: what leads forward lies in columns, what leads back is an arc, and nothing is
//! summed into a figure.

import { expect, it } from "vitest";
import { laid, spotsOf, waysOf } from "@/features/funnel/ways";
import type { Rows } from "@/lib/answer";
import type { Words } from "@/lib/book";

const stage = (id: string, role: string, side: string | null) => ({
  id,
  name: id.toUpperCase(),
  role,
  side,
  max_days: null,
  means: "",
  team: null,
});

const words = {
  stages: [
    stage("mql", "path", "marketing"),
    stage("sql", "path", "sales"),
    stage("proposal", "path", "sales"),
    stage("won", "won", "sales"),
    stage("recycled", "detour", "marketing"),
    stage("lost", "lost", null),
  ],
} as unknown as Words;

const answer: Rows = {
  columns: [
    { id: "from", type: "text", means: "" },
    { id: "to", type: "text", means: "" },
    { id: "kind", type: "text", means: "" },
    { id: "transitions", type: "count", means: "" },
    { id: "median", type: "days", means: "" },
  ],
  rows: [
    ["(new)", "mql", "entry", 8, null],
    ["(at_start)", "proposal", "stay", 1, null],
    ["mql", "sql", "forward", 4, { days: 2 }],
    ["mql", "sql", "passed", 2, null],
    ["mql", "proposal", "skip", 2, { days: 3 }],
    ["mql", "recycled", "recycled", 1, { days: 5 }],
    ["sql", "mql", "back", 1, { days: 1 }],
    ["recycled", "sql", "returned", 1, { days: 9 }],
    ["proposal", "won", "end", 1, { days: 4 }],
    ["proposal", "(at_end)", "stay", 2, null],
  ],
};

const question = { kind: "transitions", words: {} };

it("draws what leads forward in columns and what leads back as arcs", () => {
  const ways = waysOf(answer, question);
  const spots = spotsOf(ways, words, (id) => id);
  const drawn = laid(ways, spots, 800, 80);
  expect(drawn.ways.map(({ way }) => way.kind).sort()).toEqual(
    ["end", "entry", "forward", "recycled", "skip", "stay", "stay"].sort(),
  );
  expect(drawn.arcs.map(({ way }) => way.kind).sort()).toEqual(["back", "returned"]);
  expect(drawn.untold).toBe(0);
  for (const { from, to, width } of drawn.ways) {
    expect(from.x1 ?? 0).toBeLessThan(to.x0 ?? 0);
    expect(width).toBeGreaterThan(0);
  }
  // Names at the right edge have their room, arcs lie below all spots, one under the other.
  expect(Math.max(...drawn.spots.map((spot) => spot.x1 ?? 0))).toBeLessThanOrEqual(720);
  const foot = Math.max(...drawn.spots.map((spot) => spot.y1 ?? 0));
  const lanes = drawn.arcs.map((arc) => arc.lane);
  expect(Math.min(...lanes)).toBeGreaterThan(foot);
  expect(new Set(lanes).size).toBe(lanes.length);
});

it("keeps the order of the ladder where nothing leads from one stage to the next", () => {
  const some = {
    ...answer,
    rows: answer.rows.filter((row) => row[2] === "stay" || row[2] === "back"),
  };
  const ways = waysOf(some, question);
  const spots = spotsOf(ways, words, (id) => id);
  const drawn = laid(ways, spots, 800, 80);
  const left = (id: string) => drawn.spots.find((spot) => spot.id === id)?.x0 ?? Number.NaN;
  const order = ["(at_start)", "mql", "sql", "proposal", "(at_end)"].map(left);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(new Set(order).size).toBe(order.length);
});

it("takes each way to its records by the row's own cells", () => {
  const skip = waysOf(answer, question).find((way) => way.kind === "skip");
  expect(skip?.origin).toEqual({
    question,
    column: "transitions",
    row: ["mql", "proposal", "skip"],
  });
  expect(skip?.cell).toBe(2);
});
