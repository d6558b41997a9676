//! What the drawing of a funnel shows, taken from an answer in one of its three views. It picks
//! figures and computes none.

import type { Origin, Question } from "@/lib/address";
import { cellOf, columnOf, nameOf, type Rows, rowOf } from "@/lib/answer";
import type { Words } from "@/lib/book";
import { type Cell, type Column, extent, isObject } from "@/lib/cell";
import { canGrow, estimateIn, estimatesIn } from "@/lib/cohort";
import type { Messages } from "@/lib/i18n";

/** One figure with its column and its records. */
export interface Told {
  id: string;
  cell: Cell;
  column: Column;
  origin: Origin;
}

export interface DrawnStage {
  id: string;
  name: string;
  side: string | null;
  team: string | null;
  maxDays: number | null;
  means: string;
  /** What the height of the column is. */
  volume: Told | null;
  /** What stood there before, drawn below the volume. */
  standing: Told | null;
  /** What went on to the next stage: the ribbon. */
  onward: Told | null;
  /** Ways of leaving otherwise. */
  leaks: Told[];
  /** Other figures under the column. */
  under: Told[];
  /** The volume of the period compared with. */
  before: Cell | undefined;
  /** Of a cohort: whether its share can still grow, and what it may come to. */
  isUnripe: boolean;
  estimate: Cell | undefined;
}

export const LEAKS = ["back", "recycled", "lost", "disqualified", "dormant"] as const;

const PATH = new Set(["path", "won"]);

export function drawn(
  view: string,
  answer: Rows,
  question: Question,
  words: Words,
  before: Rows | undefined,
): DrawnStage[] {
  const path = pathOf(view, answer, question, words);
  const told = (id: string, row: string[], cell: Cell | undefined): Told | null => {
    const column = columnOf(answer, id);
    if (!column || cell === undefined) return null;
    return { id, cell, column, origin: { question, column: id, row } };
  };
  // Of a cohort that entered a later stage, the stages before it know nothing.
  const entry = Math.max(
    path.findIndex((stage) => stage.id === question.words.from),
    0,
  );
  return path.map((stage, at) => {
    const base = {
      id: stage.id,
      name: stage.name,
      side: stage.side,
      team: stage.team,
      maxDays: stage.max_days,
      means: stage.means,
    };
    if (view === "cohort")
      return { ...base, ...reached(answer, told, stage.id, at === entry, before) };
    return { ...base, ...ofRow(view, answer, told, stage.id, before) };
  });
}

/**
 * The stages to draw. Those of the charter in force are the page's; an answer as of another moment, or
 * under another charter, is of that one's stages: what it does not have is not drawn, and what only it
 * has is drawn by its id.
 */
function pathOf(view: string, answer: Rows, question: Question, words: Words) {
  const path = words.stages.filter((stage) => PATH.has(stage.role));
  if (!question.words["as-of"] && !question.words.charter) return path;
  const known = new Set(words.stages.map((stage) => stage.id));
  const told =
    view === "cohort"
      ? answer.columns
          .filter((column) => column.type === "ratio" && !ENDS.has(column.id))
          .map((column) => column.id)
      : answer.rows.map((row) => nameOf(answer, row, "stage"));
  const entered = question.words.from ?? path[0]?.id;
  const ids = [...new Set(view === "cohort" && entered ? [entered, ...told] : told)];
  return ids.flatMap((id) => {
    const found = path.find((stage) => stage.id === id);
    if (found) return [found];
    if (known.has(id) || id === "–") return [];
    return [{ id, name: id, role: "path", side: null, team: null, max_days: null, means: "" }];
  });
}

/** Columns of a cohort that are ends and no stages. */
const ENDS = new Set(["lost", "disqualified", "dormant", "open"]);

type Teller = (id: string, row: string[], cell: Cell | undefined) => Told | null;
type Drawn = Omit<DrawnStage, "id" | "name" | "side" | "team" | "maxDays" | "means">;

function ofRow(view: string, answer: Rows, told: Teller, id: string, before?: Rows): Drawn {
  const row = rowOf(answer, "stage", id);
  const of = (column: string) => told(column, [id], row ? cellOf(answer, row, column) : undefined);
  const some = (ids: readonly string[]) => ids.map(of).filter((one): one is Told => one !== null);
  const volume = view === "flow" ? "entered" : countColumn(answer);
  return {
    volume: of(volume),
    standing: view === "flow" ? of("at_start") : null,
    onward: view === "flow" ? (notNought(of("advanced")) ?? of("won")) : null,
    leaks: some(LEAKS).filter((one) => one.cell !== 0),
    under: view === "flow" ? some(["at_end"]) : some(moneyColumns(answer)),
    before: before && cellOf(before, rowOf(before, "stage", id), volume),
    isUnripe: false,
    estimate: undefined,
  };
}

const notNought = (told: Told | null) => (told && told.cell !== 0 ? told : null);

/** The first count of a snapshot is of who is there. */
const countColumn = (answer: Rows) =>
  answer.columns.find((column) => column.type === "count")?.id ?? "";

const moneyColumns = (answer: Rows) =>
  answer.columns.filter((column) => column.type === "money").map((column) => column.id);

/** A cohort's totals: the first stage says how many entered, each later one how many reached it. */
function reached(answer: Rows, told: Teller, id: string, isEntry: boolean, before?: Rows): Drawn {
  const row = answer.totals ?? answer.rows[0];
  const column = isEntry && !columnOf(answer, id) ? "entered" : id;
  const volume = told(column, [], row ? cellOf(answer, row, column) : undefined);
  const earlier = before?.totals ?? before?.rows[0];
  return {
    volume,
    standing: null,
    onward: null,
    leaks: [],
    under: [],
    before: before && earlier ? cellOf(before, earlier, column) : undefined,
    isUnripe: volume?.column.type === "ratio" && row !== undefined && canGrow(answer, row),
    estimate: row && estimateIn(row, estimatesIn(answer.columns).get(id)),
  };
}

/** How high a column is: a count, or the part of a share. */
export function height(cell: Cell | undefined): number {
  if (isObject(cell) && typeof cell.part === "number") return cell.part;
  return extent(cell) ?? 0;
}

/** Ways that end a pursuit; who went back or was put aside is still there. */
const LOSSES = new Set(["lost", "disqualified", "dormant"]);

export const losses = (stage: DrawnStage): Told[] =>
  stage.leaks.filter((leak) => LOSSES.has(leak.id));

/** The stage with the largest single loss, for the title. */
export function worst(stages: readonly DrawnStage[]): DrawnStage | null {
  const lost = (stage: DrawnStage) =>
    Math.max(0, ...losses(stage).map((leak) => height(leak.cell)));
  const found = [...stages].sort((a, b) => lost(b) - lost(a))[0];
  return found && lost(found) > 0 ? found : null;
}

/** Under a stage's name: its share or typical time, and what was promised, which alone has the clock. */
export const underName = (shown: string | undefined, promised: string | null): string =>
  [shown, promised && `◷ ${promised}`].filter(Boolean).join(" · ");

/** How long those who entered have, in words. */
export const windowName = (window: string | undefined, m: Messages): string =>
  window === undefined ? m.funnel.ever : m.funnel.within(window);
