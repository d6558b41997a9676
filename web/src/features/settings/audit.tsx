//! The log of what was done: newest first, as a file, and whether it is as it was written.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import {
  AUDIT_FILE,
  auditQuery,
  type Entry,
  type Head,
  peopleQuery,
  verifyAudit,
} from "@/api/people";
import { useMay } from "@/api/queries";
import { count } from "@/lib/format";
import { type Messages, useLocale, useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Button, Field, Form, Pair } from "@/ui/field";
import { FileLink } from "@/ui/file-link";
import { Grid } from "@/ui/grid";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import { Empty, Trouble, Waiting } from "@/ui/state";
import { Take } from "@/ui/take";
import css from "./page.module.css";

export function Audit() {
  const m = useMessages();
  return (
    <>
      <Panel
        title={m.settings.audit}
        means={m.settings.auditMeans}
        actions={
          <FileLink href={AUDIT_FILE} isLarge>
            {m.settings.export}
          </FileLink>
        }
      >
        <Log />
      </Panel>
      <Panel title={m.settings.verify} means={m.settings.verifyMeans}>
        <Verify />
      </Panel>
    </>
  );
}

function Log() {
  const m = useMessages();
  const locale = useLocale();
  const query = useInfiniteQuery(auditQuery);
  const names = useNames();
  // Somebody's name may be looked for, which an address must not keep.
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text).trim().toLowerCase();
  if (query.isError && !query.data)
    return <Trouble error={query.error} again={() => void query.refetch()} />;
  if (!query.data) return <Waiting height={420} />;
  const entries = query.data.pages.flatMap((page) => page.entries);
  const shown = entries.filter(
    (entry) => !wanted || textOf(entry, names).toLowerCase().includes(wanted),
  );
  return (
    <>
      <div className={css.tools}>
        <Field
          label={m.settings.filter}
          type="search"
          value={text}
          put={setText}
          placeholder={m.settings.filterExample}
          most={80}
        />
        <p className={css.told}>
          {m.settings.entries(count(shown.length, locale), count(entries.length, locale))}
        </p>
      </div>
      {shown.length === 0 ? (
        <Empty title={m.settings.noEntries} />
      ) : (
        <>
          <Rows of={shown} names={names} />
          <Take table="audit" lines={() => linesOf(shown, names, m)} />
        </>
      )}
      <p className={css.more}>
        {query.hasNextPage ? (
          <Button isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {m.settings.further}
          </Button>
        ) : (
          <span className={css.told}>{m.settings.begins}</span>
        )}
      </p>
    </>
  );
}

/** Names of the people who are here, by id, for whoever may see people. */
function useNames(): ReadonlyMap<string, string> {
  const mayPeople = useMay("people");
  const people = useQuery({ ...peopleQuery, enabled: mayPeople }).data?.people ?? [];
  return new Map(people.map((person) => [person.id, person.name]));
}

const textOf = (entry: Entry, names: ReadonlyMap<string, string>) =>
  [entry.act, entry.name, entry.kind, entry.object, names.get(entry.object), entry.request].join(
    " ",
  );

/** The entries that are shown, in words, each instant as it was written. */
function linesOf(
  of: readonly Entry[],
  names: ReadonlyMap<string, string>,
  m: Messages,
): string[][] {
  const s = m.settings;
  const fields = (said: unknown) =>
    Object.entries(said as Record<string, string>)
      .map(([field, value]) => `${field}: ${value}`)
      .join("; ");
  return [
    [s.number, s.when, s.who, s.did, "", s.object, `${s.change} –`, `${s.change} +`],
    ...of.map((entry) => [
      String(entry.seq),
      entry.at,
      entry.name ?? s.kinds[entry.kind] ?? entry.kind,
      s.acts[entry.act] ?? entry.act,
      entry.act,
      names.get(entry.object) ?? entry.object,
      fields(entry.before),
      fields(entry.after),
    ]),
  ];
}

function Rows({ of, names }: { of: readonly Entry[]; names: ReadonlyMap<string, string> }) {
  const m = useMessages();
  const head = [
    m.settings.number,
    m.settings.when,
    m.settings.who,
    m.settings.did,
    m.settings.object,
    m.settings.change,
  ];
  return (
    <Grid label={m.settings.audit} head={head}>
      {of.map((entry) => (
        <tr key={entry.seq}>
          <td className={css.id}>{entry.seq}</td>
          <td>
            <Moment at={entry.at} />
          </td>
          <td>
            {entry.name ?? m.settings.kinds[entry.kind] ?? entry.kind}
            <span className={css.under}>
              {m.settings.nearness[entry.nearness] ?? entry.nearness}
            </span>
          </td>
          <td>
            {m.settings.acts[entry.act] ?? entry.act}
            {m.settings.acts[entry.act] ? <span className={css.under}>{entry.act}</span> : null}
          </td>
          <td>
            <Thing of={entry.object} name={names.get(entry.object)} />
          </td>
          <td className={css.changes}>
            <Changes entry={entry} />
          </td>
        </tr>
      ))}
    </Grid>
  );
}

/** Acts of the ledger are named by their commit, all else by an id. */
function Thing({ of, name }: { of: string; name: string | undefined }) {
  const m = useMessages();
  if (name) return <>{name}</>;
  return <span className={css.id}>{/^\d+$/.test(of) ? m.basis.asOf(of) : of || "–"}</span>;
}

/** What held before and what holds since, field by field. */
function Changes({ entry }: { entry: Entry }) {
  const before = entry.before as Record<string, string>;
  const after = entry.after as Record<string, string>;
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (fields.length === 0) return <>–</>;
  return (
    <>
      {fields.map((field) => (
        <div key={field}>
          {field}: {before[field] ? <del>{before[field]}</del> : null}{" "}
          {after[field] ? <ins>{after[field]}</ins> : "–"}
        </div>
      ))}
    </>
  );
}

function Verify() {
  const m = useMessages();
  const locale = useLocale();
  const doing = useAct();
  const [kept, setKept] = useState({ seq: "", hash: "" });
  const [end, setEnd] = useState<Head | null>(null);
  const submit = () => {
    const hasKept = kept.seq !== "" || kept.hash !== "";
    const head = hasKept ? { seq: Number(kept.seq), hash: kept.hash.trim() } : undefined;
    setEnd(null);
    void doing.run(async () => setEnd(await verifyAudit(head)));
  };
  return (
    <>
      {end ? (
        <div className={css.verified} role="status">
          <p>{m.settings.verified(count(end.seq, locale))}</p>
          <p className={css.id}>{end.hash}</p>
          <p className={css.told}>{m.settings.keepHead}</p>
        </div>
      ) : null}
      <Form send={m.settings.verifyNow} isBusy={doing.isBusy} error={doing.error} submit={submit}>
        <Pair>
          <Field
            label={m.settings.headSeq}
            type="number"
            least={0}
            value={kept.seq}
            put={(seq) => setKept({ ...kept, seq })}
            isRequired={kept.hash !== ""}
          />
          <Field
            label={m.settings.headHash}
            value={kept.hash}
            put={(hash) => setKept({ ...kept, hash })}
            isCode
            isRequired={kept.seq !== ""}
            help={m.settings.headHelp}
          />
        </Pair>
      </Form>
    </>
  );
}
