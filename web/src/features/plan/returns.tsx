//! Points of no return: until which day whoever comes to a stage is still won within the period.

import { cellOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { windowIn } from "@/lib/forecast";
import { day } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { byDay, dayOf } from "@/lib/plan";
import { useUncompared } from "@/ui/earlier";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import { AnswerTable } from "@/ui/table";
import css from "./page.module.css";
import { type Told, useLineName } from "./told";

/** What is of how many, and not of when. */
const COUNTS = [
  ...["amount", "at_means", "even_odds", "four_of_five", "nine_of_ten"],
  ...["at_pace", "won_share", "in_time"],
];

export function Returns({ reply, question, lines }: Told) {
  const m = useMessages();
  const locale = useLocale();
  const uncompared = useUncompared();
  const lineName = useLineName();
  const answer = rowsOf(reply) as Rows;
  const at = windowIn(reply.notes)?.at ?? "";
  const rows = byDay(answer, lines.stages);
  const half = (row: (typeof rows)[number]) => dayOf(cellOf(answer, row, "half_by"));
  const next = rows.find((row) => (half(row) ?? "") > at);
  const isTold = rows.some((row) => half(row) !== null);
  const finding = next
    ? m.plan.returnsFinding(lineName(nameOf(answer, next, "line")), day(half(next) ?? "", locale))
    : m.plan.returnsOver;
  return (
    <Panel
      title={isTold ? finding : m.plan.returns}
      means={uncompared(m.plan.returnsMean)}
      rests={{ reply, question }}
    >
      <AnswerTable
        name="returns"
        answer={{ ...answer, rows }}
        question={question}
        hidden={COUNTS}
        hasRecords={() => false}
        nameOf={(text, column) =>
          column.id === "line" ? lineName(text) : <Until text={text} at={at} />
        }
        caption={m.plan.returns}
      />
    </Panel>
  );
}

/** A day, and in words whether it is past. */
function Until({ text, at }: { text: string; at: string }) {
  const m = useMessages();
  const isPast = text <= at;
  return (
    <span data-past={isPast ? "" : undefined} className={isPast ? css.past : undefined}>
      ≈ <Moment at={text} />
      {isPast ? ` · ${m.plan.past}` : null}
    </span>
  );
}
