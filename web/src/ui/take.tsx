//! Taking a table along: into the clipboard, for a spreadsheet, or as a file of what is shown.

import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useMay } from "@/api/queries";
import { takeTable } from "@/api/saved";
import { useLocale, useMessages } from "@/lib/i18n";
import { asCsv, asTsv, type Lines, type Table } from "@/lib/taken";
import tableCss from "./table.module.css";
import css from "./take.module.css";
import { tell } from "./toast";

function useCopy(lines: () => Lines): () => Promise<void> {
  const m = useMessages();
  return async () => {
    try {
      await navigator.clipboard.writeText(asTsv(lines()));
      tell(m.take.copied);
    } catch {
      tell(m.take.notCopied);
    }
  };
}

interface CopyProps {
  lines: () => Lines;
  label: string;
  /** Stands beside it, at the foot. */
  more?: ReactNode;
  children: ReactNode;
}

/** The frame of a table. With the focus on it, the keys for copying take all of it. */
export function Copy({ lines, label, more, children }: CopyProps) {
  const m = useMessages();
  const frame = useRef<HTMLDivElement>(null);
  const copy = useCopy(lines);
  const key = (event: KeyboardEvent) => {
    const isCopy = (event.metaKey || event.ctrlKey) && event.key === "c";
    // Whoever chose some words copies those; a link within has keys of its own.
    if (!isCopy || event.target !== frame.current || getSelection()?.toString()) return;
    event.preventDefault();
    void copy();
  };
  return (
    <>
      <div
        ref={frame}
        className={tableCss.frame}
        tabIndex={0}
        role="group"
        aria-label={label}
        onKeyDown={key}
      >
        {children}
      </div>
      <p className={`${css.take} screen-only`}>
        <button type="button" data-tip={m.take.copyMeans} onClick={() => void copy()}>
          {m.take.copy}
        </button>
        {more}
      </p>
    </>
  );
}

interface TakeProps {
  /** Which table it is; the file is called so. */
  table: Table;
  /** What is shown; what is not here yet is fetched first. */
  lines: () => Lines | Promise<Lines>;
}

/** A table that is no answer to a question, so that no file of the server's is of it. */
export function Take({ table, lines }: TakeProps) {
  const m = useMessages();
  const locale = useLocale();
  const mayExport = useMay("export");
  const [isBusy, setBusy] = useState(false);
  if (!mayExport) return null;
  const file = async () => {
    setBusy(true);
    try {
      const taken = await lines();
      await takeTable({ table, rows: taken.length - 1 });
      const blob = new Blob([asCsv(taken, locale)], { type: "text/csv;charset=utf-8" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `handfast-${table}.csv`;
      link.click();
      // The browser has taken it by then.
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch {
      tell(m.take.notTaken);
    } finally {
      setBusy(false);
    }
  };
  return (
    <p className={`${css.take} screen-only`}>
      <button
        type="button"
        data-tip={m.take.fileMeans}
        aria-busy={isBusy || undefined}
        disabled={isBusy}
        onClick={() => void file()}
      >
        {isBusy ? m.table.fetching : m.take.file}
      </button>
    </p>
  );
}
