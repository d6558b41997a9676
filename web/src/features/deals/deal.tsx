//! One deal: what both teams did, who has a part in it, who rescued it, and what is disputed.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type DealStory, dealQuery, useVersion } from "@/api/queries";
import { type Address, asked, kept } from "@/lib/address";
import { cellOf, type Rows, rowsOf } from "@/lib/answer";
import { stageName, useWords } from "@/lib/book";
import type { Cell } from "@/lib/cell";
import { saidAs, useMessages } from "@/lib/i18n";
import { detailOf, noteOf } from "@/lib/i18n/templated";
import { Grid } from "@/ui/grid";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import { Past } from "@/ui/past";
import { Answered } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import css from "./deal.module.css";
import { Disputes } from "./dispute";
import { Team } from "./team";

/** A story is no answer to a question of its own, and its figures open no records. */
const NO_QUESTION = asked("deal");

export function DealPage({ of }: { of: string }) {
  const query = useQuery(dealQuery(of, useVersion()));
  return (
    <Answered query={query} height={600}>
      {(story) => <Story key={story.deal} of={story} />}
    </Answered>
  );
}

function Story({ of }: { of: DealStory }) {
  const m = useMessages();
  const [evidence, setEvidence] = useState<string[]>([]);
  const [isTelling, setTelling] = useState(false);
  const contributors = rowsOf({ answer: of.contributors }) as Rows;
  return (
    <>
      <Past />
      <Disputes
        deal={of.deal}
        dispute={of.dispute ?? null}
        isTelling={isTelling}
        tellIt={(isOn) => {
          setTelling(isOn);
          setEvidence([]);
        }}
        evidence={evidence}
        leave={(one) => setEvidence(evidence.filter((other) => other !== one))}
      />
      <Panel
        title={m.deals.contributors}
        means={m.deals.contributorsMeans}
        actions={
          <Link
            to="/accounts"
            search={(now: Address) => ({ ...kept(now), of: of.deal })}
            className={css.link}
          >
            {m.deals.toJourney}
          </Link>
        }
      >
        <AnswerTable
          name="contributors"
          answer={contributors}
          question={NO_QUESTION}
          hasRecords={() => false}
          nameOf={(text, column) =>
            column.type === "time" ? (
              <Moment at={text} />
            ) : column.id === "team" ? (
              <Team of={text} />
            ) : (
              text
            )
          }
          caption={m.deals.contributors}
          limit={60}
        />
        {of.notes.map((note) => (
          <p key={note} className={css.note}>
            {noteOf(note, m)}
          </p>
        ))}
      </Panel>
      {of.rescues.length > 0 ? (
        <Panel title={m.deals.rescues} means={m.deals.rescuesMeans}>
          <ul className={css.list}>
            {of.rescues.map((rescue) => (
              <li key={rescue}>{noteOf(rescue, m)}</li>
            ))}
          </ul>
        </Panel>
      ) : null}
      <Events
        answer={rowsOf({ answer: of.journey }) as Rows}
        ticked={isTelling ? evidence : null}
        put={setEvidence}
      />
    </>
  );
}

interface EventsProps {
  answer: Rows;
  /** What shows a story, while somebody tells one; null else. */
  ticked: readonly string[] | null;
  put: (evidence: string[]) => void;
}

function Events({ answer, ticked, put }: EventsProps) {
  const m = useMessages();
  const words = useWords();
  const text = (row: Cell[], id: string) => {
    const cell = cellOf(answer, row, id);
    return typeof cell === "string" || typeof cell === "number" ? String(cell) : "";
  };
  const head = [
    ...(ticked ? [m.deals.evidence] : []),
    m.accounts.columns.when ?? "",
    m.accounts.columns.what ?? "",
    m.accounts.columns.detail ?? "",
    m.ids.team ?? "",
    m.ids.rep ?? "",
    m.accounts.columns.source ?? "",
  ];
  const turn = (place: string) =>
    put(
      (ticked ?? []).includes(place)
        ? (ticked ?? []).filter((one) => one !== place)
        : [...(ticked ?? []), place],
    );
  return (
    <Panel title={m.accounts.events} means={ticked ? m.deals.tickEvidence : undefined}>
      <Grid label={m.accounts.events} head={head}>
        {answer.rows.map((row, at) => {
          const [file, line] = [text(row, "file"), text(row, "line")];
          const place = file && line ? `${file}:${line}` : "";
          const stage = text(row, "stage");
          return (
            <tr key={at}>
              {ticked ? (
                <td>
                  {place ? (
                    <input
                      type="checkbox"
                      className={css.tick}
                      aria-label={m.deals.takeEvidence(place)}
                      checked={ticked.includes(place)}
                      onChange={() => turn(place)}
                    />
                  ) : null}
                </td>
              ) : null}
              <td className={css.when}>
                <Moment at={text(row, "when")} />
              </td>
              <td>
                {saidAs(m.lists.happened, text(row, "what"))}
                {stage ? ` · ${stageName(words, stage)}` : ""}
              </td>
              <td>{detailOf(text(row, "detail"), m)}</td>
              <td>
                <Team of={text(row, "team")} />
              </td>
              <td>{text(row, "rep")}</td>
              <td className={css.place}>{place}</td>
            </tr>
          );
        })}
      </Grid>
    </Panel>
  );
}
