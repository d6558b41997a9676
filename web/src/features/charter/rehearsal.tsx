//! A draft replayed over the past: what moves in each quarter, what is won, who gains credit, which
//! rulings it would overturn, which answers would have read differently.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Rehearsal as Done, type Draft, rehearsalQuery } from "@/api/charter";
import { useMay, useVersion } from "@/api/queries";
import { asked } from "@/lib/address";
import { type Rows, rowsOf } from "@/lib/answer";
import { stageName, useWords } from "@/lib/book";
import { count } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { Button, Choice, Field } from "@/ui/field";
import { Grid } from "@/ui/grid";
import { useHere, usePeriodName } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import css from "./page.module.css";

const SHOW = "rehearsal";
const CHOICES = ["4", "8", "12"];
/** So many unless somebody says, as at the other doors. */
const QUARTERS = 8;
/** Tables of a rehearsal are no answers to a question, and have no records of their own. */
const NO_QUESTION = asked(SHOW);

export function Rehearsal({ draft }: { draft: Draft }) {
  const m = useMessages();
  const { address } = useHere();
  const mayRehearse = useMay("propose");
  const isAsked = address.show === SHOW;
  return (
    <Panel title={m.charter.rehearsal} means={m.charter.rehearsalMeans}>
      {mayRehearse ? <Ask draft={draft} isAsked={isAsked} /> : null}
      {mayRehearse ? null : <p className={css.told}>{m.charter.mayNotRehearse}</p>}
      {mayRehearse && isAsked ? <Result draft={draft} /> : null}
    </Panel>
  );
}

function Ask({ draft, isAsked }: { draft: Draft; isAsked: boolean }) {
  const m = useMessages();
  const { address, go } = useHere();
  const [quarters, setQuarters] = useState(address.window ?? `${QUARTERS}`);
  const [from, setFrom] = useState(address.from ?? "");
  const isForward = draft.mode === "forward-only";
  return (
    <div className={`${css.tools} screen-only`}>
      <Choice
        label={m.charter.quarters}
        value={quarters}
        put={setQuarters}
        options={CHOICES.map((id) => ({ id, name: m.charter.lastQuarters(id) }))}
      />
      {isForward ? (
        <Field
          label={m.charter.replayFrom}
          type="date"
          value={from}
          put={setFrom}
          help={m.charter.replayHelp}
        />
      ) : null}
      <Button
        kind={isAsked ? "plain" : "main"}
        onClick={() => go({ show: SHOW, window: quarters, from: isForward ? from : "" })}
      >
        {m.charter.rehearse}
      </Button>
    </div>
  );
}

function Result({ draft }: { draft: Draft }) {
  const m = useMessages();
  const { address } = useHere();
  const version = useVersion();
  const asks = Number(address.window);
  const quarters = Number.isInteger(asks) && asks >= 1 && asks <= 40 ? asks : QUARTERS;
  const query = useQuery({
    ...rehearsalQuery(draft.name, quarters, address.from ?? "", version ?? ""),
    enabled: version !== undefined,
  });
  return (
    <>
      {query.isFetching && !query.data ? (
        <p className={css.told} role="status">
          {m.charter.replaying}
        </p>
      ) : null}
      <Answered query={query} height={320}>
        {(done) => <Told done={done} />}
      </Answered>
    </>
  );
}

function Told({ done }: { done: Done }) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const stages = done.unmoved.map((stage) => stageName(words, stage)).join(", ");
  return (
    <div className={css.told2}>
      <Part
        name="entered"
        title={m.charter.entered}
        of={rowsOf({ answer: done.entered })}
        none={m.charter.nothingMoves}
      />
      {stages ? <p className={css.told}>{m.charter.unmoved(stages)}</p> : null}
      <Part name="won" title={m.charter.wonRate} of={rowsOf({ answer: done.won })} />
      <Part
        name="channels"
        title={m.charter.creditBy(m.ids.channel ?? "channel")}
        of={rowsOf({ answer: done.credit_by_channel ?? undefined })}
        none={m.charter.noCredit}
      />
      <Part
        name="teams"
        title={m.charter.creditBy(m.ids.team ?? "team")}
        of={rowsOf({ answer: done.credit_by_team ?? undefined })}
        none={m.charter.noCredit}
      />
      <Rulings of={done.rulings} />
      <section>
        <h3>{m.charter.answers}</h3>
        <p className={css.told}>
          {m.charter.answersDiffer(
            count(done.answers_differ.length, locale),
            count(done.answers_asked, locale),
          )}
        </p>
        <ul className={css.codes}>
          {done.answers_differ.map((question) => (
            <li key={question}>
              <code>{question}</code>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

interface PartProps {
  name: string;
  title: string;
  of: Rows | undefined;
  none?: string;
}

function Part({ name, title, of, none }: PartProps) {
  const m = useMessages();
  const periodName = usePeriodName();
  const words = useWords();
  if (!of) return null;
  return (
    <section>
      <h3>{title}</h3>
      {of.rows.length === 0 && none ? (
        <p className={css.told}>{none}</p>
      ) : (
        <AnswerTable
          name={name}
          answer={of}
          question={NO_QUESTION}
          hasRecords={() => false}
          nameOf={(text, column) => {
            if (column.id === "stage") return stageName(words, text);
            if (column.type === "period") return periodName(text);
            return column.id === "model" ? wordOf(text, m) : text;
          }}
          caption={title}
          limit={60}
        />
      )}
    </section>
  );
}

function Rulings({ of }: { of: Done["rulings"] }) {
  const m = useMessages();
  if (of.length === 0) return null;
  const said = (holds: boolean | null | undefined) =>
    holds === null || holds === undefined ? "–" : holds ? m.charter.holds : m.charter.holdsNot;
  const head = [m.charter.deal, m.charter.ruling, m.charter.now, m.charter.under, ""];
  return (
    <section>
      <h3>{m.charter.rulings}</h3>
      <Grid label={m.charter.rulings} head={head}>
        {of.map((one) => (
          <tr key={one.deal + one.case}>
            <th scope="row">{one.deal}</th>
            <td>
              {one.case} <span className={css.told}>({one.by})</span>
            </td>
            <td>{said(one.now)}</td>
            <td>{said(one.draft)}</td>
            <td className={css.alert}>{one.is_overturned ? m.charter.overturned : null}</td>
          </tr>
        ))}
      </Grid>
    </section>
  );
}
