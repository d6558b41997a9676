//! What the drawing of paths shows, taken from an answer: spots in columns, ways between them. It
//! lays lengths out and computes no figure.

import { type SankeyGraph, type SankeyLink, type SankeyNode, sankey } from "d3-sankey";
import type { Origin, Question } from "@/lib/address";
import { cellOf, nameOf, namesOf, type Rows } from "@/lib/answer";
import type { Words } from "@/lib/book";
import { type Cell, extent } from "@/lib/cell";

/** A way from spot to spot, as a row of the answer has it. */
export interface Way {
  from: string;
  to: string;
  kind: string;
  cell: Cell | undefined;
  median: Cell | undefined;
  size: number;
  origin: Origin;
}

/** Where ways begin and end: a stage, or one of the answer's words in brackets. */
export interface Spot {
  id: string;
  name: string;
  side: string | null;
  column: number;
  /** All that comes in, or goes out where nothing does: the height. */
  size: number;
}

export type PlacedSpot = SankeyNode<Spot, { way: Way | null }>;
type Link = SankeyLink<Spot, { way: Way | null }>;

export interface PlacedWay {
  way: Way;
  from: PlacedSpot;
  to: PlacedSpot;
  /** The middles of its two ends, and its width. */
  y0: number;
  y1: number;
  width: number;
}

/** A way that leads backward: an arc below the drawing. */
export interface Arc extends PlacedWay {
  lane: number;
}

export interface Laid {
  spots: PlacedSpot[];
  ways: PlacedWay[];
  arcs: Arc[];
  /** Ways that lead backward and have no room; the table has them. */
  untold: number;
  height: number;
}

const NEW = "(new)";
const BEGUN = "(at_start)";
const BEGIN = new Set([NEW, BEGUN]);

/** Ways of the answer; what passed a stage is told in the table alone. */
export function waysOf(answer: Rows, question: Question): Way[] {
  return answer.rows.map((row) => {
    const cell = cellOf(answer, row, "transitions");
    return {
      from: nameOf(answer, row, "from"),
      to: nameOf(answer, row, "to"),
      kind: nameOf(answer, row, "kind"),
      cell,
      median: cellOf(answer, row, "median"),
      size: extent(cell) ?? 0,
      origin: { question, column: "transitions", row: namesOf(answer.columns, row) },
    };
  });
}

/** Spots from left to right: what comes in, the path, what lies beside it, what is over. */
export function spotsOf(
  ways: readonly Way[],
  words: Words,
  nameOfSpot: (id: string) => string,
): Spot[] {
  const drawn = ways.filter((way) => way.kind !== "passed");
  const ids = [...new Set(drawn.flatMap((way) => [way.from, way.to]))];
  const path = words.stages.filter((stage) => stage.role === "path").map((stage) => stage.id);
  const beside = words.stages.filter((stage) => stage.role === "detour").map((stage) => stage.id);
  // What the charter in force does not know comes last on the path, as the answer has it.
  const known = new Set(words.stages.map((stage) => stage.id));
  const ladder = [...path, ...ids.filter((id) => !id.startsWith("(") && !known.has(id))];
  const rank = (id: string): number => {
    if (BEGIN.has(id)) return 0;
    if (ladder.includes(id)) return 1 + ladder.indexOf(id);
    return beside.includes(id) ? 1 + ladder.length : 2 + ladder.length;
  };
  const columns = [...new Set(ids.map(rank))].sort((a, b) => a - b);
  const order = [BEGUN, NEW, ...words.stages.map((stage) => stage.id)];
  const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return ids
    .map((id) => {
      const sum = (some: readonly Way[]) => some.reduce((all, way) => all + way.size, 0);
      return {
        id,
        name: nameOfSpot(id),
        side: words.stages.find((stage) => stage.id === id)?.side ?? null,
        column: columns.indexOf(rank(id)),
        size: Math.max(
          sum(drawn.filter((way) => way.to === id)),
          sum(drawn.filter((way) => way.from === id)),
        ),
      };
    })
    .sort((a, b) => a.column - b.column || place(a.id) - place(b.id));
}

