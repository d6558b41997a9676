//! The import wizard: drop files, see what they are, how they become facts, what the first rows come to,
//! try, import. Nothing is written before one says so, and everything can be taken back.

import { useQuery } from "@tanstack/react-query";
import { isAbsent } from "@/api/client";
import { type Looked, lookQuery } from "@/api/intake";
import { useMay } from "@/api/queries";
import { useLater, useMessages } from "@/lib/i18n";
import { useHere } from "@/ui/here";
import { Page } from "@/ui/page";
import { Answered, Empty } from "@/ui/state";
import { Bring } from "./bring";
import { sayColumns, sayTexts, useColumnsSaid, useTextsSaid } from "./columns-said";
import { Files } from "./files";
import { Mapping } from "./mapping";
import { Previewed } from "./preview";
import css from "./wizard.module.css";
import {
  answersOf,
  openOf,
  proposedOf,
  readerOf,
  STEPS,
  type Step,
  stepOf,
  uploadsOf,
} from "./words";

export function WizardPage() {
  useLater();
  const m = useMessages();
  const { address } = useHere();
  const mayImport = useMay("import");
  const step = stepOf(address);
  return (
    <Page question={m.wizard.question} sentence={<span>{m.wizard.stays}</span>}>
      {mayImport ? (
        <>
          <Steps now={step} />
          {step === "files" ? <Files /> : <Looking step={step} />}
        </>
      ) : (
        <Empty title={m.state.forbidden}>{m.intake.noRight}</Empty>
      )}
    </Page>
  );
}

function Steps({ now }: { now: Step }) {
  const m = useMessages();
  const { address, go } = useHere();
  const hasFiles = uploadsOf(address).length > 0;
  return (
    <ol className={`${css.steps} screen-only`} aria-label={m.wizard.steps}>
      {STEPS.map((step, at) => (
        <li key={step}>
          <button
            type="button"
            aria-current={step === now ? "step" : undefined}
            disabled={!hasFiles && step !== "files"}
            onClick={() => go({ step: step === "files" ? "" : step })}
          >
            <span className={css.number}>{at + 1}</span> {m.wizard.names[step]}
          </button>
        </li>
      ))}
    </ol>
  );
}

/** What was found in the files stands behind all further steps. */
function Looking({ step }: { step: Step }) {
  const { address } = useHere();
  const answers = answersOf(address);
  const uploads = uploadsOf(address);
  const texts = useTextsSaid(uploads);
  const columns = useColumnsSaid(uploads);
  const query = useQuery(lookQuery(uploads, answers, columns));
  // Once imported the files are gone; what came of them is told by their job alone.
  const isBegun = step === "import" && address.job !== undefined;
  if (uploads.length === 0 || isBegun || (step === "import" && isAbsent(query.error))) {
    return <Bring looked={null} />;
  }
  return (
    <Answered query={query} height={420}>
      {(found) => {
        const looked = found as Looked;
        const source = proposedOf(looked, address.source);
        const edited = source ? texts[source.name] : undefined;
        const hasOpen = openOf(looked, answers).length > 0;
        if (step === "mapping" || (hasOpen && readerOf(looked) === null)) {
          return (
            <Mapping
              looked={looked}
              source={source}
              texts={edited ?? source?.texts ?? []}
              said={columns}
              say={(next) => {
                // Texts that were written for another mapping would undo what is said now.
                sayTexts(uploads, {});
                sayColumns(uploads, next);
              }}
              edit={(next) => {
                if (source) sayTexts(uploads, { ...texts, [source.name]: next });
              }}
            />
          );
        }
        if (step === "preview") {
          return <Previewed source={source} texts={edited} />;
        }
        return <Bring looked={looked} />;
      }}
    </Answered>
  );
}
