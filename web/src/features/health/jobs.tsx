//! Work under way: how far an import is, how fast, how long still; and what came of those that ended.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { isAbsent, Refused } from "@/api/client";
import { asidePath, cancel, foreseenPath, type Job, jobsQuery, renewed } from "@/api/intake";
import { useMay } from "@/api/queries";
import { type Address, kept } from "@/lib/address";
import { useWords } from "@/lib/book";
import { count, lasting, moment } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { watch } from "@/lib/watched";
import { actsCss, useActing } from "@/ui/acts";
import { FileLink } from "@/ui/file-link";
import { Panel } from "@/ui/panel";
import { Progress } from "@/ui/progress";
import { Trouble } from "@/ui/state";
import { Figures, Reasons } from "./counts";
import css from "./intake.module.css";

/** How many that ended are shown; all of them are imports, and stand there. */
const ENDED = 3;

export function Jobs() {
  const m = useMessages();
  const query = useQuery(jobsQuery);
  const jobs = query.data?.jobs ?? [];
  const running = jobs.filter((job) => job.state === "running");
  const ended = jobs.filter((job) => job.state !== "running").slice(0, ENDED);
  useEnds(jobs);
  if (isAbsent(query.error)) return null;
  if (query.isError) return <Trouble error={query.error} again={() => void query.refetch()} />;
  if (running.length + ended.length === 0) return null;
  return (
    <Panel title={running.length > 0 ? m.intake.running : m.intake.ended}>
      <ul className={css.jobs}>
        {[...running, ...ended].map((job) => (
          <li key={job.id}>
            <JobView job={job} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** When work ends, whatever rests on it is asked anew. */
function useEnds(jobs: readonly Job[]): void {
  const before = useRef(new Set<string>());
  useEffect(() => {
    const now = new Set(jobs.filter((job) => job.state === "running").map((job) => job.id));
    // Whoever saw it run is told of its end, wherever they are by then.
    for (const id of now) watch(id);
    const hasEnded = [...before.current].some((id) => !now.has(id));
    before.current = now;
    if (hasEnded) void renewed();
  }, [jobs]);
}

export function JobView({ job, children }: { job: Job; children?: ReactNode }) {
  const m = useMessages();
  const locale = useLocale();
  const { zone } = useWords();
  const what = job.kind === "mended" ? m.intake.mended : m.intake.importOf(job.source ?? "–");
  const { error, isActing, run } = useActing();
  return (
    <div className={css.job}>
      <p className={css.jobHead}>
        <strong>{job.dry_run ? m.intake.dryOf(what) : what}</strong>{" "}
        <span className={css.quiet}>
          {job.by}, {moment(job.began, locale, zone)}
        </span>{" "}
        <span className={css.state} data-state={job.state} aria-live="polite">
          {m.intake.states[job.state]}
        </span>
      </p>
      {job.state === "running" ? (
        <>
          <Progress done={job.rows} of={job.of_rows ?? null} label={what}>
            {m.intake.progress(
              count(job.rows, locale),
              job.of_rows ? count(job.of_rows, locale) : null,
              count(Math.round(job.rows_per_second), locale),
              job.seconds_left == null ? null : lasting(job.seconds_left, locale),
            )}
            {job.file ? ` · ${job.file}` : ""}
          </Progress>
          <p className={actsCss.acts}>
            <button
              type="button"
              className={actsCss.button}
              disabled={isActing}
              onClick={() => void run(() => cancel(job.id))}
            >
              {m.intake.cancel}
            </button>
            <span className={css.quiet}>{m.intake.cancelMeans}</span>
          </p>
          {error ? <Trouble error={error} /> : null}
        </>
      ) : null}
      {job.problem ? <Refusal problem={job.problem} /> : null}
      {job.result ? <Result job={job} result={job.result} /> : null}
      {children}
    </div>
  );
}

function Refusal({ problem }: { problem: NonNullable<Job["problem"]> }) {
  const error = new Refused(problem);
  return <Trouble error={error} />;
}

interface ResultProps {
  job: Job;
  result: NonNullable<Job["result"]>;
}

function Result({ job, result }: ResultProps) {
  const m = useMessages();
  const mayAside = useMay("personal");
  return (
    <>
      <Figures counts={result.counts} fresh={result.new_rows} />
      <Reasons title={m.intake.asideBy} of={result.counts.set_aside_by} />
      <Reasons title={m.intake.ignoredBy} of={result.counts.ignored_by} />
      {result.unknown.length > 0 ? (
        <p className={css.note}>{m.intake.unknownRows(result.unknown.join(", "))}</p>
      ) : null}
      {result.notes.map((note) => (
        <p key={note} className={css.note}>
          {note}
        </p>
      ))}
      {result.foreseen > 0 && mayAside ? (
        <p className={css.note}>
          <span className={css.link}>
            <FileLink href={foreseenPath(job.id)}>{m.intake.foreseenCsv}</FileLink>
          </span>
        </p>
      ) : null}
      {result.run != null && !job.dry_run && result.counts.set_aside > 0 && mayAside ? (
        <p className={css.note}>
          <span className={css.link}>
            <FileLink href={asidePath(result.run)}>{m.intake.asideCsv}</FileLink>
          </span>
        </p>
      ) : null}
    </>
  );
}

/** The way from an ended import to what it changed. */
export function Onward() {
  const m = useMessages();
  return (
    <p className={actsCss.acts}>
      <Link to="/" search={kept} className={`${actsCss.button} ${actsCss.main}`}>
        {m.intake.toFigures}
      </Link>
      <Link
        to="/health"
        search={(now: Address) => ({ ...kept(now), source: now.source ?? "" })}
        className={actsCss.button}
      >
        {m.intake.toHealth}
      </Link>
    </p>
  );
}
