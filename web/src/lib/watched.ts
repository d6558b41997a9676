//! Work whose end somebody waits for, by the ids of jobs: kept in the browser, so that its end is told on
//! whatever page they are by then, and after a reload too.

import { keep, read, useKept } from "./kept";

const KEPT = "handfast.jobs";
/** Of more than so many nobody waits for the first. */
const MOST = 20;

const listed = (text: string | null): string[] => (text ?? "").split(",").filter(Boolean);

export function watch(id: string): void {
  const now = listed(read(KEPT));
  if (!now.includes(id)) keep(KEPT, [...now, id].slice(-MOST).join(","));
}

export function unwatch(ids: readonly string[]): void {
  const left = listed(read(KEPT)).filter((id) => !ids.includes(id));
  keep(KEPT, left.join(","));
}

export const useWatched = (): string[] => listed(useKept(KEPT));

/** Of those waited for: the ones that have ended, and those that nobody knows any more. */
export function over<T extends { id: string; state: string }>(
  waited: readonly string[],
  jobs: readonly T[],
): { ended: T[]; gone: string[] } {
  const ended = jobs.filter((job) => waited.includes(job.id) && job.state !== "running");
  const gone = waited.filter((id) => !jobs.some((job) => job.id === id));
  return { ended, gone };
}
