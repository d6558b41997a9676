//! What it takes: how many deals, or how many of each stage, close the gap, beside what comes anyway.

import { cellOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { type Cell, extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { ODDS } from "@/lib/plan";
import { type Need, Needed } from "@/ui/chart/needed";
import { useUncompared } from "@/ui/earlier";
import { Panel } from "@/ui/panel";
import { restsOf } from "@/ui/rests";
import { AnswerTable } from "@/ui/table";
import { useToggled } from "@/ui/toggled";
import { type Told, useLineName } from "./told";

export function Needs({ reply, question, lines }: Told) {
  const m = useMessages();
  const locale = useLocale();
  const uncompared = useUncompared();
  const toggled = useToggled("needs");
  const lineName = useLineName();
  const answer = rowsOf(reply) as Rows;
  const rests = restsOf(reply, m);
  const rows = [lines.deals, ...lines.stages];
  const text = (cell: Cell | undefined) => show(cell, "count", locale).exact;
  const of = (row: Cell[], id: string) => cellOf(answer, row, id) ?? null;
  const named = (row: Cell[]) => lineName(nameOf(answer, row, "line"));
  const needs = rows.map((row): Need => {
    const [even = null, eight = null, nine = null] = ODDS.map((id) => of(row, id));
    const pace = of(row, "at_pace");
    const told = m.plan.needOf(named(row), text(even), text(eight), text(nine));
    const comes = extent(pace) === null ? [] : [m.plan.paceOf(text(pace))];
    return { name: named(row), even, eight, nine, pace, tip: [told, ...comes, rests].join("\n") };
  });
  const first = lines.stages.at(-1);
  const [need, pace] = first ? [of(first, "even_odds"), of(first, "at_pace")] : [null, null];
  const isTold = extent(need) !== null && extent(pace) !== null;
  const finding = first && m.plan.needsFinding(`≈ ${text(need)}`, `≈ ${text(pace)}`, named(first));
  const title = need === 0 ? m.plan.needsNone : (isTold && finding) || m.plan.needs;
  return (
    <Panel
      title={title}
      means={uncompared(m.plan.needsMean)}
      actions={toggled.button}
      rests={{ reply, question }}
    >
      {toggled.isTable ? (
        <AnswerTable
          name="needs"
          answer={{ ...answer, rows }}
          question={question}
          hidden={["amount", "half_by", "tenth_by"]}
          hasRecords={() => false}
          isEstimate={() => true}
          nameOf={lineName}
          caption={m.plan.needs}
        />
      ) : (
        <Needed needs={needs} summary={title} pace={m.plan.pace} />
      )}
    </Panel>
  );
}
