//! Plan: from a goal back to what must come in, and until when; and what came of every goal so far.

import { Refused } from "@/api/client";
import { useAsk } from "@/api/queries";
import { type Rows, rowsOf } from "@/lib/answer";
import { useMessages } from "@/lib/i18n";
import { linesOf } from "@/lib/plan";
import { NO_GOAL } from "@/lib/said";
import { Page, Sentence } from "@/ui/page";
import { Span } from "@/ui/span";
import { Answered, Empty } from "@/ui/state";
import { type Asking, useAsking } from "./asking";
import { Goal } from "./goal";
import { Months, Split } from "./groups";
import { Needs } from "./needs";
import { RestsOn } from "./rests-on";
import { Returns } from "./returns";
import { Scorecard } from "./scorecard";
import { Stand } from "./stand";

/** What a pursuit has not at one instant, and cannot be grouped by; months have a part of their own. */
const WITHOUT = ["day", "week", "month", "quarter", "year", "touch_kind", "asset", "vendor"];
/** The refusal where nothing had ended yet, so that nothing can be learned. */
const NOTHING_ENDED = "E0414";

export function PlanPage() {
  const m = useMessages();
  const asking = useAsking();
  return (
    <Page
      question={m.plan.question}
      sentence={
        <Sentence start={<Goal asking={asking} />} hasWhen={false} hasCurrency without={WITHOUT} />
      }
    >
      <Planned asking={asking} />
      <Scorecard question={asking.goals} />
    </Page>
  );
}

function Planned({ asking }: { asking: Asking }) {
  const m = useMessages();
  const query = useAsk(asking.whole);
  if (query.error instanceof Refused) {
    const { code, title } = query.error.problem;
    if (code === NOTHING_ENDED) {
      return <Empty title={m.plan.nothing}>{m.forecast.nothingText}</Empty>;
    }
    if (title.startsWith(NO_GOAL)) return <Empty title={m.plan.none}>{m.plan.noneText}</Empty>;
  }
  return (
    <Answered query={query} height={900}>
      {(reply) => {
        const lines = linesOf(rowsOf(reply) as Rows);
        if (!lines) return null;
        const told = { reply, question: asking.whole, lines };
        return (
          <>
            <Stand {...told} />
            <Needs {...told} />
            <Span of="seven">
              <Returns {...told} />
            </Span>
            <Span of="five">
              <RestsOn {...told} />
            </Span>
            <Months question={asking.months} />
            {asking.split ? <Split question={asking.split} /> : null}
          </>
        );
      }}
    </Answered>
  );
}
