//! Which cells of a row are stages.

import type { Origin } from "@/lib/address";

/** Questions whose rows end with a stage, behind what splits them. */
const BY_STAGE = new Set(["funnel", "times", "stale"]);

/** Whether a row's cell is a stage: a channel may be called like one and keeps its own name. */
export function isStage({ question }: Origin, at: number): boolean {
  const split = (question.words.by ?? "").split(",").filter(Boolean).length;
  if (question.kind === "transitions") return at === split || at === split + 1;
  return BY_STAGE.has(question.kind) && question.words.view !== "cohort" && at === split;
}
