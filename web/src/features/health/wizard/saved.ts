//! A source that was saved and whose first charter waits to be read: kept while this window lives, so
//! that a reload does not lose the draft. It holds words of the charter and no row.

import type { Saved } from "@/api/intake";

const key = (source: string) => `handfast.saved.${source}`;

export function keepSaved(saved: Saved): void {
  try {
    sessionStorage.setItem(key(saved.source), JSON.stringify(saved));
  } catch {
    // Then it is there until the page is left.
  }
}

export function savedOf(source: string): Saved | null {
  try {
    const text = sessionStorage.getItem(key(source));
    return text ? (JSON.parse(text) as Saved) : null;
  } catch {
    return null;
  }
}

export function forgetSaved(source: string): void {
  try {
    sessionStorage.removeItem(key(source));
  } catch {
    // Nothing was kept.
  }
}
