//! The wizard's state as it stands in the address: which files, what was answered about them, where one
//! is. A reload, a copied link and the back button all lead to the same place.

import type { Answers, Asking, Looked, LookedSource, Upload } from "@/api/intake";
import type { Address } from "@/lib/address";

export const STEPS = ["files", "mapping", "preview", "import"] as const;
export type Step = (typeof STEPS)[number];

const FIELDS = [
  "name",
  "zone",
  "currency",
  "unit",
  "dates",
  "decimal",
  "encoding",
  "delimiter",
  "skip_rows",
  "header_rows",
  "rows",
] as const;

export const uploadsOf = (address: Address): string[] =>
  (address.uploads ?? "").split(",").filter(Boolean);

export function answersOf(address: Address): Answers {
  const said: Answers = {};
  for (const field of FIELDS) {
    const value = address[field];
    if (value) said[field] = value;
  }
  return said;
}

/** Where one is: without files one is at the first step, whatever the address says. */
export function stepOf(address: Address): Step {
  const wanted = STEPS.find((step) => step === address.step) ?? "files";
  if (uploadsOf(address).length === 0 && !address.job) return "files";
  return wanted;
}

/** Questions that nobody has answered yet. */
export const openOf = (looked: Looked, answers: Answers): Asking[] =>
  looked.questions.filter((one) => !answers[one.field]);

/** The source that is looked at: the one that is named, else the first. */
export const proposedOf = (looked: Looked, name: string | undefined): LookedSource | undefined =>
  looked.sources.find((source) => source.name === name) ?? looked.sources[0];

/** Files of the address that are still kept, in its order. */
export function keptOf(uploads: readonly Upload[], ids: readonly string[]): Upload[] {
  const byId = new Map(uploads.map((one) => [one.id, one]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/**
 * A source of the book that reads all of the files already: then there is nothing to map, and they are
 * imported there.
 */
export function readerOf(looked: Looked): string | null {
  const sources = new Set(looked.read_already.map((one) => one.source));
  const files = new Set(looked.read_already.map((one) => one.file));
  const [only] = sources;
  const isAll = looked.files.length > 0 && looked.files.every((one) => files.has(one.file));
  return isAll && sources.size === 1 && only ? only : null;
}
