//! Sentences of the server with something in them, by the texts that its sources write them from.

import { wordIn } from "./index";

type List = Record<string, string>;
type Shape = { is: RegExp; says: string; parts: string[] };

const PART = /\{(\w*)\}/g;
const shapes = new WeakMap<List, Shape[]>();

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function shapesOf(list: List): Shape[] {
  const known = shapes.get(list);
  if (known) return known;
  const made = Object.entries(list)
    .filter(([text]) => text.includes("{"))
    // The one with most words of its own is tried first: `{model}: {}` fits many.
    .sort(([a], [b]) => b.replace(PART, "").length - a.replace(PART, "").length)
    .map(([text, says]) => ({
      is: new RegExp(
        `^${text
          .split(PART)
          .filter((_, at) => at % 2 === 0)
          .map(quoted)
          .join("(.+?)")}$`,
        "s",
      ),
      says,
      parts: [...text.matchAll(PART)].map((one) => one[0]),
    }));
  shapes.set(list, made);
  return made;
}

/** The sentence in the list's language, what stands in it too where the list has it; else as it is. */
export function saidIn(list: List, text: string): string {
  const whole = wordIn(list, text);
  if (whole !== undefined) return whole;
  for (const { is, says, parts } of shapesOf(list)) {
    const found = is.exec(text);
    if (!found) continue;
    const within = parts.map((part, at) => [part, saidIn(list, found[at + 1] ?? "")] as const);
    return within.reduce((told, [part, said]) => told.replace(part, () => said), says);
  }
  return text;
}
