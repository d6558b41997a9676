//! One file as it was read: how it is written, and each column with its kind, how full it is, samples,
//! and what it is taken for.

import { useState } from "react";
import type { ColumnSaid, LookedColumn, LookedFile } from "@/api/intake";
import { count } from "@/lib/format";
import { saidAs, useLocale, useMessages, wordIn, wordOf } from "@/lib/i18n";
import { saidIn } from "@/lib/i18n/templated";
import { Panel } from "@/ui/panel";
import { saying } from "./columns-said";
import css from "./wizard.module.css";

/** Fewer columns need no search. */
const MANY = 12;

interface ColumnsProps {
  file: LookedFile;
  said: readonly ColumnSaid[];
  say: (said: ColumnSaid[]) => void;
}

export function Columns({ file, said, say }: ColumnsProps) {
  const m = useMessages();
  const locale = useLocale();
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const fits = (one: LookedColumn) =>
    !wanted ||
    [one.name, ...one.parts, ...one.samples].some((said) => said.toLowerCase().includes(wanted));
  const shown = file.columns.filter(fits);
  const rows = m.wizard.rowsOf(count(file.rows, locale), file.is_whole);
  const what = file.rows_are ? (wordIn(m.wizard.rows, file.rows_are) ?? file.rows_are) : null;
  return (
    <Panel
      title={what ? m.wizard.fileIs(file.file, what) : file.file}
      means={[rows, saidIn(m.lists.reasons, file.why)].filter(Boolean).join(" · ")}
    >
      <ul className={css.written}>
        {file.written.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {file.bad_rows > 0 ? (
        <p className={css.alert}>
          {m.wizard.bad(count(file.bad_rows, locale))} {file.bad_reason}
        </p>
      ) : null}
      {file.columns.length > MANY ? (
        <input
          type="search"
          className={css.search}
          value={text}
          placeholder={m.wizard.findColumn}
          aria-label={m.wizard.findColumn}
          maxLength={80}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
      <div className={css.frame} tabIndex={0} role="region" aria-label={file.file}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{m.wizard.column}</th>
              <th scope="col">{m.wizard.takenFor}</th>
              <th scope="col">{m.wizard.kind}</th>
              <th scope="col" className={css.figure}>
                {m.wizard.filled}
              </th>
              <th scope="col">{m.wizard.samples}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row
                key={one.name}
                column={one}
                said={said.find((it) => it.file === file.file && it.column === one.name)}
                say={(part) => say(saying(said, { file: file.file, column: one.name }, part))}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className={css.quiet}>{m.wizard.takenForMeans}</p>
      {shown.length === 0 ? <p className={css.quiet}>{m.wizard.noColumn}</p> : null}
    </Panel>
  );
}

interface RowProps {
  column: LookedColumn;
  said: ColumnSaid | undefined;
  /** A part, none at all, or as it was read. */
  say: (part: string | null | undefined) => void;
}

/** No part has such words. */
const NONE = "-";

function Row({ column, said, say }: RowProps) {
  const m = useMessages();
  const locale = useLocale();
  const called = (part: string) => wordOf(saidAs(m.lists.parts, part), m);
  const read = column.parts.map(called).join(", ") || m.wizard.unused;
  const now = said ? (said.part ?? NONE) : "";
  return (
    <tr>
      <th scope="row">{column.name}</th>
      <td>
        <select
          className={css.part}
          value={now}
          aria-label={m.wizard.partOf(column.name)}
          onChange={(event) => {
            const chosen = event.target.value;
            say(chosen === "" ? undefined : chosen === NONE ? null : chosen);
          }}
        >
          <option value="">{said ? m.wizard.asGuessed : read}</option>
          <option value={NONE}>{m.wizard.unused}</option>
          {column.may_be.map((part) => (
            <option key={part} value={part}>
              {called(part)}
            </option>
          ))}
        </select>
        {said ? <small className={css.quiet}>{m.wizard.asYouSaid}</small> : null}
        {column.doubt ? (
          <small className={css.alert}>{saidIn(m.lists.reasons, column.doubt)}</small>
        ) : null}
      </td>
      <td>
        {wordIn(m.wizard.kindsOf, column.kind) ?? column.kind}
        {column.is_sealed ? (
          <small className={css.quiet} data-tip={m.wizard.sealedMeans}>
            {m.wizard.sealed}
          </small>
        ) : null}
      </td>
      <td className={css.figure}>{m.wizard.percent(count(column.filled_percent, locale))}</td>
      <td className={css.samples}>{column.samples.join(" · ")}</td>
    </tr>
  );
}
