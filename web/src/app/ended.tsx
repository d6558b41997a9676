//! The end of an import, told on whatever page somebody is at: imports take minutes, and nobody waits
//! for them where they began them. It stays until it is put away.

import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { type Job, jobsQuery, renewed } from "@/api/intake";
import { type Address, kept } from "@/lib/address";
import { count } from "@/lib/format";
import { type Locale, type Messages, useLocale, useMessages, useRefusals } from "@/lib/i18n";
import { refusalOf } from "@/lib/refusal";
import { over, unwatch, useWatched } from "@/lib/watched";
import { useHere } from "@/ui/here";
import css from "./ended.module.css";

export function Ended() {
  const m = useMessages();
  const locale = useLocale();
  useRefusals();
  const waited = useWatched();
  const { address } = useHere();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const jobs = useQuery({ ...jobsQuery, enabled: waited.length > 0 });
  const [told, setTold] = useState<readonly Job[]>([]);
  // The wizard says itself what became of the import that it shows.
  const shown = path === "/health/import" ? address.job : undefined;
  const [data, isNew] = [jobs.data, !jobs.isFetching];
  const ids = waited.join(",");
  useEffect(() => {
    if (!data || !isNew || ids === "") return;
    const { ended, gone } = over(ids.split(","), data.jobs);
    if (ended.length + gone.length === 0) return;
    unwatch([...gone, ...ended.map((job) => job.id)]);
    setTold((before) => [...before, ...ended.filter((job) => job.id !== shown)]);
    if (ended.length > 0) void renewed();
  }, [data, isNew, ids, shown]);
  const drop = (id: string) => setTold((all) => all.filter((job) => job.id !== id));
  return (
    <div className={told.length > 0 ? css.all : "unseen"} role="log">
      {told.map((job) => (
        <p key={job.id} className={css.one} data-state={job.state}>
          <span>{saidOf(job, m, locale)}</span>
          <Link
            to="/health/import"
            search={(now: Address) => ({ ...kept(now), step: "import", job: job.id })}
            onClick={() => drop(job.id)}
          >
            {m.intake.look}
          </Link>
          <button type="button" aria-label={m.records.close} onClick={() => drop(job.id)}>
            ×
          </button>
        </p>
      ))}
    </div>
  );
}

/** What became of it, with its rows. */
function saidOf(job: Job, m: Messages, locale: Locale): string {
  const into = job.kind === "mended" ? m.intake.mended : m.intake.importOf(job.source ?? "–");
  const what = job.dry_run ? m.intake.dryOf(into) : into;
  const counts = job.result?.counts;
  const rows = counts ? m.intake.rowsOf(count(counts.rows, locale)) : "";
  const aside = counts?.set_aside ? m.intake.asideOf(count(counts.set_aside, locale)) : "";
  const why = job.problem ? refusalOf(job.problem, m).title : "";
  const state = m.intake.states[job.state] ?? job.state;
  return `${what}: ${[state, rows, aside, why].filter(Boolean).join(", ")}`;
}
