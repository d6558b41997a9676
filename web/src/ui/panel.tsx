//! A part of a page: its finding as the title, the definition under it, what one can do with it, and
//! at the foot what the figures rest on.

import { Popover } from "@mantine/core";
import { type ReactNode, useCallback, useState } from "react";
import { type Reply, useMay } from "@/api/queries";
import { asAnswered, askPath, keyOf, type Question } from "@/lib/address";
import { rowsOf, teamsIn } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { looksOf, readHidden } from "@/lib/columns";
import { count, moment } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { issueOf, noteOf } from "@/lib/i18n/templated";
import { readOrder } from "@/lib/order";
import { FileLink } from "./file-link";
import { useHere } from "./here";
import css from "./panel.module.css";
import { RestsProvider } from "./rests";
import { type Placed, TableProvider } from "./taken-from";
import { termed } from "./termed";

interface PanelProps {
  title: ReactNode;
  means?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Shown at the foot, with the ways to take the answer along. */
  rests?: { reply: Reply; question: Question } | undefined;
  isWide?: boolean;
}

export function Panel({ title, means, actions, children, rests, isWide = false }: PanelProps) {
  const [table, setTable] = useState<Placed | null>(null);
  const tell = useCallback(
    (of: Placed, isThere: boolean) =>
      setTable((now) => (isThere ? of : now?.name === of.name ? null : now)),
    [],
  );
  return (
    <section className={`${css.panel} ${isWide ? css.wide : ""}`}>
      <header className={css.head}>
        <div>
          <h2>{termed(title)}</h2>
          {means ? <p className={css.means}>{termed(means)}</p> : null}
        </div>
        {actions ? <div className={`${css.actions} screen-only`}>{actions}</div> : null}
      </header>
      <div className={css.body}>
        <RestsProvider rests={rests}>
          <TableProvider value={tell}>{children}</TableProvider>
        </RestsProvider>
      </div>
      {rests ? <Basis {...rests} table={table} /> : null}
    </section>
  );
}

interface BasisProps {
  reply: Reply;
  question: Question;
  /** The table above, if there is one: its files stand as it does. */
  table?: Placed | null;
}

/** What an answer rests on, in one line; the rest on demand. */
export function Basis({ reply, question, table = null }: BasisProps) {
  const m = useMessages();
  const locale = useLocale();
  const mayExport = useMay("export");
  const { zone } = useWords();
  const { lineage, issues, notes } = reply;
  const shown = asAnswered(question, reply);
  const looks = useLooks(table?.key === keyOf(question) ? table : null, reply);
  const hash = lineage.charter.replace(/^\w+:/, "").slice(0, 7);
  const told = [m.basis.asOf(String(lineage.seq)), m.basis.charter(hash)];
  if (issues.length > 0) told.push(m.basis.issues(issues.length));
  if (notes.length > 0) told.push(m.basis.notes(notes.length));
  // Whoever sees a part of the company is told so without having to look.
  const teams = teamsIn(notes);
  return (
    <footer className={css.basis}>
      {teams.map((one) => (
        <p key={one} role="note" className={css.part}>
          {m.besides.teams(one)}
        </p>
      ))}
      <Popover width={460} position="top-start" withinPortal shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <button type="button" className={css.told}>
            {told.join(" · ")}
          </button>
        </Popover.Target>
        <Popover.Dropdown className={css.rests}>
          <h3>{m.basis.title}</h3>
          <dl>
            <dt>{m.basis.question}</dt>
            <dd>
              <code>{reply.question.text}</code>
            </dd>
            <dt>{m.basis.horizon}</dt>
            <dd>{lineage.horizon ? moment(lineage.horizon, locale, zone) : "–"}</dd>
            <dt>{m.basis.packs}</dt>
            <dd>{Object.keys(lineage.packs).join(", ") || "–"}</dd>
            <dt>{m.basis.kernels}</dt>
            <dd>{pairs(lineage.kernels)}</dd>
            <dt>{m.basis.setAside}</dt>
            <dd>{pairs(lineage.set_aside) || "0"}</dd>
            <dt>{m.basis.used}</dt>
            <dd>{m.basis.facts(count(lineage.facts_used, locale))}</dd>
          </dl>
          <Told title={m.basis.notesTitle} lines={notes.map((note) => noteOf(note, m))} />
          <Told
            title={m.basis.issuesTitle}
            lines={issues.map(
              (one) => `${count(one.count, locale)} × ${issueOf(one.text, m)} (${one.code})`,
            )}
          />
        </Popover.Dropdown>
      </Popover>
      {mayExport ? (
        <div className={`${css.files} screen-only`} role="group" aria-label={m.table.export}>
          <FileLink href={askPath(shown, "/csv", looks)}>{m.table.csv}</FileLink>
          <FileLink href={askPath(shown, "/xlsx", looks)}>{m.table.xlsx}</FileLink>
          {hasPassport(question) ? (
            <FileLink href={askPath(shown, "/passport")}>{m.table.passport}</FileLink>
          ) : null}
        </div>
      ) : null}
    </footer>
  );
}

/** Order and hidden columns of a table, as the server takes them for a file of it. */
function useLooks(table: Placed | null, reply: Reply): Record<string, string> {
  const { address } = useHere();
  if (table === null) return {};
  const ids = rowsOf(reply)?.columns.map((column) => column.id) ?? [];
  return looksOf(ids, {
    order: readOrder(address.sort, table.name),
    without: table.without.split(","),
    hidden: readHidden(address.hide, table.name),
  });
}

/** A proof is of figures as of one moment, and tells of nobody. */
const hasPassport = ({ kind, words }: Question) =>
  kind !== "journey" && kind !== "identity" && !words.since;

const pairs = (of: Record<string, unknown>) =>
  Object.entries(of)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");

function Told({ title, lines }: { title: string; lines: string[] }) {
  if (lines.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}
