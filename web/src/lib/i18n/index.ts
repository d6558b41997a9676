//! Which language the application speaks, and its messages. English comes with the program; another
//! language is loaded when somebody chooses it.

import { useEffect, useState, useSyncExternalStore } from "react";
import { en, type Messages } from "./en";

export type Locale = "en" | "de";
export type { Messages };
export const LOCALES: readonly { id: Locale; name: string }[] = [
  { id: "en", name: "English" },
  { id: "de", name: "Deutsch" },
];

const KEPT = "handfast.language";
let locale: Locale = "en";
let messages: Messages = en;
const heard = new Set<() => void>();

const isLocale = (text: string | null): text is Locale => text === "en" || text === "de";

/** What was chosen, else what the browser asks for. */
export function preferred(): Locale {
  const chosen = localStorage.getItem(KEPT);
  if (isLocale(chosen)) return chosen;
  return navigator.language.startsWith("de") ? "de" : "en";
}

export async function speak(next: Locale): Promise<void> {
  messages = next === "de" ? (await import("./de")).de : en;
  locale = next;
  document.documentElement.lang = next;
  for (const tell of heard) tell();
}

/** What few pages need of a language comes when one of them is opened. */
export function useLater(): void {
  const spoken = useLocale();
  useEffect(() => {
    if (spoken === "de") void withLater();
  }, [spoken]);
}

async function withLater(): Promise<void> {
  const { later } = await import("./later.de");
  add(later, messages.lists.reasons === later.reasons);
}

/** Refusals come in another language when one is met: true once they are here, or cannot come. */
export function useRefusals(): boolean {
  const spoken = useLocale();
  const { lists } = useMessages();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    if (spoken === "de") withRefusals().catch(() => setLost(true));
  }, [spoken]);
  return spoken === "en" || isLost || Object.keys(lists.codes).length > 0;
}

async function withRefusals(): Promise<void> {
  const { refusals } = await import("./refusals.de");
  add(refusals, messages.lists.codes === refusals.codes);
}

/** Another language may be spoken by the time that its words are here. */
function add(lists: Partial<Messages["lists"]>, isThere: boolean): void {
  if (locale !== "de" || isThere) return;
  messages = { ...messages, lists: { ...messages.lists, ...lists } };
  for (const tell of heard) tell();
}

export function choose(next: Locale): Promise<void> {
  localStorage.setItem(KEPT, next);
  return speak(next);
}

function hear(tell: () => void): () => void {
  heard.add(tell);
  return () => heard.delete(tell);
}

export const useMessages = (): Messages => useSyncExternalStore(hear, () => messages);
export const useLocale = (): Locale => useSyncExternalStore(hear, () => locale);

/** A word of a list of ours; what others call `constructor` is in none of them. */
export function wordIn(list: Record<string, string>, id: string): string | undefined {
  return Object.hasOwn(list, id) ? list[id] : undefined;
}

/** What one of the server's own words is called; in its own language it is what it is. */
export const saidAs = (list: Record<string, string>, text: string): string =>
  wordIn(list, text) ?? text;

const SET_ASIDE = /^row set aside: (.+)$/s;

/** Why rows are set aside: a reason of the server's, of a column where it names one. */
export function asideOf(text: string, { lists }: Messages): string {
  const whole = wordIn(lists.asides, text);
  if (whole !== undefined) return whole;
  const [, column, reason] = /^([^:]+): (.+)$/s.exec(text) ?? [];
  return column && reason ? `${column}: ${saidAs(lists.asides, reason)}` : text;
}

/** A check of data health, in the reader's language. */
export function checkOf(text: string, messages: Messages): string {
  const why = SET_ASIDE.exec(text)?.[1];
  return why
    ? messages.lists.setAside(asideOf(why, messages))
    : saidAs(messages.lists.checks, text);
}

/** What a metric means; one that a charter defines is said in its own words. */
export const meansOf = (
  metric: { name: string; means: string; is_the_charters?: boolean },
  messages: Messages,
): string =>
  metric.is_the_charters
    ? metric.means
    : (wordIn(messages.lists.metricMeans, metric.name) ?? metric.means);

/** What one of the server's units is called. */
export const unitName = (unit: string, messages: Messages): string =>
  wordIn(messages.units, unit) ?? unit;

interface Headed {
  id: string;
  type: string;
  unit?: string | null | undefined;
}

/** A column's head: its id in words, and once the unit or currency of all that stands below. */
export function headOf(column: Headed, messages: Messages): string {
  const unit = column.unit ?? "";
  if (unit && (column.type === "decimal" || column.type === "number")) {
    const [word, said] = [wordOf(column.id, messages), unitName(unit, messages)];
    const end = word.slice(-said.length);
    const hasIt = end.localeCompare(said, undefined, { sensitivity: "base" }) === 0;
    return hasIt ? word : `${word}, ${said}`;
  }
  const suffix = `_${unit.toLowerCase()}`;
  if (!/^[A-Z]{3}$/.test(unit)) return wordOf(column.id, messages);
  const id = column.id.endsWith(suffix) ? column.id.slice(0, -suffix.length) : column.id;
  return `${wordOf(id, messages)}, ${unit}`;
}

/** An id of ours in words: from the catalogue, else the id itself without its dashes. */
export function wordOf(id: string, messages: Messages): string {
  const known = wordIn(messages.ids, id);
  if (known) return known;
  const text = id.replaceAll("_", " ").replace(/^(deal|person|account|touch)\./, "");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Dimensions whose values are ids of a charter's rules: people read them as words. */
const CODED = new Set(["channel", "touch_kind", "touch", "sourced"]);

/** What the server calls that which is nobody's. */
const NOBODYS = /^unknown: no (.+)$/;

/** A value of a dimension as people read it; what sources write stays as they write it. */
export function valueAs(dimension: string, text: string, messages: Messages): string {
  const said = saidAs(messages.lists.values, text);
  const whose = NOBODYS.exec(said)?.[1];
  if (whose) return messages.lists.nobodys(wordOf(whose, messages));
  return CODED.has(dimension) ? said.replaceAll("_", " ") : said;
}
