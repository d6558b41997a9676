//! Words of the lexicon in texts: which are found, and that no text is changed by it.

import { describe, expect, it } from "vitest";
import { meanings, pieces } from "@/lib/terms";

const TERMS = [
  { word: "lead", means: "Who asked." },
  { word: "qualified lead", means: "Who fits.\n" },
  { word: "lead source", means: "Where they asked." },
  { word: "Won", means: "Signed." },
  { word: "C++ (old)", means: "A product." },
  { word: "Übergabe", means: "From one to the other." },
];

/** What is found, as the text says it. */
const found = (text: string) =>
  pieces(text, TERMS).flatMap((piece) => (piece.means ? [[piece.text, piece.means]] : []));

describe("words of the lexicon", () => {
  it("are found whole, the longest first, however they are written", () => {
    expect(found("Each Qualified  LEAD was a lead before it was won.")).toEqual([
      ["Qualified  LEAD", "Who fits."],
      ["lead", "Who asked."],
      ["won", "Signed."],
    ]);
    expect(found("The lead source of a lead sourced")).toEqual([
      ["lead source", "Where they asked."],
      ["lead", "Who asked."],
    ]);
    expect(found("(lead)/“won”: übergabe, lead’s")).toEqual([
      ["lead", "Who asked."],
      ["won", "Signed."],
      ["übergabe", "From one to the other."],
      ["lead", "Who asked."],
    ]);
  });

  it("are no parts of other words or of ids", () => {
    expect(found("leads mislead lead_score won2 Übergaben wonü won\u0301")).toEqual([]);
  });

  it("are texts and no patterns", () => {
    expect(found("C++ (old) and C-- (old)")).toEqual([["C++ (old)", "A product."]]);
    expect(pieces("a.*b", [{ word: ".*", means: "All." }])).toEqual([{ text: "a.*b" }]);
  });

  it("leave every text as it is", () => {
    const together = (text: string) =>
      pieces(text, TERMS)
        .map((piece) => piece.text)
        .join("");
    for (const text of ["", "won", " won ", "no word", "lead lead\nqualified\nlead", "𝒳won lead"]) {
      expect(together(text)).toBe(text);
    }
    expect(pieces("all of it is text", [])).toEqual([{ text: "all of it is text" }]);
    expect(pieces("won", [{ word: "won", means: " " }])).toEqual([{ text: "won" }]);
  });

  it("are told once where one tip tells everything", () => {
    expect(meanings("lead and lead, won", TERMS)).toEqual(["lead: Who asked.", "won: Signed."]);
    expect(meanings("nothing", TERMS)).toEqual([]);
  });
});
