//! The columns of a table: which are shown, and how wide each is made. What is hidden stands in the
//! address, so that a link and a file show the same; a width is its viewer's own.

import { Popover } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, useCallback } from "react";
import type { Column } from "@/lib/cell";
import {
  readHidden,
  readWidths,
  STEP,
  type Widths,
  widened,
  writeHidden,
  writeWidths,
} from "@/lib/columns";
import { useMessages } from "@/lib/i18n";
import { keep, useKept } from "@/lib/kept";
import css from "./columns.module.css";
import { useHere } from "./here";

/** Columns that somebody took out of sight, and how to. */
export function useHidden(name: string): {
  hidden: string[];
  turn: (id: string) => void;
  all: () => void;
} {
  const { address, go } = useHere();
  const hidden = readHidden(address.hide, name);
  const put = (ids: readonly string[]) =>
    go({ hide: writeHidden(address.hide, name, ids) }, { replace: true });
  const turn = (id: string) =>
    put(hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id]);
  return { hidden, turn, all: () => put([]) };
}

/** How wide this viewer made columns of the table. */
export function useWidths(name: string): {
  widths: Widths;
  put: (id: string, width: number | null) => void;
} {
  const kept = `handfast.widths.${name}`;
  const widths = readWidths(useKept(kept));
  const put = (id: string, width: number | null) =>
    keep(kept, writeWidths(widened(widths, id, width)));
  return { widths, put };
}

interface ChoiceProps {
  /** What may be hidden: all but what names the rows. */
  columns: readonly { column: Column; head: string }[];
  hidden: readonly string[];
  turn: (id: string) => void;
  all: () => void;
}

/** Which columns are shown. */
export function ColumnChoice({ columns, hidden, turn, all }: ChoiceProps) {
  const m = useMessages();
  if (columns.length < 2) return null;
  const count = columns.filter(({ column }) => hidden.includes(column.id)).length;
  return (
    <Popover position="top-start" withinPortal shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" data-tip={m.columns.means}>
          {count === 0 ? m.columns.title : m.columns.hidden(count)}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={css.choice}>
        <fieldset>
          <legend>{m.columns.shown}</legend>
          {columns.map(({ column, head }) => (
            <label key={column.id}>
              <input
                type="checkbox"
                checked={!hidden.includes(column.id)}
                onChange={() => turn(column.id)}
              />
              {head}
            </label>
          ))}
        </fieldset>
        <button type="button" disabled={count === 0} onClick={all}>
          {m.columns.all}
        </button>
      </Popover.Dropdown>
    </Popover>
  );
}

/** A column's style: names keep to their width, and a figure is never cut. */
export const widthOf = (width: number | undefined, isFigure: boolean) =>
  width === undefined
    ? undefined
    : { width, minWidth: width, ...(isFigure ? {} : { maxWidth: width }) };

/** Keys on a head: with the shift key it grows and shrinks, and is as it was. */
export function useWidthKeys(id: string, put: (id: string, width: number | null) => void) {
  return (event: KeyboardEvent<HTMLElement>) => {
    if (!event.shiftKey || event.metaKey || event.ctrlKey || event.altKey) return;
    const cell = event.currentTarget.closest("th");
    const step = event.key === "ArrowRight" ? STEP : event.key === "ArrowLeft" ? -STEP : 0;
    if (!cell || (step === 0 && event.key !== "Home")) return;
    event.preventDefault();
    put(id, step === 0 ? null : cell.offsetWidth + step);
  };
}

/** The edge of a head, to be dragged; a double click makes it as wide as what stands in it. */
export function Edge({ id, put }: { id: string; put: (id: string, width: number | null) => void }) {
  const m = useMessages();
  const down = useCallback(
    (event: PointerEvent<HTMLSpanElement>) => {
      const edge = event.currentTarget;
      const cell = edge.closest("th");
      if (!cell || event.button !== 0) return;
      event.preventDefault();
      const [from, width] = [event.clientX, cell.offsetWidth];
      edge.setPointerCapture(event.pointerId);
      const move = (to: globalThis.PointerEvent) => put(id, width + to.clientX - from);
      const up = () => edge.removeEventListener("pointermove", move);
      edge.addEventListener("pointermove", move);
      edge.addEventListener("lostpointercapture", up, { once: true });
    },
    [id, put],
  );
  return (
    <span
      aria-hidden="true"
      className={`${css.edge} screen-only`}
      data-edge={id}
      data-tip={m.columns.drag}
      onPointerDown={down}
      onDoubleClick={() => put(id, null)}
    />
  );
}
