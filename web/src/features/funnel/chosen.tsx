//! The chosen stage: what it means, whose it is, its figures and its times.

import type { Stage } from "@/api/queries";
import { useAsk } from "@/api/queries";
import { asked, type Question } from "@/lib/address";
import { cellOf, type Rows, rowOf, rowsOf } from "@/lib/answer";
import { isFigure } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { Figure } from "@/ui/figure";
import { useHere, useWhen } from "@/ui/here";
import { Answered } from "@/ui/state";
import { Termed } from "@/ui/termed";
import css from "./chosen.module.css";
import type { DrawnStage, Told } from "./shape";

export function Chosen({ stage, drawn }: { stage: Stage; drawn: DrawnStage | undefined }) {
  const m = useMessages();
  const locale = useLocale();
  const when = useWhen();
  const { address } = useHere();
  const { unit, where } = address;
  const words = { ...when.base, period: when.period, where, unit };
  const question = asked("times", words);
  const times = useAsk(when.isKnown ? question : null);
  const told = drawn
    ? [drawn.standing, drawn.volume, drawn.onward, ...drawn.leaks, ...drawn.under].filter(
        (one): one is Told => one !== null,
      )
    : [];
  const side = (stage.side ?? "unknown") as keyof typeof m.side;
  return (
    <aside className={css.aside}>
      <h3>{stage.name}</h3>
      <p className={css.owner} data-side={stage.side ?? "unknown"}>
        {m.side[side]}
        {stage.team ? ` · ${stage.team}` : ""}
        {stage.max_days !== null
          ? ` · ${m.funnel.limit(show({ days: stage.max_days }, "days", locale).text)}`
          : ""}
      </p>
      <p className={css.means}>
        <Termed>{stage.means.trim()}</Termed>
      </p>
      <dl className={css.figures}>
        {told.map((one) => (
          <div key={one.id}>
            <dt>{wordOf(one.id, m)}</dt>
            <dd>
              <Figure cell={one.cell} column={one.column} origin={one.origin} isBare />
            </dd>
          </div>
        ))}
      </dl>
      <h4 data-tip={m.funnel.timesMeans}>{m.funnel.times}</h4>
      <Answered query={times} height={120}>
        {(reply) => <Times answer={rowsOf(reply) as Rows} question={question} stage={stage.id} />}
      </Answered>
    </aside>
  );
}

function Times({ answer, question, stage }: { answer: Rows; question: Question; stage: string }) {
  const m = useMessages();
  const row = rowOf(answer, "stage", stage);
  if (!row) return <p className={css.means}>–</p>;
  return (
    <dl className={css.figures}>
      {answer.columns.filter(isFigure).map((column) => (
        <div key={column.id}>
          <dt data-tip={column.means}>{wordOf(column.id, m)}</dt>
          <dd>
            <Figure
              cell={cellOf(answer, row, column.id)}
              column={column}
              origin={
                column.type === "count" ? { question, column: column.id, row: [stage] } : undefined
              }
              isBare
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}
