//! What the drawing of a journey shows, taken from the columns of its answer: dots, bands and bars with
//! their instants. It picks and sorts; it reads no words out of texts and counts nothing but marks.

import { cellOf, nameOf, type Rows } from "./answer";
import { type Cell, isMoney, type Money } from "./cell";
import { HAPPENED, PERSON } from "./said";

export type Lane = "marketing" | "sales" | "others";

export interface Dot {
  at: Date;
  /** Its line of the answer. */
  line: number;
  side: string;
  lane: Lane;
  kind: string;
  /** Marks of one day of one lane stand above each other. */
  level: number;
}

export interface Band {
  stage: string;
  pursuit: string;
  from: Date;
  until: Date;
  line: number;
}

export interface DealBar {
  key: string;
  from: Date;
  until: Date;
  line: number;
  /** What it was worth from when on. */
  steps: { at: Date; amount: Money }[];
  /** How it stood last: `open`, `won`, `lost`, or what else its source says. */
  status: string;
  /** When it came to stand so before: a deal that was lost may be open again. */
  turns: { at: Date; status: string }[];
}

export const ENDED = new Set(["won", "lost"]);
const SIDES = new Set(["marketing", "sales", "partner", "product"]);

export function dateOf(answer: Rows, row: readonly Cell[]): Date | null {
  const text = cellOf(answer, row, "when");
  const date = typeof text === "string" ? new Date(text) : null;
  return date && !Number.isNaN(date.getTime()) ? date : null;
}

/** Whose a team is: of the charter's teams by their id, else the side that its source names. */
export function sideOf(teams: readonly { id: string; side: string }[], team: string): string {
  const known = teams.find((one) => one.id === team)?.side;
  return known ?? (SIDES.has(team) ? team : "unknown");
}

const laneOf = (side: string): Lane => (side === "marketing" || side === "sales" ? side : "others");

export function dots(answer: Rows, teams: readonly { id: string; side: string }[]): Dot[] {
  const levels = new Map<string, number>();
  return answer.rows.flatMap((row, line) => {
    const at = dateOf(answer, row);
    if (!at || nameOf(answer, row, "what") !== HAPPENED.touch) return [];
    const side = sideOf(teams, nameOf(answer, row, "team"));
    const lane = laneOf(side);
    const day = `${lane} ${at.toISOString().slice(0, 10)}`;
    const level = levels.get(day) ?? 0;
    levels.set(day, level + 1);
    return [{ at, line, side, lane, kind: nameOf(answer, row, "touch"), level }];
  });
}

/** Stays in stages, each of its own pursuit; one that is only implied was over in an instant. */
export function bands(answer: Rows, end: Date): Band[] {
  const found: Band[] = [];
  const open = new Map<Band, true>();
  for (const [line, row] of answer.rows.entries()) {
    const at = dateOf(answer, row);
    if (!at) continue;
    const what = nameOf(answer, row, "what");
    const pursuit = nameOf(answer, row, "pursuit");
    const stage = nameOf(answer, row, "stage");
    const close = (fits: (band: Band) => boolean) => {
      for (const band of [...open.keys()].filter(fits)) {
        band.until = at;
        open.delete(band);
      }
    };
    if (what === HAPPENED.enters) {
      const band = { stage, pursuit, from: at, until: end, line };
      found.push(band);
      open.set(band, true);
    }
    if (what === HAPPENED.leaves) close((band) => band.stage === stage && band.pursuit === pursuit);
    if (what.startsWith(HAPPENED.ends)) close((band) => band.pursuit === pursuit);
  }
  return found.filter((band) => band.until > band.from);
}

export function deals(answer: Rows, end: Date): DealBar[] {
  const found = new Map<string, DealBar>();
  for (const [line, row] of answer.rows.entries()) {
    const at = dateOf(answer, row);
    const key = nameOf(answer, row, "deal");
    if (!at || key === "–") continue;
    const what = nameOf(answer, row, "what");
    if (what === HAPPENED.deal) state(found, { at, key, line }, answer, row, end);
    const bar = found.get(key);
    // Where no row of the deal says how it ended, its pursuit's end does.
    const said = /^pursuit ends: (\w+)$/.exec(what)?.[1];
    if (bar && said && bar.turns.length === 0) turn(bar, at, said, end);
  }
  return [...found.values()];
}

function state(
  found: Map<string, DealBar>,
  { at, key, line }: { at: Date; key: string; line: number },
  answer: Rows,
  row: readonly Cell[],
  end: Date,
): void {
  const fresh: DealBar = { key, from: at, until: end, line, steps: [], status: "", turns: [] };
  const bar = found.get(key) ?? fresh;
  found.set(key, bar);
  const amount = cellOf(answer, row, "amount");
  const last = bar.steps.at(-1)?.amount;
  if (isMoney(amount) && !(last && isSame(last, amount))) bar.steps.push({ at, amount });
  const status = cellOf(answer, row, "status");
  if (typeof status === "string" && status !== "n/a") turn(bar, at, status, end);
}

