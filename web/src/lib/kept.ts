//! Small choices of this browser that are no state of a page: whether single keys act, whether the tour
//! was seen. A browser that keeps nothing forgets them, and that is all.

import { useSyncExternalStore } from "react";

const heard = new Set<() => void>();

export function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Nothing is lost but the choice.
  }
  for (const tell of heard) tell();
}

function hear(tell: () => void): () => void {
  heard.add(tell);
  return () => heard.delete(tell);
}

export const useKept = (name: string): string | null =>
  useSyncExternalStore(hear, () => read(name));

/** `off` where somebody does not want single letters to act. */
export const SINGLE_KEYS = "handfast.keys";
/** Which tour was seen. */
export const TOUR = "handfast.tour";
