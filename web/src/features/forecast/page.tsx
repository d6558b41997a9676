//! Forecast: what is won in the month or quarter ahead, as a range; of which parts; who says so; and
//! how well such ranges told the past.

import { Refused } from "@/api/client";
import { useAsk } from "@/api/queries";
import { cellOf, type Rows, rowsOf } from "@/lib/answer";
import { ALL_PARTS, partOf } from "@/lib/forecast";
import { useMessages } from "@/lib/i18n";
import { useHere } from "@/ui/here";
import { Choice, Page, Sentence, Tabs } from "@/ui/page";
import { Span } from "@/ui/span";
import { Answered, Empty } from "@/ui/state";
import { Ahead } from "./ahead";
import { type Asking, useAsking, useFigure, useHorizon } from "./asking";
import { Calibrated } from "./calibrated";
import { Parts, Split } from "./parts";
import { Speaks } from "./speaks";
import { Tested } from "./tested";

/** What a pursuit has not at one instant, and cannot be grouped by. */
const WITHOUT = ["day", "week", "month", "quarter", "year", "touch_kind", "asset", "vendor"];
/** The refusal where nothing had ended yet, so that nothing can be learned. */
const NOTHING_ENDED = "E0414";

export function ForecastPage() {
  const m = useMessages();
  const { go } = useHere();
  const horizon = useHorizon();
  const figure = useFigure();
  const asking = useAsking();
  const choices = (["month", "quarter"] as const).map((id) => ({ id, name: m.forecast.ahead[id] }));
  const tabs = (["value", "deals"] as const).map((id) => ({ id, name: m.forecast.figures[id] }));
  return (
    <Page
      question={m.forecast.question}
      sentence={
        <Sentence
          start={
            <>
              <span>{m.sentence.all.deal}</span>
              <Choice
                name={m.forecast.ahead[horizon]}
                choices={choices}
                put={(id) => go({ horizon: id === "quarter" ? "" : id })}
              />
            </>
          }
          hasWhen={false}
          hasCurrency
          without={WITHOUT}
        />
      }
      tabs={
        <Tabs
          tabs={tabs}
          now={figure}
          put={(id) => go({ show: id === "value" ? "" : id })}
          label={m.forecast.figure}
        />
      }
    >
      <Told asking={asking} />
    </Page>
  );
}

function Told({ asking }: { asking: Asking }) {
  const m = useMessages();
  const wanted = useFigure();
  const query = useAsk(asking.whole);
  if (query.error instanceof Refused && query.error.problem.code === NOTHING_ENDED) {
    return <Empty title={m.forecast.nothing}>{m.forecast.nothingText}</Empty>;
  }
  return (
    <Answered query={query} height={900}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        // Amounts of several currencies have no sum that could be told.
        const hasValue = cellOf(answer, partOf(answer, ALL_PARTS), "value_p50") !== null;
        const figure = hasValue ? wanted : "deals";
        return (
          <>
            <Ahead reply={reply} asking={asking} figure={figure} />
            <Span of="seven">
              <Parts reply={reply} question={asking.whole} figure={figure} />
            </Span>
            <Span of="five">
              <Speaks reply={reply} question={asking.whole} />
            </Span>
            {asking.split ? <Split question={asking.split} figure={figure} /> : null}
            <Tested question={asking.tested} figure={figure} />
            {asking.calibrated ? <Calibrated question={asking.calibrated} /> : null}
          </>
        );
      }}
    </Answered>
  );
}
