//! The last step: try it without writing, then import, with its progress, and the way to take it back.

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect } from "react";
import { bring, type Job, jobQuery, type Looked, renewed, sourcesQuery } from "@/api/intake";
import { useBook } from "@/api/queries";
import { useMessages } from "@/lib/i18n";
import { actsCss, useActing } from "@/ui/acts";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered, Empty, Trouble } from "@/ui/state";
import { JobView, Onward } from "../jobs";
import { Founded } from "./founded";
import { savedOf } from "./saved";
import css from "./wizard.module.css";
import { proposedOf, readerOf, uploadsOf } from "./words";

export function Bring({ looked }: { looked: Looked | null }) {
  const m = useMessages();
  const { address, go } = useHere();
  const sources = useQuery(sourcesQuery);
  const job = useQuery(jobQuery(address.job ?? ""));
  const wanted =
    address.source ?? (looked ? (readerOf(looked) ?? proposedOf(looked, undefined)?.name) : null);
  const hasCharter = Boolean(useBook()?.charter);
  useEnd(job.data);
  return (
    <Answered query={sources} height={240}>
      {({ sources }) => {
        const source = sources.find((one) => one.name === wanted);
        const waiting = wanted && !hasCharter ? savedOf(wanted) : null;
        return (
          <>
            {waiting?.charter.state === "drafted" ? <Founded saved={waiting} /> : null}
            {source ? (
              <Form source={source.name} isBusy={job.data?.state === "running"} last={job.data} />
            ) : (
              <Panel title={m.wizard.notSaved}>
                <Empty
                  title={m.wizard.notSavedText}
                  action={
                    <button type="button" onClick={() => go({ step: "preview" })}>
                      {m.wizard.toPreview}
                    </button>
                  }
                />
              </Panel>
            )}
            {job.isError ? <Trouble error={job.error} /> : null}
            {job.data ? (
              <Panel title={titleOf(job.data, m)}>
                <JobView job={job.data}>
                  {job.data.state === "done" && !job.data.dry_run ? <Onward /> : null}
                </JobView>
              </Panel>
            ) : null}
          </>
        );
      }}
    </Answered>
  );
}

function titleOf(job: Job, m: ReturnType<typeof useMessages>): string {
  if (job.state === "running") return m.intake.running;
  if (job.state === "done") return job.dry_run ? m.wizard.tried : m.wizard.imported;
  return m.intake.states[job.state] ?? m.intake.ended;
}

/** What an import changed is asked again once it has ended; its title says so to other windows too. */
function useEnd(job: Job | undefined): void {
  const m = useMessages();
  const hasEnded = job !== undefined && job.state !== "running";
  const isWritten = hasEnded && !job.dry_run;
  useEffect(() => {
    if (!isWritten) return;
    void renewed();
    document.title = `✓ ${m.wizard.imported} · ${m.name}`;
  }, [isWritten, m]);
}

interface FormProps {
  source: string;
  isBusy: boolean;
  last: Job | undefined;
}

function Form({ source, isBusy, last }: FormProps) {
  const m = useMessages();
  const { address, go } = useHere();
  const uploads = uploadsOf(address);
  const { error, isActing, run } = useActing();
  const wasTried = last?.state === "done" && last.dry_run;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const pressed = (event.nativeEvent as SubmitEvent).submitter?.getAttribute("value");
    const until = String(form.get("until") ?? "");
    void run(async () => {
      const given = { source, uploads, dry_run: pressed === "try" };
      const job = await bring(until ? { ...given, observed_until: until } : given);
      go({ job: job.id, step: "import" }, { replace: true });
    });
  };
  if (uploads.length === 0 || (last?.state === "done" && !last.dry_run)) return null;
  return (
    <Panel title={m.wizard.importInto(source)} means={m.wizard.importMeans}>
      <form className={css.form} onSubmit={submit}>
        <label>
          <span>{m.wizard.observed}</span>
          <input type="date" name="until" />
        </label>
        <p className={css.quiet}>{m.wizard.observedMeans}</p>
        {error ? <Trouble error={error} /> : null}
        <p className={actsCss.acts}>
          <button
            type="submit"
            name="act"
            value="try"
            className={`${actsCss.button} ${wasTried ? "" : actsCss.main}`}
            disabled={isBusy || isActing}
          >
            {m.wizard.try}
          </button>
          <button
            type="submit"
            name="act"
            value="import"
            className={`${actsCss.button} ${wasTried ? actsCss.main : ""}`}
            disabled={isBusy || isActing}
          >
            {m.wizard.import}
          </button>
          <span className={css.quiet}>{m.wizard.tryMeans}</span>
        </p>
      </form>
    </Panel>
  );
}
