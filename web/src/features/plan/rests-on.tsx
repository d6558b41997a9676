//! What coming to be costs, and what else the plan says of itself: how many wins it learned from, whose
//! goal it is, what it takes for granted.

import { Link } from "@tanstack/react-router";
import { kept } from "@/lib/address";
import { cellOf, columnOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { extent } from "@/lib/cell";
import { othersIn } from "@/lib/forecast";
import { useMessages } from "@/lib/i18n";
import { noteOf } from "@/lib/i18n/templated";
import { useUncompared } from "@/ui/earlier";
import { Figure } from "@/ui/figure";
import { Panel } from "@/ui/panel";
import css from "./page.module.css";
import { type Told, useLineName } from "./told";

export function RestsOn({ reply, question, lines }: Told) {
  const m = useMessages();
  const uncompared = useUncompared();
  const lineName = useLineName();
  const answer = rowsOf(reply) as Rows;
  const column = columnOf(answer, "amount");
  const first = lines.stages.at(-1);
  const cost = cellOf(answer, first, "amount");
  return (
    <Panel
      title={m.plan.rests}
      means={uncompared(m.plan.handMeans)}
      rests={{ reply, question }}
      actions={
        <Link to="/forecast" search={kept} className={css.link}>
          {m.plan.toForecast}
        </Link>
      }
    >
      {first && column && extent(cost) !== null ? (
        <dl className={css.heads}>
          <div data-line="cost">
            <dt>{m.plan.cost(lineName(nameOf(answer, first, "line")))}</dt>
            <dd>
              <Figure cell={cost} column={column} size="head" isEstimate isUnitSaid />
            </dd>
          </div>
        </dl>
      ) : (
        <p className={css.quiet}>{m.plan.noCost}</p>
      )}
      <ul className={css.notes}>
        {othersIn(reply.notes).map((note) => (
          <li key={note}>{noteOf(note, m)}</li>
        ))}
      </ul>
    </Panel>
  );
}