function turn(bar: DealBar, at: Date, status: string, end: Date): void {
  if (bar.status === status) return;
  bar.status = status;
  bar.turns.push({ at, status });
  bar.until = ENDED.has(status) ? at : end;
}

/** The same amount of the same currency. */
export const isSame = (a: Money, b: Money): boolean =>
  a.minor === b.minor && a.currency === b.currency;

/** Where a line comes from, as one text: the source's file and line are nobody else's. */
export function placeOf(answer: Rows, row: readonly Cell[]): string {
  return ["source", "file", "line"].map((id) => nameOf(answer, row, id)).join("\u0000");
}

/** Which of a journey's people a line is of: they are numbered in the order in which they come. */
export function personOf(answer: Rows, row: readonly Cell[]): number | null {
  const said = nameOf(answer, row, "person");
  const number = said.startsWith(PERSON) ? Number(said.slice(PERSON.length)) : Number.NaN;
  return Number.isInteger(number) ? number : null;
}

/** The people of a journey, each once. */
export const peopleIn = (answer: Rows): number =>
  new Set(answer.rows.flatMap((row) => personOf(answer, row) ?? [])).size;

/** What contradicts itself, as `docs/reference/issues.md` lists it: codes are stable. */
const CONTRADICTS = new Set([
  "W0101",
  "W0102",
  "W0103",
  "W0109",
  "W0116",
  "W0118",
  "W0120",
  "W0121",
  "W0122",
  "W0123",
]);

export interface Contradiction {
  code: string;
  /** The line that says so, and the one that says otherwise, where there is one. */
  line: number;
  against: number | null;
}

export interface Flag {
  at: Date;
  /** The first of its lines. */
  line: number;
  told: Contradiction[];
}

/** Where a journey contradicts itself: a flag for each instant, with what is said on both sides. */
export function flags(answer: Rows): Flag[] {
  const found = new Map<number, Flag>();
  const seen = new Set<string>();
  for (const [line, row] of answer.rows.entries()) {
    const at = dateOf(answer, row);
    const codes = codesIn(answer, row).filter((code) => CONTRADICTS.has(code));
    if (!at) continue;
    for (const code of codes) {
      // A record that both states a deal and ends its pursuit has two lines, and one flag.
      const once = `${code} ${placeOf(answer, row)}`;
      if (seen.has(once)) continue;
      seen.add(once);
      const flag = found.get(at.getTime()) ?? { at, line, told: [] };
      flag.told.push({ code, line, against: otherSide(answer, code, line) });
      found.set(at.getTime(), flag);
    }
  }
  return [...found.values()];
}

/** What is wrong with a line's record, by its codes. */
export const codesIn = (answer: Rows, row: readonly Cell[]): string[] => {
  const said = cellOf(answer, row, "issues");
  return typeof said === "string" ? said.split(" ").filter(Boolean) : [];
};

/** The line that another one contradicts: what opened the pursuit, created the deal, or came before. */
function otherSide(answer: Rows, code: string, line: number): number | null {
  const own = answer.rows[line] ?? [];
  const is = (row: readonly Cell[], id: string) => nameOf(answer, row, id);
  const all = [...answer.rows.entries()].filter(
    ([at, row]) => at !== line && is(row, "pursuit") === is(own, "pursuit"),
  );
  const before = all.filter(([at]) => at < line);
  switch (code) {
    case "W0101": {
      const opens = all.find(([, row]) => is(row, "what") === HAPPENED.opens)?.[1];
      const isThen = (row: readonly Cell[]) => opens && is(row, "when") === is(opens, "when");
      const sourced = all.find(([, row]) => isThen(row) && cellOf(answer, row, "file") !== null);
      return (sourced ?? all.find(([, row]) => row === opens))?.[0] ?? null;
    }
    case "W0102": {
      const isDeal = (row: readonly Cell[]) => is(row, "what") === HAPPENED.deal;
      const same = all.find(([, row]) => isDeal(row) && is(row, "deal") === is(own, "deal"));
      return same?.[0] ?? null;
    }
    case "W0109":
      return before.findLast(([, row]) => is(row, "what") === HAPPENED.enters)?.[0] ?? null;
    case "W0116":
      return before.findLast(([, row]) => is(row, "what").startsWith(HAPPENED.ends))?.[0] ?? null;
    default:
      return null;
  }
}
