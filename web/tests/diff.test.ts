//! A difference loses nothing: what is same or gone is the old text, what is same or new the new one.

import { describe, expect, it } from "vitest";
import { hunks, lines, type Piece, words } from "@/lib/diff";

/** Seeded, so that what fails fails again. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const side = (pieces: readonly Piece[], without: "in" | "out") =>
  pieces.filter((piece) => piece.kind !== without).map((piece) => piece.text);

describe("a difference", () => {
  it("brings both texts back, whatever they are", () => {
    const next = chance(7);
    for (let round = 0; round < 300; round += 1) {
      const text = () =>
        Array.from({ length: Math.floor(next() * 12) }, () => "abc"[Math.floor(next() * 3)]);
      const [was, is] = [text(), text()];
      const told = lines(was.join("\n"), is.join("\n"));
      expect([side(told, "in"), side(told, "out")], `round ${round}`).toEqual([was, is]);
      const spoken = words(was.join(" "), is.join(" "));
      expect(side(spoken, "in").join("").trim(), `round ${round}`).toBe(was.join(" "));
      expect(side(spoken, "out").join("").trim(), `round ${round}`).toBe(is.join(" "));
    }
  });

  it("is as small as it can be: what both have stays", () => {
    const told = lines("a\nb\nc\nd", "a\nc\nx\nd");
    expect(told.map((piece) => piece.kind)).toEqual(["same", "out", "same", "in", "same"]);
  });

  it("shows what changed with its lines, and gaps for the rest", () => {
    const was = Array.from({ length: 20 }, (_, at) => `line ${at + 1}`);
    const is = was.map((line, at) => (at === 9 ? "another" : line));
    const shown = hunks(lines(was.join("\n"), is.join("\n")), 1);
    expect(shown.map((line) => line && [line.was, line.is])).toEqual([
      null,
      [9, 9],
      [10, null],
      [null, 10],
      [11, 11],
      null,
    ]);
    expect(hunks(lines("a\nb", "a\nb"))).toEqual([]);
  });
});
