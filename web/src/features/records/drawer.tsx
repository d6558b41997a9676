//! The records behind a figure: exactly as many as it says, each with its source.

import { useQuery } from "@tanstack/react-query";
import { recordsPageQuery, recordsPath, useMay, useShown, useVersion } from "@/api/queries";
import type { Origin } from "@/lib/address";
import { stageName, useWords } from "@/lib/book";
import { count } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { FileLink } from "@/ui/file-link";
import { Sheet } from "@/ui/sheet";
import { Trouble, Waiting } from "@/ui/state";
import css from "./drawer.module.css";
import { Notes } from "./notes";
import { Rows } from "./rows";
import { isStage } from "./stage-cell";

/** From so many records on a file is not held in the page. */
const LARGE = 20_000;

export function RecordsDrawer({ origin, close }: { origin: Origin; close: () => void }) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const mayExport = useMay("export");
  const { question, isWaiting } = useShown(origin.question);
  // The figure's own commit, which may be a page behind the server.
  const shown = { ...origin, question };
  const version = useVersion();
  const query = useQuery(recordsPageQuery(shown, isWaiting ? undefined : version, 0));
  const first = query.data;
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
          <span data-records-count={query.isPlaceholderData ? undefined : first?.of}>
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
              <FileLink href={recordsPath(shown, "/csv")} isLarge={first.of > LARGE}>
                {m.records.csv}
              </FileLink>
            ) : null}
          </p>
          <Notes origin={origin} text={first.reply.question.text} />
          {first.of === 0 ? (
            <p className={css.none}>{m.records.none}</p>
          ) : (
            <Rows origin={shown} first={first} />
          )}
        </>
      ) : (
        <Waiting height={320} />
      )}
    </Sheet>
  );
}
