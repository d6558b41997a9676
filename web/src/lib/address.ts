//! The address is the state: every word that a page or a question keeps stands in the URL, as text.

/** Words of the address. Those of questions have the names that `handfast ask` gives them. */
export const WORDS = [
  "period",
  "compare",
  "as-of",
  "by",
  "where",
  "unit",
  "currency",
  "charter",
  "view",
  "from",
  "window",
  "horizon",
  "goal",
  "estimate",
  "of",
  "models",
  "due",
  "since",
  "rec",
  "search",
  "step",
  "deal",
  "campaign",
  "uploads",
  "source",
  "name",
  "zone",
  "dates",
  "decimal",
  "encoding",
  "delimiter",
  "skip_rows",
  "header_rows",
  "rows",
  "job",
  "tour",
  "show",
  "tab",
  "sort",
  "hide",
  "table",
  "all",
  "refused",
] as const;

export type Word = (typeof WORDS)[number];
export type Address = Partial<Record<Word, string>>;

const known = new Set<string>(WORDS);
/** Addresses longer than this are cut by some servers and mail programs. */
const LONGEST = 2000;

/** Texts stay texts: `period=2025` is a name and not a number. */
export function readSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text.slice(0, LONGEST)));
}

export function writeSearch(search: Record<string, unknown>): string {
  const words = new URLSearchParams();
  for (const [word, value] of Object.entries(search)) {
    if (typeof value === "string" && value !== "") words.set(word, value);
  }
  const text = legible(words.toString());
  return text ? `?${text}` : "";
}

/** What an address may hold as it is: people read it, and mail programs keep it whole. */
export function legible(text: string): string {
  return text
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%40", "@")
    .replaceAll("%2F", "/");
}

/** Only words that are ours, and only texts. */
export function validated(search: Record<string, unknown>): Address {
  const address: Address = {};
  for (const [word, value] of Object.entries(search)) {
    if (known.has(word) && typeof value === "string" && value !== "") {
      address[word as Word] = value;
    }
  }
  return address;
}

/** Words that stay when one goes to another page: of when and of which knowledge, not of what. */
export function kept(address: Address): Address {
  const { period, compare, charter } = address;
  const asOf = address["as-of"];
  return {
    ...(period ? { period } : {}),
    ...(compare ? { compare } : {}),
    ...(charter ? { charter } : {}),
    ...(asOf ? { "as-of": asOf } : {}),
  };
}

/** A question: its kind and its words, as the API takes them. */
export interface Question {
  kind: string;
  words: Record<string, string>;
}

/** The records behind one figure: which question, which column, and the first cells of the row. */
export interface Origin {
  question: Question;
  column: string;
  row: readonly string[];
}

/** One question from what the page says and what the part of the page adds; empty words are none. */
export function asked(
  kind: string,
  ...words: readonly Record<string, string | undefined>[]
): Question {
  const all: Record<string, string> = {};
  for (const said of words) {
    for (const [word, value] of Object.entries(said)) {
      if (value === undefined) continue;
      if (value === "") delete all[word];
      else all[word] = value;
    }
  }
  return { kind, words: all };
}

/** What of an answer says which commit gave it, and under which charter where the commit does not. */
interface Given {
  lineage: { seq: number };
  question: { charter?: string | null };
}

/**
 * A question as of the commit that answered it. Records, files and proofs of a figure are asked so:
 * by the time of the click the book may have gone on.
 */
export function asAnswered(question: Question, reply: Given): Question {
  if (question.words["as-of"]) return question;
  const charter = question.words.charter ?? reply.question.charter ?? undefined;
  return asked(question.kind, question.words, { "as-of": String(reply.lineage.seq), charter });
}

/** Words that every question of a page shares. */
export function shared(address: Address): Record<string, string | undefined> {
  return { "as-of": address["as-of"], charter: address.charter };
}

/** An origin as one word of the address. */
export function writeOrigin(origin: Origin): string {
  const words = new URLSearchParams({ ...origin.question.words });
  words.set("kind", origin.question.kind);
  words.set("column", origin.column);
  for (const cell of origin.row) words.append("row", cell);
  return words.toString();
}

export function readOrigin(text: string): Origin | null {
  const words = new URLSearchParams(text);
  const kind = words.get("kind");
  const column = words.get("column");
  if (!kind || !column) return null;
  const row = words.getAll("row");
  const rest: Record<string, string> = {};
  for (const [word, value] of words) {
    if (word !== "kind" && word !== "column" && word !== "row") rest[word] = value;
  }
  return { question: { kind, words: rest }, column, row };
}

/** A canonical key of a question, for keeping its answer. */
export function keyOf(question: Question): string {
  const words = Object.entries(question.words).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${question.kind}?${new URLSearchParams(words).toString()}`;
}

/** Where the API gives a question's answer, its records, or a file of them. */
export function askPath(question: Question, part = "", more: Record<string, string> = {}): string {
  const words = new URLSearchParams({ ...question.words, ...more });
  const text = words.toString();
  return `/api/v1/ask/${question.kind}${part}${text ? `?${text}` : ""}`;
}
