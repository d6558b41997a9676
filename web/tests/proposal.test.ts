//! Who goes on typing while others sign neither loses what they typed nor takes back what was signed.

import { expect, it } from "vitest";
import { takenOver } from "@/lib/proposal";

const files = (of: Record<string, string>) =>
  Object.entries(of).map(([path, text]) => ({ path, text }));

it("takes what is new in untouched files and keeps what was typed, added and left out", () => {
  const began = { "a.toml": "a", "b.toml": "b", "c.toml": "c", "d.toml": "d", "e.toml": "e" };
  // Here: b was changed, d left out, mine added. Elsewhere: a and b changed, c gone, new come.
  const typed = {
    "a.toml": "a",
    "b.toml": "b of mine",
    "c.toml": "c",
    "e.toml": "e",
    "mine.toml": "m",
  };
  const now = { "a.toml": "a2", "b.toml": "b2", "d.toml": "d2", "e.toml": "e", "new.toml": "n" };
  expect(takenOver(files(typed), files(began), files(now))).toEqual(
    files({
      "a.toml": "a2",
      "b.toml": "b of mine",
      "e.toml": "e",
      "mine.toml": "m",
      "new.toml": "n",
    }),
  );
});
