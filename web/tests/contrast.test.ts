//! Texts are read and marks are seen: each pair of colours that stands together is counted.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const css = readFileSync(join(import.meta.dirname, "../src/app/tokens.css"), "utf8");

function tokens(selector: string): Map<string, string> {
  const start = css.indexOf(selector);
  const block = css.slice(css.indexOf("{", start), css.indexOf("}", start));
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((one) => [one[1] ?? "", one[2] ?? ""]),
  );
}

function luminance(hex: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r, g, b] = parts.map((part) =>
    part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const TEXTS = [
  "ink",
  "ink-2",
  "ink-3",
  "marketing",
  "sales",
  "joint",
  "partner",
  "product",
  "alert",
];
const GROUNDS = ["paper", "sheet", "sunk", "hover"];
const SIDES = ["marketing", "sales", "joint", "partner", "product"];

describe.each([
  ["light", '[data-mantine-color-scheme="light"]'],
  ["dark", '\n[data-mantine-color-scheme="dark"]'],
])("%s", (_, selector) => {
  const of = tokens(selector);
  const pair = (a: string, b: string) => contrast(of.get(a) ?? "#000000", of.get(b) ?? "#000000");

  it("is read: 4.5 to 1 on every ground", () => {
    const weak = TEXTS.flatMap((text) =>
      GROUNDS.filter((ground) => pair(text, ground) < 4.5).map(
        (ground) => `${text} on ${ground} ${pair(text, ground).toFixed(2)}`,
      ),
    );
    expect(weak).toEqual([]);
  });

  it("names of sides are read on their own band", () => {
    expect(
      SIDES.filter((side) => pair(side, `${side}-soft`) < 4.5).map(
        (side) => `${side} ${pair(side, `${side}-soft`).toFixed(2)}`,
      ),
    ).toEqual([]);
  });

  it("marks are seen: 3 to 1", () => {
    expect(
      ["mark", "mark-2", "unknown", ...SIDES].filter((mark) => pair(mark, "sheet") < 3),
    ).toEqual([]);
  });
});
