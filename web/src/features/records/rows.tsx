//! The rows of a list of any length: only those that are seen are drawn, and only their pages are
//! fetched. A million of them scrolls like ten.

import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { PAGE, type RecordsPage, recordsPageQuery, useVersion } from "@/api/queries";
import { type Address, kept, type Origin } from "@/lib/address";
import { stageName, useWords } from "@/lib/book";
import { type Cell, type Column, isFigure } from "@/lib/cell";
import { count, moment, show } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { saidIn } from "@/lib/i18n/templated";
import { type Order, ordered, turned } from "@/lib/order";
import { ROW, seen } from "@/lib/seen";
import { Figure } from "@/ui/figure";
import { Trouble } from "@/ui/state";
import css from "./drawer.module.css";

const STAGES = new Set(["stage", "step"]);
const ENDS = new Set(["ended", "left_by"]);
/** So many records are few enough to be fetched whole and sorted here; more come in their own order. */
const SORTED = 2_000;
/** Before the frame is measured. */
const FIRST_GUESS = { top: 0, height: 640 };

const rowsOf = (page: RecordsPage | undefined) => page?.reply.answer.rows as Cell[][] | undefined;

interface RowsProps {
  origin: Origin;
  /** The first page, which says how many there are and what of each. */
  first: RecordsPage;
}

export function Rows({ origin, first }: RowsProps) {
  const m = useMessages();
  const locale = useLocale();
  const version = useVersion();
  const frame = useRef<HTMLDivElement>(null);
  const place = usePlace(frame);
  const { from, until, shift, height } = seen(first.of, place.top, place.height);
  const [order, setOrder] = useState<Order | null>(null);
  const isSortable = first.of <= SORTED;
  const pages =
    order && isSortable
      ? between(0, Math.ceil(first.of / PAGE))
      : between(Math.floor(from / PAGE), Math.ceil(until / PAGE));
  const queries = useQueries({
    queries: pages.map((page) => recordsPageQuery(origin, version, page * PAGE)),
  });
  const failed = queries.find((query) => query.isError);
  const columns = first.reply.answer.columns as Column[];
  const all = order && isSortable ? allOf(queries.map((query) => rowsOf(query.data))) : null;
  const inOrder = useMemo(() => all && ordered(columns, all, order), [columns, all, order]);
  const rowAt = (index: number): Cell[] | undefined => {
    if (order && isSortable) return inOrder?.[index];
    const page = Math.floor(index / PAGE);
    return rowsOf(queries[pages.indexOf(page)]?.data)?.[index - page * PAGE];
  };
  const sample = rowsOf(first) ?? [];
  const template = columns.map((column, at) => `${room(column, sample, at)}px`).join(" ");
  const style = { gridTemplateColumns: template };
  return (
    <>
      {failed ? <Trouble error={failed.error} again={() => void failed.refetch()} /> : null}
      <div
        ref={frame}
        className={css.frame}
        role="table"
        tabIndex={0}
        aria-rowcount={first.of + 1}
        aria-label={m.records.title}
      >
        <div role="row" className={css.head} style={style} aria-rowindex={1}>
          {columns.map((column) => (
            <Head
              key={column.id}
              column={column}
              order={order?.id === column.id ? order : null}
              most={isSortable ? null : count(SORTED, locale)}
              sort={() => setOrder(turned(order, column.id))}
            />
          ))}
        </div>
        <div className={css.body} style={{ height }} role="rowgroup">
          {between(from, until).map((index) => (
            <Row
              key={index}
              index={index}
              columns={columns}
              row={rowAt(index)}
              style={{ ...style, transform: `translateY(${index * ROW + shift}px)` }}
            />
          ))}
        </div>
      </div>
    </>
  );
}

interface HeadProps {
  column: Column;
  order: Order | null;
  /** How many records can be sorted, where there are more. */
  most: string | null;
  sort: () => void;
}

