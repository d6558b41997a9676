//! By the page's groups: how likely open deals were told to be won, and how many were. Of categories
//! that people put deals in, it is what each of their words was worth.

import { useAsk } from "@/api/queries";
import type { Question } from "@/lib/address";
import { cellOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { type Cell, extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale, useMessages, valueAs, wordOf } from "@/lib/i18n";
import { useUncompared } from "@/ui/earlier";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { useHorizon } from "./asking";

/** Behind these are the deals, as many as were open. */
const OPEN = new Set(["were_open", "chance"]);

export function Calibrated({ question }: { question: Question }) {
  const m = useMessages();
  const uncompared = useUncompared();
  const locale = useLocale();
  const { address } = useHere();
  const horizon = useHorizon();
  const query = useAsk(question);
  const by = (address.by ?? "").split(",");
  return (
    <Answered query={query} height={320}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const size = (row: readonly Cell[]) => extent(cellOf(answer, row, "were_open")) ?? 0;
        const most = [...answer.rows].sort((a, b) => size(b) - size(a))[0];
        const said = (id: string, type: string) =>
          show(cellOf(answer, most, id), type, locale, "short").text;
        const named = by
          .map((dim) => valueAs(dim, most ? nameOf(answer, most, dim) : "–", m))
          .join(" · ");
        const title =
          most && size(most) > 0
            ? m.forecast.calibrated(named, said("chance", "estimated_share"), said("won", "ratio"))
            : m.forecast.calibratedTitle(
                by.map((dim) => m.sentence.inside(wordOf(dim, m))).join(", "),
              );
        return (
          <Panel
            title={title}
            means={uncompared(m.forecast.calibratedMeans[horizon])}
            rests={{ reply, question }}
          >
            <AnswerTable
              name="calibrated"
              answer={answer}
              question={question}
              hasRecords={(column) => OPEN.has(column.id)}
              caption={m.forecast.calibratedTitle(by.join(", "))}
              limit={60}
            />
          </Panel>
        );
      }}
    </Answered>
  );
}
