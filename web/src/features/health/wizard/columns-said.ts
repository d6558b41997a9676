//! What somebody said that columns are, and how they corrected the texts that are proposed, for the files
//! that lie on the desk: kept while this window lives, so that neither a reload nor a step back loses
//! it. Names of columns may be long, and an address is not.

import { useMemo, useSyncExternalStore } from "react";
import type { ColumnSaid, Text } from "@/api/intake";

const heard = new Set<() => void>();
/** Where the browser keeps nothing, it is there until the page is left. */
const here = new Map<string, string>();

const keyOf = (uploads: readonly string[]) => `handfast.columns.${uploads.join(",")}`;

function read(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? here.get(key) ?? "";
  } catch {
    return here.get(key) ?? "";
  }
}

function hear(tell: () => void): () => void {
  heard.add(tell);
  return () => heard.delete(tell);
}

/** What was said of one column takes the place of what was said of it before; nothing takes it out. */
export function saying(
  all: readonly ColumnSaid[],
  column: Pick<ColumnSaid, "file" | "column">,
  part: string | null | undefined,
): ColumnSaid[] {
  const isOther = (one: ColumnSaid) => one.file !== column.file || one.column !== column.column;
  // A part is played by one column of a file: the other that was said to play it is as it was read.
  const isFree = (one: ColumnSaid) => !part || one.file !== column.file || one.part !== part;
  const others = all.filter((one) => isOther(one) && isFree(one));
  if (part === undefined) return others;
  return [...others, { ...column, ...(part === null ? {} : { part }) }];
}

function keep(key: string, text: string): void {
  here.set(key, text);
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // Then it is there until the page is left.
  }
  for (const tell of heard) tell();
}

export const sayColumns = (uploads: readonly string[], all: readonly ColumnSaid[]): void =>
  keep(keyOf(uploads), all.length > 0 ? JSON.stringify(all) : "");

export function useColumnsSaid(uploads: readonly string[]): readonly ColumnSaid[] {
  const key = keyOf(uploads);
  const text = useSyncExternalStore(hear, () => read(key));
  return useMemo(() => (text ? (JSON.parse(text) as ColumnSaid[]) : []), [text]);
}

/** Texts of proposed sources as somebody corrected them, by the source's name. */
export type Corrected = Readonly<Record<string, Text[]>>;

const textsOf = (uploads: readonly string[]) => `handfast.texts.${uploads.join(",")}`;

export const sayTexts = (uploads: readonly string[], all: Corrected): void =>
  keep(textsOf(uploads), Object.keys(all).length > 0 ? JSON.stringify(all) : "");

export const textsSaid = (uploads: readonly string[]): Corrected => textsIn(read(textsOf(uploads)));

const textsIn = (text: string): Corrected => (text ? (JSON.parse(text) as Corrected) : {});

export function useTextsSaid(uploads: readonly string[]): Corrected {
  const key = textsOf(uploads);
  const text = useSyncExternalStore(hear, () => read(key));
  return useMemo(() => textsIn(text), [text]);
}