function Head({ column, order, most, sort }: HeadProps) {
  const m = useMessages();
  const name = wordOf(column.id, m);
  const said = order ? (order.isDown ? "descending" : "ascending") : "none";
  const tip = [
    saidIn(m.lists.means, column.means),
    most === null ? m.take.sort : m.take.part(most),
  ].filter(Boolean);
  return (
    <span
      role="columnheader"
      aria-sort={most === null ? said : undefined}
      className={isFigure(column) ? css.figure : ""}
      data-tip={tip.join("\n")}
    >
      {most === null ? (
        <button type="button" className={css.sort} onClick={sort}>
          {name}
          {order ? (order.isDown ? " ↓" : " ↑") : ""}
        </button>
      ) : (
        name
      )}
    </span>
  );
}

/** All rows of all pages, once each of them is here. */
function allOf(pages: readonly (Cell[][] | undefined)[]): Cell[][] | null {
  return pages.every((page) => page !== undefined) ? pages.flatMap((page) => page ?? []) : null;
}

/** All whole numbers from one until before another. */
const between = (from: number, until: number) =>
  Array.from({ length: Math.max(until - from, 0) }, (_, at) => from + at);

/** Where the frame is scrolled to, and how much of it rows have. */
function usePlace(frame: RefObject<HTMLDivElement | null>) {
  const [place, setPlace] = useState(FIRST_GUESS);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const see = () => {
      // The line of heads stays above the rows, as high as its letters make it.
      const head = element.firstElementChild?.getBoundingClientRect().height ?? 0;
      // Browsers round where a list ends; whoever scrolls to its end sees all of the last row.
      const isEnd = element.scrollTop >= element.scrollHeight - element.clientHeight - 1;
      const top = isEnd && element.scrollTop > 0 ? Number.POSITIVE_INFINITY : element.scrollTop;
      setPlace({ top, height: Math.max(element.clientHeight - head, ROW) });
    };
    const watch = new ResizeObserver(see);
    watch.observe(element);
    element.addEventListener("scroll", see, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener("scroll", see);
    };
  }, [frame]);
  return place;
}

/** Room for a column by what it holds: texts are wider than figures. */
function room(column: Column, rows: Cell[][], at: number): number {
  const sample = rows.slice(0, 60).map((row) => {
    const cell = row[at];
    return typeof cell === "string" ? cell.length : cell === null ? 1 : 11;
  });
  const letters = Math.max(column.id.length, ...sample);
  return Math.min(Math.max(letters * 7.2 + 18, 64), 260);
}

interface RowProps {
  index: number;
  columns: Column[];
  /** Not there until its page is. */
  row: Cell[] | undefined;
  style: { gridTemplateColumns: string; transform: string };
}

function Row({ index, columns, row, style }: RowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-busy={row ? undefined : true}
      className={row ? css.row : `${css.row} ${css.pending}`}
      style={style}
    >
      {columns.map((column, at) =>
        row ? (
          <RecordCell key={column.id} column={column} cell={row[at]} />
        ) : (
          <span role="cell" key={column.id}>
            {at === 0 ? "…" : ""}
          </span>
        ),
      )}
    </div>
  );
}

function RecordCell({ column, cell }: { column: Column; cell: Cell | undefined }) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  if (isFigure(column)) {
    return (
      <span role="cell" className={css.figure}>
        <Figure cell={cell} column={column} isBare />
      </span>
    );
  }
  const shown = show(cell, column.type, locale);
  const said = typeof cell === "string" && cell !== "n/a" ? cell : null;
  if (said && (column.id === "buyer" || column.id === "deal") && !said.startsWith("person ")) {
    return (
      <span role="cell">
        <Link
          to={column.id === "deal" ? "/deals" : "/accounts"}
          search={(now: Address) => ({ ...kept(now), of: said })}
          data-tip={column.id === "deal" ? m.records.deal : m.records.journey}
          className={css.link}
        >
          {said}
        </Link>
      </span>
    );
  }
  const text =
    said && column.type === "time"
      ? moment(said, locale, words.zone)
      : said && STAGES.has(column.id)
        ? stageName(words, said)
        : said && ENDS.has(column.id)
          ? m.sentence.inside(wordOf(said, m))
          : shown.text;
  return (
    <span role="cell" title={shown.exact}>
      {text}
    </span>
  );
}
