//! Where a text says a word of the lexicon: the longest word first, whole words only, however they are
//! written.

interface Term {
  word: string;
  means: string;
}

export interface Piece {
  text: string;
  /** What the lexicon says of it; none of what stands between its words. */
  means?: string;
}

interface Finder {
  pattern: RegExp;
  means: ReadonlyMap<string, string>;
}

/** By the list itself: a page looks through many texts for the same words. */
const made = new WeakMap<readonly Term[], Finder>();

const plain = (wanted: string) => wanted.trim().replace(/\s+/g, " ").toLowerCase();
const escaped = (word: string) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** A letter, a digit or what joins the parts of an id. */
const INSIDE = "[\\p{L}\\p{M}\\p{N}_]";

function finder(terms: readonly Term[]): Finder {
  const found = made.get(terms);
  if (found) return found;
  const means = new Map(terms.map((term) => [plain(term.word), term.means.trim()]));
  const words = [...means.keys()].filter((word) => word !== "");
  words.sort((a, b) => b.length - a.length);
  const any = words.map((word) => word.split(" ").map(escaped).join("\\s+")).join("|");
  // Without words nothing is found.
  const source = any ? `(?<!${INSIDE})(?:${any})(?!${INSIDE})` : "(?!)";
  const finds = { pattern: new RegExp(source, "giu"), means };
  made.set(terms, finds);
  return finds;
}

/** A text cut at the words of the lexicon; put together again it is the same text. */
export function pieces(text: string, terms: readonly Term[]): Piece[] {
  const { pattern, means } = finder(terms);
  const all: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(pattern)) {
    const said = means.get(plain(found[0]));
    if (!said) continue;
    if (found.index > at) all.push({ text: text.slice(at, found.index) });
    all.push({ text: found[0], means: said });
    at = found.index + found[0].length;
  }
  if (at < text.length) all.push({ text: text.slice(at) });
  return all;
}

/** What the lexicon says of a text's words, each once, for where one tip tells everything. */
export function meanings(text: string, terms: readonly Term[]): string[] {
  const said = pieces(text, terms).flatMap(({ text, means }) =>
    means ? [`${text}: ${means}`] : [],
  );
  return [...new Set(said)];
}
