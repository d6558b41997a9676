//! Sentences of the server with something in them, by the texts that its sources write them from.

import { type Messages, meansOf, saidAs, valueAs, wordIn, wordOf } from "./index";

type List = Record<string, string>;
/** With the parts beside others known to the list, and with any. */
type Shape = { is: readonly RegExp[]; says: string; parts: string[]; isBare: boolean };

/** `{name}`, `{}`, and `{:.1}`, which says how many digits. */
const PART = /\{(\w*(?::[^{}]*)?)\}/g;
const shapes = new WeakMap<List, Shape[]>();

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * Of two parts with nothing or a blank between them nobody could tell where one ends: one of them is a
 * text of the list, where there is such a way to read it.
 */
function shapeOf(text: string, list: List): RegExp[] {
  const own = text.split(PART).filter((_, at) => at % 2 === 0);
  const whole = Object.keys(list).filter((one) => !one.includes("{"));
  const known = `(${whole.map(quoted).join("|")})`;
  const isBound = (at: number) =>
    (own[at + 1] === "" && at + 2 < own.length) || (own[at] === " " && at > 0);
  const of = (isStrict: boolean) => {
    const pieces = own.map((one, at) => {
      if (at + 1 === own.length) return quoted(one);
      return quoted(one) + (isStrict && isBound(at) ? known : "(.*?)");
    });
    return new RegExp(`^${pieces.join("")}$`, "s");
  };
  const loose = of(false);
  return own.slice(0, -1).some((_, at) => isBound(at)) ? [of(true), loose] : [loose];
}

function shapesOf(list: List): Shape[] {
  const known = shapes.get(list);
  if (known) return known;
  const made = Object.entries(list)
    .filter(([text]) => text.includes("{"))
    // The one with most words of its own is tried first: `{model}: {}` fits many.
    .sort(([a], [b]) => b.replace(PART, "").length - a.replace(PART, "").length)
    .map(([text, says]) => ({
      is: shapeOf(text, list),
      says,
      parts: [...text.matchAll(PART)].map((one) => one[0]),
      isBare: (text.replace(PART, "").match(/[a-z]/gi)?.length ?? 0) <= 2,
    }));
  shapes.set(list, made);
  return made;
}

/** The sentence in the list's language, what stands in it too where the list has it; else as it is. */
export function saidIn(list: List, text: string): string {
  if (text === "") return text;
  const whole = wordIn(list, text);
  if (whole !== undefined) return whole;
  for (const { is, says, parts, isBare } of shapesOf(list)) {
    const found = is.map((one) => one.exec(text)).find((one) => one !== null);
    if (!found) continue;
    const within = parts.map((part, at) => [part, saidIn(list, found[at + 1] ?? "")] as const);
    // An `of` alone is no sentence of ours: it is in many that the list does not have.
    if (isBare && within.every(([, said], at) => said === (found[at + 1] ?? ""))) continue;
    return within.reduce((told, [part, said]) => told.replace(part, () => said), says);
  }
  return text;
}

/** What a column means; a measure of a formula is said in parts that a comma parts. */
export function meantIn(list: List, text: string): string {
  const whole = wordIn(list, text);
  if (whole !== undefined) return whole;
  const [first = "", ...more] = text.split(", ");
  const said = more.map((part) => saidIn(list, part));
  // Half of a sentence in each language is none.
  const isAll = more.length > 0 && said.every((part, at) => part !== more[at]);
  // A measure's name is a name.
  const head = /^\w+$/.test(first) ? first : saidIn(list, first);
  return isAll ? [head, ...said].join(", ") : saidIn(list, text);
}

/** Digits with the server's marks, and no part of a name, a date or a version. */
const NUMBER = /(?<![\w.,@-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w@-]|[.,]\d)/g;

/** A note of the server, with the words and the numbers of the page. */
export function noteOf(note: string, messages: Messages): string {
  const { lists } = messages;
  return saidIn(lists.notes, note)
    .replace(NUMBER, (digits) => lists.number(digits))
    .replace(/`([a-z][a-z0-9]*(?:_[a-z0-9]+)+)`/g, (_, id: string) =>
      lists.quoted(wordOf(id, messages)),
    );
}

/** A defect of what a figure rests on; behind a colon the server lists what it is about. */
export function issueOf(text: string, { lists }: Messages): string {
  const whole = wordIn(lists.issues, text);
  if (whole !== undefined) return whole;
  const known = Object.keys(lists.issues).find((one) => text.startsWith(`${one}: `));
  if (known === undefined) return text;
  return `${saidAs(lists.issues, known)}: ${saidIn(lists.notes, text.slice(known.length + 2))}`;
}

interface Declared {
  what: string;
  how: string;
}

/** What a metric declares of itself; of a formula one line for each measure that says otherwise. */
export function declaredOf({ what, how }: Declared, { lists }: Messages): Declared {
  const line = (text: string) => {
    const whole = wordIn(lists.declared, text);
    if (whole !== undefined) return whole;
    const [, name, rest] = /^([\w:{}]+): (.*)$/s.exec(text) ?? [];
    return name && rest ? `${name}: ${saidAs(lists.declared, rest)}` : text;
  };
  return { what: saidAs(lists.conventions, what), how: how.split("\n").map(line).join("\n") };
}

interface Metric {
  name: string;
  means: string;
  is_the_charters?: boolean;
}

/** What a measure of a formula is: another metric, and what is taken of it. */
export function measureOf(how: string, catalogue: readonly Metric[], messages: Messages): string {
  const { taken } = messages.lists;
  if (Object.keys(taken).length === 0) return how;
  // How a question names it is said apart, and a formula names it itself.
  const plain = (one: Metric) => one.means.split(` (${one.name}:`)[0] ?? "";
  const bases = catalogue.map((one) => [plain(one), meansOf(one, messages)] as const);
  const [, name, rest] = /^([\w:{}]+): (.*)$/s.exec(how) ?? [];
  const said = saidIn({ ...taken, ...Object.fromEntries(bases) }, rest ?? how);
  return name ? `${name}: ${said}` : said;
}

/**
 * What a fact says of itself, `channel paid_search, campaign Spring`: attributes that the page has a
 * word for are called by it, and what sources name stays as they name it.
 */
export const detailOf = (detail: string, messages: Messages): string =>
  detail
    .split(", ")
    .map((part) => {
      const [, id = "", value = ""] = /^(\w+) (.+)$/s.exec(part) ?? [];
      const known = wordIn(messages.ids, id);
      return known === undefined ? part : `${known}: ${valueAs(id, value, messages)}`;
    })
    .join(" · ");
