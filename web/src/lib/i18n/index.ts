//! Which language the application speaks, and its messages. English comes with the program; another
//! language is loaded when somebody chooses it.

import { useSyncExternalStore } from "react";
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

/** A column's head: its id in words, and the currency once where the column is of one. */
export function headOf(column: { id: string; unit?: string | null }, messages: Messages): string {
  const unit = column.unit ?? "";
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
