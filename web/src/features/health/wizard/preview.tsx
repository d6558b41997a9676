//! The third step: what the first rows become. Twenty facts as they would stand in the book, how many
//! reach each stage, and what would be set aside.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  type LookedSource,
  type Preview,
  previewQuery,
  type Saved,
  save,
  type Text,
} from "@/api/intake";
import { count } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { actsCss, useActing } from "@/ui/acts";
import { Bars } from "@/ui/chart/bars";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Span } from "@/ui/span";
import { Answered, Empty, Trouble } from "@/ui/state";
import { Reasons, Share } from "../counts";
import { useColumnsSaid } from "./columns-said";
import { Founded } from "./founded";
import { keepSaved, savedOf } from "./saved";
import css from "./wizard.module.css";
import { answersOf, uploadsOf } from "./words";

interface PreviewedProps {
  source: LookedSource | undefined;
  texts: readonly Text[] | undefined;
}

export function Previewed({ source, texts }: PreviewedProps) {
  const m = useMessages();
  const { address } = useHere();
  const answers = answersOf(address);
  const uploads = uploadsOf(address);
  const columns = useColumnsSaid(uploads);
  const proposal = source ? { uploads, answers, columns, source: source.name, texts } : null;
  const query = useQuery(previewQuery(proposal));
  const [saved, setSaved] = useState<Saved | null>(() => (source ? savedOf(source.name) : null));
  const { error, isActing, run } = useActing();
  const { go } = useHere();
  if (!source || !proposal) return <Empty title={m.wizard.nothing}>{m.wizard.nothingText}</Empty>;
  if (saved) return <Founded saved={saved} />;
  const keep = () =>
    run(async () => {
      const done = await save(proposal);
      // A source whose charter is there goes on at once; a first charter is looked at before.
      if (done.charter.state === "complete") go({ step: "import", source: done.source });
      else {
        keepSaved(done);
        setSaved(done);
      }
    });
  return (
    <Answered query={query} height={420}>
      {(found) => {
        const preview = found as Preview;
        return (
          <>
            <Facts preview={preview} />
            <Span of="half">
              <Stages preview={preview} />
            </Span>
            <Span of="half">
              <Rows preview={preview} />
            </Span>
            {error ? <Trouble error={error} /> : null}
            <p className={actsCss.acts}>
              <button
                type="button"
                className={`${actsCss.button} ${actsCss.main}`}
                disabled={isActing || preview.of_facts === 0 || source.is_taken}
                onClick={() => void keep()}
              >
                {m.wizard.save(source.name)}
              </button>
              <button
                type="button"
                className={actsCss.button}
                onClick={() => go({ step: "mapping" })}
              >
                {m.wizard.backToMapping}
              </button>
              <span className={css.quiet}>
                {source.is_taken
                  ? m.wizard.taken(source.name)
                  : preview.of_facts === 0
                    ? m.wizard.mayNotSave
                    : m.wizard.saveMeans}
              </span>
            </p>
          </>
        );
      }}
    </Answered>
  );
}

function Facts({ preview }: { preview: Preview }) {
  const m = useMessages();
  const locale = useLocale();
  return (
    <Panel
      title={m.wizard.facts}
      means={m.wizard.factsMeans(
        count(preview.facts.length, locale),
        count(preview.of_facts, locale),
        count(preview.tried_rows, locale),
      )}
    >
      {preview.facts.length === 0 ? (
        <Empty title={m.wizard.noFacts}>{m.wizard.noFactsText}</Empty>
      ) : (
        <div className={css.frame} tabIndex={0} role="region" aria-label={m.wizard.facts}>
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{m.wizard.from}</th>
                <th scope="col">{m.wizard.kind}</th>
                <th scope="col">{m.wizard.says}</th>
              </tr>
            </thead>
            <tbody>
              {preview.facts.map((fact, at) => (
                <tr key={at}>
                  <th scope="row">
                    {fact.file}:{fact.line}
                  </th>
                  <td>{wordOf(fact.kind, m)}</td>
                  <td className={css.says}>
                    {fact.says.map((said) => (
                      <span key={said.name}>
                        <span className={css.quiet}>{said.name}</span> {said.value}
                      </span>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

const ROWS = { id: "rows", type: "count", means: "" };

function Stages({ preview }: { preview: Preview }) {
  const m = useMessages();
  return (
    <Panel title={m.wizard.stages} means={m.wizard.stagesMeans}>
      {preview.stages.length === 0 ? (
        <Empty title={m.wizard.noStages}>{m.wizard.noStagesText}</Empty>
      ) : (
        <Bars
          column={ROWS}
          summary={m.wizard.stages}
          bars={preview.stages.map(({ stage, rows }) => ({ name: stage, cell: rows }))}
        />
      )}
    </Panel>
  );
}

function Rows({ preview }: { preview: Preview }) {
  const m = useMessages();
  const locale = useLocale();
  return (
    <Panel title={m.wizard.became} means={m.wizard.becameMeans}>
      <ul className={css.became}>
        {preview.files.map((one) => (
          <li key={`${one.stream} ${one.file}`}>
            <strong>{one.file}</strong>{" "}
            <span className={css.quiet}>
              {m.wizard.mappedOf(count(one.counts.mapped, locale), count(one.counts.rows, locale))}
            </span>
            <Share counts={one.counts} />
          </li>
        ))}
      </ul>
      <Reasons title={m.intake.asideBy} of={preview.set_aside_by} />
    </Panel>
  );
}