const BODY = 340;
/** Room above a spot for its name and its number. */
export const HEAD = 34;
const BAR = 14;
const LANES = 8;
const LANE_GAP = 20;

/** Lays spots and ways out in so much width; the names at the right have `right` to themselves. */
export function laid(
  ways: readonly Way[],
  spots: readonly Spot[],
  width: number,
  right: number,
): Laid {
  const columnOf = new Map(spots.map((spot) => [spot.id, spot.column]));
  const column = (id: string) => columnOf.get(id) ?? 0;
  const drawn = ways.filter((way) => way.kind !== "passed" && way.size > 0);
  const forward = drawn.filter((way) => column(way.from) < column(way.to));
  const backward = drawn.filter((way) => column(way.from) >= column(way.to));
  const graph = flowing(spots, forward, width - right);
  const found = new Map(graph.nodes.map((spot) => [spot.id, spot]));
  const scale = scaleOf(graph);
  const arcs: Arc[] = [];
  const largest = [...backward].sort((a, b) => b.size - a.size).slice(0, LANES);
  let lane = HEAD + BODY + 18;
  for (const way of largest) {
    const [from, to] = [found.get(way.from), found.get(way.to)];
    if (!from || !to) continue;
    const size = Math.max(way.size * scale, 1.5);
    arcs.push({ way, from, to, width: size, lane: lane + size / 2, ...ends(arcs, from, to, size) });
    lane += size + LANE_GAP;
  }
  return {
    spots: graph.nodes,
    ways: graph.links.flatMap((link) => placed(link)),
    arcs,
    untold: backward.length - arcs.length,
    height: lane,
  };
}

/** Where an arc leaves and comes in: the foot of both spots, beside other arcs. */
function ends(arcs: readonly Arc[], from: PlacedSpot, to: PlacedSpot, size: number) {
  const taken = (spot: PlacedSpot, is: (arc: Arc) => boolean) =>
    (spot.y1 ?? 0) - arcs.filter(is).reduce((sum, arc) => sum + arc.width, 0) - size / 2;
  return {
    y0: taken(from, (arc) => arc.from === from),
    y1: taken(to, (arc) => arc.to === to),
  };
}

function flowing(spots: readonly Spot[], ways: readonly Way[], width: number) {
  const nodes: PlacedSpot[] = spots.map((spot) => ({ ...spot, fixedValue: spot.size }));
  const links: Link[] = ways.map((way) => ({
    source: way.from,
    target: way.to,
    value: way.size,
    way,
  })) as unknown as Link[];
  // Of neighbouring columns nothing may lead from one to the other: they are held apart all the same.
  const firsts = nodes.filter(
    (spot, at) => nodes.findIndex((one) => one.column === spot.column) === at,
  );
  for (const [at, first] of firsts.entries()) {
    const next = firsts[at + 1];
    if (next)
      links.push({ source: first.id, target: next.id, value: 0, way: null } as unknown as Link);
  }
  const layout = sankey<Spot, { way: Way | null }>()
    .nodeId((spot) => spot.id)
    .nodeAlign((spot) => spot.column)
    .nodeSort((a, b) => (a.index ?? 0) - (b.index ?? 0))
    .nodeWidth(BAR)
    .nodePadding(HEAD)
    .extent([
      [1, HEAD],
      [Math.max(width, BAR + 2), HEAD + BODY],
    ]);
  return layout({ nodes, links });
}

/** Pixels of one. */
function scaleOf(graph: SankeyGraph<Spot, { way: Way | null }>): number {
  const tall = graph.nodes.find((spot) => spot.size > 0);
  return tall ? ((tall.y1 ?? 0) - (tall.y0 ?? 0)) / tall.size : 0;
}

function placed(link: Link): PlacedWay[] {
  const { way, width, y0, y1 } = link;
  if (!way) return [];
  return [
    {
      way,
      from: link.source as PlacedSpot,
      to: link.target as PlacedSpot,
      y0: y0 ?? 0,
      y1: y1 ?? 0,
      width: Math.max(width ?? 0, 1),
    },
  ];
}
