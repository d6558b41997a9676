//! Why a figure is not what was told before: as told at an earlier moment of knowing, one cause after
//! another, as told now.

import { type FormEvent, useState } from "react";
import { useAsk } from "@/api/queries";
import { asked, type Origin } from "@/lib/address";
import { cellOf, columnOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { type Cell, type Column, extent } from "@/lib/cell";
import { useMessages, wordOf } from "@/lib/i18n";
import { TOLD_NOW, TOLD_THEN } from "@/lib/said";
import { type Step, Waterfall } from "@/ui/chart/waterfall";
import { useHere, useWhen } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { useToggled } from "@/ui/toggled";
import css from "./chosen.module.css";

interface ToldProps {
  of: string;
  currency: string | undefined;
  isFormula: boolean;
}

export function Told({ of, currency, isFormula }: ToldProps) {
  const m = useMessages();
  const when = useWhen();
  const { address } = useHere();
  const toggled = useToggled("told");
  const question = asked("change", when.base, {
    of,
    period: when.whole,
    since: address.since,
    where: address.where,
    currency,
  });
  const query = useAsk(address.since && when.isKnown ? question : null);
  const means = address.since ? m.metrics.toldSince(address.since) : m.metrics.toldMeans;
  if (!address.since) {
    return (
      <Panel title={m.metrics.told} means={means}>
        <Since />
      </Panel>
    );
  }
  return (
    <Answered query={query} height={280}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const change = columnOf(answer, "change");
        // What was told then and is told now are answers of their own, and have records; a cause is the
        // difference of two, and a formula's figure has none.
        const toldAt = (asOf: string | undefined): Origin | undefined => {
          const figure = answer.columns[answer.columns.indexOf(change as Column) + 1];
          if (isFormula || !figure) return undefined;
          const words = { of, period: when.whole, where: address.where, currency };
          const told = asked("metric", when.base, words, { "as-of": asOf });
          return { question: told, column: figure.id, row: [] };
        };
        const steps = stepsOf(answer, {
          called: (cause) => m.metrics.causes[cause] ?? wordOf(cause, m),
          before: toldAt(address.since),
          now: toldAt(undefined),
        });
        return (
          <Panel
            title={m.metrics.told}
            means={means}
            actions={toggled.button}
            rests={{ reply, question }}
          >
            {change && steps.length > 1 && !toggled.isTable ? (
              <Waterfall column={change} summary={m.metrics.told} steps={steps} />
            ) : (
              <AnswerTable
                name="told"
                answer={answer}
                question={question}
                hasRecords={() => false}
                nameOf={(text, column) =>
                  column.id === "cause" ? (m.metrics.causes[text] ?? wordOf(text, m)) : text
                }
                caption={m.metrics.told}
              />
            )}
            <Since />
          </Panel>
        );
      }}
    </Answered>
  );
}

interface Ends {
  called: (cause: string) => string;
  before: Origin | undefined;
  now: Origin | undefined;
}

/** Of one row of names alone: several currencies or groups read better as a table. */
function stepsOf(answer: Rows, { called, before, now }: Ends): Step[] {
  const rows = answer.rows;
  const causes = rows.map((row) => nameOf(answer, row, "cause"));
  if (causes.filter((cause) => cause === TOLD_THEN).length !== 1) return [];
  const at = answer.columns.findIndex((column) => column.id === "change");
  const figure = (row: Cell[]) => row[at + 1] ?? null;
  return rows.flatMap((row, place): Step[] => {
    const cause = causes[place] ?? "";
    if (cause === TOLD_THEN || cause === TOLD_NOW) {
      const origin = cause === TOLD_THEN ? before : now;
      const cell = figure(row);
      return [
        { name: called(cause), cell, isEnd: true, origin: extent(cell) ? origin : undefined },
      ];
    }
    const cell = cellOf(answer, row, "change") ?? null;
    return extent(cell) ? [{ name: called(cause), cell }] : [];
  });
}

/** The earlier moment of knowing: a commit’s number, a day or an instant. */
function Since() {
  const m = useMessages();
  const { address, go } = useHere();
  const [text, setText] = useState(address.since ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go({ since: text.trim() });
  };
  return (
    <form className={`${css.parameters} screen-only`} onSubmit={submit}>
      <label>
        <span>{m.metrics.since}</span>
        <input value={text} maxLength={40} onChange={(event) => setText(event.target.value)} />
      </label>
      <button type="submit">{m.metrics.askWhy}</button>
    </form>
  );
}
