//! Imports, the newest first: what each brought, what it set aside as a file to be mended, and the way
//! to take it back.

import { useInfiniteQuery } from "@tanstack/react-query";
import { type ChangeEvent, useRef, useState } from "react";
import { isAbsent } from "@/api/client";
import {
  asidePath,
  bringMended,
  type Imported,
  importsQuery,
  send,
  takeBack,
  type Undone,
  type Upload,
} from "@/api/intake";
import { useMay } from "@/api/queries";
import { useWords } from "@/lib/book";
import { count, moment } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { Ask, actsCss, useActing } from "@/ui/acts";
import { FileLink } from "@/ui/file-link";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Empty, Trouble, Waiting } from "@/ui/state";
import css from "./intake.module.css";

export function Imports() {
  const m = useMessages();
  const locale = useLocale();
  const { address } = useHere();
  const query = useInfiniteQuery(importsQuery(address.source));
  const pages = query.data?.pages ?? [];
  const all = pages.flatMap((page) => page.imports);
  const [asked, setAsked] = useState<Imported | null>(null);
  const [undone, setUndone] = useState<Undone | null>(null);
  if (isAbsent(query.error)) return null;
  if (query.isError) return <Trouble error={query.error} again={() => void query.refetch()} />;
  if (!query.data) return <Waiting height={240} />;
  const of = pages[0]?.of ?? 0;
  return (
    <Panel
      title={address.source ? m.intake.importsOf(address.source) : m.health.imports}
      means={m.health.importsMeans}
      actions={<Mended />}
    >
      {undone ? <Told undone={undone} /> : null}
      {all.length === 0 ? <Empty title={m.health.none} /> : <Table imports={all} ask={setAsked} />}
      {query.hasNextPage ? (
        <p className={actsCss.acts}>
          <button
            type="button"
            className={actsCss.button}
            disabled={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {m.intake.older(count(of, locale))}
          </button>
        </p>
      ) : null}
      {asked ? (
        <Ask
          title={m.intake.undoTitle(String(asked.run), asked.source)}
          yes={m.health.undo}
          close={() => setAsked(null)}
          act={async () => setUndone(await takeBack(asked.run))}
        >
          <p>{m.health.undoAsk}</p>
          <p>
            {m.intake.undoCounts(
              count(asked.counts.rows, locale),
              count(asked.counts.facts, locale),
            )}
          </p>
        </Ask>
      ) : null}
    </Panel>
  );
}

interface TableProps {
  imports: readonly Imported[];
  ask: (one: Imported) => void;
}

function Table({ imports, ask }: TableProps) {
  const m = useMessages();
  const heads: [string, boolean][] = [
    [m.settings.when, false],
    [m.health.source, false],
    [m.intake.files, false],
    [m.health.read, true],
    [m.health.mapped, true],
    [m.health.aside, true],
    ["", false],
  ];
  return (
    <div className={css.frame} tabIndex={0} role="region" aria-label={m.health.imports}>
      <table className={css.table}>
        <thead>
          <tr>
            {heads.map(([name, isFigure], at) => (
              <th key={at} scope="col" className={isFigure ? css.figure : ""}>
                {name || <span className="unseen">{m.find.actions}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {imports.map((one) => (
            <Row key={one.run} one={one} ask={ask} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ one, ask }: { one: Imported; ask: (one: Imported) => void }) {
  const m = useMessages();
  const locale = useLocale();
  const { zone } = useWords();
  const maySee = useMay("personal");
  const [first] = one.files;
  const others = one.of_files - 1;
  const cell = (n: number) => (
    <td className={`${css.figure} ${n === 0 ? css.quiet : ""}`}>{count(n, locale)}</td>
  );
  const isGone = one.state === "taken_back";
  return (
    <tr data-gone={isGone ? "" : undefined}>
      <th scope="row">
        {moment(one.started_at, locale, zone)}
        <small className={css.quiet}>{one.seq == null ? "" : m.basis.asOf(String(one.seq))}</small>
      </th>
      <td>
        {one.source}
        {one.state === "whole" ? null : (
          <small className={css.state} data-state={one.state}>
            {m.intake.importStates[one.state]}
          </small>
        )}
      </td>
      <td data-tip={one.files.map((file) => file.file).join("\n")}>
        {first?.file ?? "–"}
        {others > 0 ? <small className={css.quiet}>{m.intake.more(others)}</small> : null}
      </td>
      {cell(one.counts.rows)}
      {cell(one.counts.mapped)}
      <td className={`${css.figure} ${one.open_set_aside === 0 ? css.quiet : ""}`}>
        {one.open_set_aside > 0 && maySee && !isGone ? (
          <span className={css.link} data-tip={m.intake.asideCsvMeans}>
            <FileLink href={asidePath(one.run)}>{count(one.open_set_aside, locale)}</FileLink>
          </span>
        ) : (
          count(one.open_set_aside, locale)
        )}
      </td>
      <td className={css.right}>
        {one.may_undo ? (
          <button
            type="button"
            className={`${actsCss.button} ${actsCss.small}`}
            onClick={() => ask(one)}
          >
            {m.health.undo}
          </button>
        ) : null}
      </td>
    </tr>
  );
}

function Told({ undone }: { undone: Undone }) {
  const m = useMessages();
  const locale = useLocale();
  return (
    <p className={css.told} role="alert">
      {m.health.undone}:{" "}
      {m.intake.undoneCounts(
        count(undone.records, locale),
        count(undone.facts, locale),
        String(undone.seq),
      )}
      {undone.reopened > 0 ? ` ${m.intake.reopened(count(undone.reopened, locale))}` : ""}
      {undone.not_verified.map((line) => ` ${line}`)}
    </p>
  );
}

/** All rows that are set aside as one file, and the way back in for the mended one. */
function Mended() {
  const m = useMessages();
  const maySee = useMay("personal");
  const input = useRef<HTMLInputElement>(null);
  const { error, isActing, run } = useActing();
  const [sent, setSent] = useState<Upload | null>(null);
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (file) void run(async () => setSent(await send(file, () => {})));
  };
  if (!maySee) return null;
  return (
    <>
      <span className={actsCss.button} data-tip={m.intake.asideCsvMeans}>
        <FileLink href={asidePath()}>{m.intake.asideCsv}</FileLink>
      </span>
      <button
        type="button"
        className={actsCss.button}
        disabled={isActing}
        data-tip={m.intake.mendedMeans}
        onClick={() => input.current?.click()}
      >
        {m.intake.bringMended}
      </button>
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv"
        className="unseen"
        tabIndex={-1}
        aria-label={m.intake.bringMended}
        onChange={choose}
      />
      {error ? <Trouble error={error} /> : null}
      {sent ? (
        <Ask
          title={m.intake.mendedOf(sent.name)}
          yes={m.intake.bringMended}
          act={() => bringMended(sent.id, false)}
          other={{ name: m.wizard.try, act: () => bringMended(sent.id, true) }}
          close={() => setSent(null)}
        >
          <p>{m.intake.mendedMeans}</p>
          <p>{m.intake.mendedTry}</p>
        </Ask>
      ) : null}
    </>
  );
}
