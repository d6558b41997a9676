//! One file as it was read: how it is written, and each column with its kind, how full it is, samples,
//! and what it is taken for.

import { useState } from "react";
import type { LookedColumn, LookedFile } from "@/api/intake";
import { count } from "@/lib/format";
import { useLocale, useMessages, wordIn, wordOf } from "@/lib/i18n";
import { Panel } from "@/ui/panel";
import css from "./wizard.module.css";

/** Fewer columns need no search. */
const MANY = 12;

export function Columns({ file }: { file: LookedFile }) {
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
      means={[rows, file.why].filter(Boolean).join(" · ")}
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
              <Row key={one.name} column={one} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length === 0 ? <p className={css.quiet}>{m.wizard.noColumn}</p> : null}
    </Panel>
  );
}

function Row({ column }: { column: LookedColumn }) {
  const m = useMessages();
  const locale = useLocale();
  const [best, ...others] = column.parts.map((part) => wordOf(part, m));
  return (
    <tr>
      <th scope="row">{column.name}</th>
      <td>
        {best ? <strong>{best}</strong> : <span className={css.quiet}>{m.wizard.unused}</span>}
        {others.length > 0 ? (
          <small className={css.quiet}>{m.wizard.orElse(others.join(", "))}</small>
        ) : null}
        {column.doubt ? <small className={css.alert}>{column.doubt}</small> : null}
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
