//! In which order the rows of a table stand, where somebody chose one.

import { cellText } from "./answer";
import { type Cell, type Column, extent, isFigure } from "./cell";

export interface Order {
  id: string;
  isDown: boolean;
}

/** The order that the address keeps for the table of a name: `sla.-met` is by `met`, the largest first. */
export function readOrder(text: string | undefined, name: string): Order | null {
  if (!text?.startsWith(`${name}.`)) return null;
  const id = text.slice(name.length + 1);
  return id.startsWith("-") ? { id: id.slice(1), isDown: true } : { id, isDown: false };
}

/** A click on a head: the largest first, then the smallest, then as they came. */
export function turned(order: Order | null, id: string): Order | null {
  if (order?.id !== id) return { id, isDown: true };
  return order.isDown ? { id, isDown: false } : null;
}

/** What is unknown or not applicable stands last, whichever way one looks. */
export function ordered(
  columns: readonly Column[],
  rows: readonly Cell[][],
  order: Order | null,
): readonly Cell[][] {
  const at = order ? columns.findIndex((column) => column.id === order.id) : -1;
  const column = columns[at];
  if (!order || !column) return rows;
  const key = (row: Cell[]) => (isFigure(column) ? extent(row[at]) : textOf(row[at]));
  const sign = order.isDown ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    if (left === right) return 0;
    return left < right ? -sign : sign;
  });
}

const textOf = (cell: Cell | undefined): string | null =>
  cell === null || cell === undefined ? null : cellText(cell);
