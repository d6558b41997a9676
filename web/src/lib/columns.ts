//! Which columns of a table somebody took out of sight, which stands in the address; and how wide they
//! made the others, which is theirs alone and is kept in the browser.

import type { Order } from "./order";

/** A column's share of the screen, in pixels: least, most, and by how much keys move it. */
export const LEAST = 56;
export const MOST = 640;
export const STEP = 16;

const listed = (text: string | undefined): string[] => (text ?? "").split(",").filter(Boolean);

/** The hidden columns of the table of a name: `sla.met,sla.late` of all tables of a page. */
export function readHidden(text: string | undefined, name: string): string[] {
  const head = `${name}.`;
  return listed(text).flatMap((one) => (one.startsWith(head) ? [one.slice(head.length)] : []));
}

/** The address's word with these columns of one table hidden, and those of others as they were. */
export function writeHidden(
  text: string | undefined,
  name: string,
  hidden: readonly string[],
): string {
  const others = listed(text).filter((one) => !one.startsWith(`${name}.`));
  return [...others, ...hidden.map((id) => `${name}.${id}`)].join(",");
}

interface Looks {
  order: Order | null;
  /** What the page leaves out by itself. */
  without: readonly string[];
  /** What somebody took out of sight. */
  hidden: readonly string[];
}

/** How a table of these columns stands on the page, as the server takes it for a file of it. */
export function looksOf(
  ids: readonly string[],
  { order, without, hidden }: Looks,
): Record<string, string> {
  const [first, ...others] = ids.filter((id) => !without.includes(id));
  // What names the rows first stands whoever hides it, and nothing is left out that is not there.
  const shown = new Set([first, ...others.filter((id) => !hidden.includes(id))]);
  const hide = ids.filter((id) => !shown.has(id));
  return {
    ...(order && ids.includes(order.id) ? { order: `${order.isDown ? "-" : ""}${order.id}` } : {}),
    ...(hide.length > 0 ? { hide: hide.join(",") } : {}),
  };
}

export type Widths = Readonly<Record<string, number>>;

/** `channel:220,won:96`, and nothing that is no width of ours. */
export function readWidths(text: string | null): Widths {
  const found = listed(text ?? "").flatMap((one) => {
    const [, id, width] = /^(.+):(\d{1,4})$/.exec(one) ?? [];
    return id === undefined ? [] : [[id, within(Number(width))] as const];
  });
  return Object.fromEntries(found);
}

export const writeWidths = (widths: Widths): string =>
  Object.entries(widths)
    .map(([id, width]) => `${id}:${width}`)
    .join(",");

export const within = (width: number): number => Math.min(Math.max(Math.round(width), LEAST), MOST);

/** Without one column's width it is as wide as what stands in it. */
export function widened(widths: Widths, id: string, width: number | null): Widths {
  const { [id]: _, ...others } = widths;
  return width === null ? others : { ...others, [id]: within(width) };
}
