//! The records behind a figure: exactly as many as it says, each with its source.

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { recordsPath, recordsQuery, useMay, useVersion } from "@/api/queries";
import type { Origin } from "@/lib/address";
import { stageName, useWords } from "@/lib/book";
import { type Cell, type Column, isFigure } from "@/lib/cell";
import { count, moment, show } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { Figure } from "@/ui/figure";
import { FileLink } from "@/ui/file-link";
import { Sheet } from "@/ui/sheet";
import { Trouble, Waiting } from "@/ui/state";
import css from "./drawer.module.css";
import { Notes } from "./notes";
import { isStage } from "./stage-cell";

const ROW = 32;
/** From so many records on a file is not held in the page. */
const LARGE = 20_000;
const STAGES = new Set(["stage", "step"]);
const ENDS = new Set(["ended", "left_by"]);

export function RecordsDrawer({ origin, close }: { origin: Origin; close: () => void }) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const mayExport = useMay("export");
  const query = useInfiniteQuery(recordsQuery(origin, useVersion()));
  const pages = query.data?.pages ?? [];
  const first = pages[0];
  const rows = pages.flatMap((page) => page.reply.answer.rows as Cell[][]);
  const of = first ? count(first.of, locale) : null;
  const row = origin.row
    .map((cell, at) => (isStage(origin, at) ? stageName(words, cell) : cell))
    .join(" · ");
  return (
    <Sheet
      close={close}
      place="edge"
      label={m.records.title}
      title={
        <>
          <span data-records-count={first?.of}>
            {of ? m.records.count(of) : m.records.counting}
          </span>{" "}
          <span className={css.behind}>
            {m.records.behind(wordOf(origin.column, m))}
            {row ? ` · ${row}` : ""}
          </span>
        </>
      }
    >
      {query.isError ? (
        <Trouble error={query.error} again={() => void query.refetch()} />
      ) : first ? (
        <>
          <p className={css.tools}>
            {mayExport ? (
              <FileLink href={recordsPath(origin, "/csv")} isLarge={first.of > LARGE}>
                {m.records.csv}
              </FileLink>
            ) : null}
            {rows.length < first.of ? (
              <span>{m.records.loaded(count(rows.length, locale), of ?? "")}</span>
            ) : null}
          </p>
          <Notes origin={origin} text={first.reply.question.text} />
          {rows.length === 0 ? (
            <p className={css.none}>{m.records.none}</p>
          ) : (
            <Rows
              columns={first.reply.answer.columns}
              rows={rows}
              more={() => {
                if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
              }}
            />
          )}
        </>
      ) : (
        <Waiting height={320} />
      )}
    </Sheet>
  );
}

interface RowsProps {
  columns: Column[];
  rows: Cell[][];
  more: () => void;
}

/** Room for a column by what it holds: texts are wider than figures. */
function room(column: Column, rows: Cell[][], at: number): number {
  const sample = rows.slice(0, 60).map((row) => {
    const cell = row[at];
    return typeof cell === "string" ? cell.length : cell === null ? 1 : 11;
  });
  const letters = Math.max(wordWidth(column.id), ...sample);
  return Math.min(Math.max(letters * 7.2 + 18, 64), 260);
}

const wordWidth = (id: string) => id.length;

function Rows({ columns, rows, more }: RowsProps) {
  const m = useMessages();
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 40) more();
  }, [last, rows.length, more]);
  const template = columns.map((column, at) => `${room(column, rows, at)}px`).join(" ");
  return (
    <div
      ref={frame}
      className={css.frame}
      role="table"
      tabIndex={0}
      aria-rowcount={rows.length + 1}
    >
      <div
        role="row"
        className={css.head}
        style={{ gridTemplateColumns: template }}
        aria-rowindex={1}
      >
        {columns.map((column) => (
          <span
            role="columnheader"
            key={column.id}
            className={isFigure(column) ? css.figure : ""}
            data-tip={column.means}
          >
            {wordOf(column.id, m)}
          </span>
        ))}
      </div>
      <div className={css.body} style={{ height: virtual.getTotalSize() }} role="rowgroup">
        {items.map((item) => (
          <div
            key={item.key}
            role="row"
            aria-rowindex={item.index + 2}
            className={css.row}
            style={{ transform: `translateY(${item.start}px)`, gridTemplateColumns: template }}
          >
            {columns.map((column, at) => (
              <RecordCell key={column.id} column={column} cell={rows[item.index]?.[at]} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function RecordCell({ column, cell }: { column: Column; cell: Cell | undefined }) {
  const locale = useLocale();
  const words = useWords();
  if (isFigure(column)) {
    return (
      <span role="cell" className={css.figure}>
        <Figure cell={cell} column={column} isBare />
      </span>
    );
  }
  const m = useMessages();
  const shown = show(cell, column.type, locale);
  const said = typeof cell === "string" && cell !== "n/a" ? cell : null;
  if (said && (column.id === "buyer" || column.id === "deal") && !said.startsWith("person ")) {
    return (
      <span role="cell">
        <Link
          to={column.id === "deal" ? "/deals" : "/accounts"}
          search={{ of: said }}
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
          ? wordOf(said, m).toLowerCase()
          : shown.text;
  return (
    <span role="cell" title={shown.exact}>
      {text}
    </span>
  );
}
