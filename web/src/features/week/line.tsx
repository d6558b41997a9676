//! The funnel in one line: what entered each stage, beside the span before.

import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { useAsk } from "@/api/queries";
import { asked } from "@/lib/address";
import { cellOf, columnOf, type Rows, rowOf, rowsOf } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { useMessages } from "@/lib/i18n";
import { Figure } from "@/ui/figure";
import { useBeside, useHere, usePeriodName, useWhen } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered } from "@/ui/state";
import css from "./line.module.css";

export function Line(props: { now: string | undefined; before: string | undefined }) {
  const m = useMessages();
  const periodName = usePeriodName();
  const words = useWords();
  const when = useWhen();
  const { address } = useHere();
  const compared = useBeside(address.compare ?? "previous");
  // The page's own span has the span before it; a period that runs has as many days of the one before.
  const now = props.now ?? compared?.period;
  const before = props.now ? props.before : compared?.before;
  const of = (period: string | undefined) => asked("funnel", when.base, { view: "flow", period });
  const question = of(now);
  const query = useAsk(when.isKnown ? question : null);
  const earlier = rowsOf(useAsk(when.isKnown && before ? of(before) : null).data);
  const path = words.stages.filter((stage) => stage.role === "path" || stage.role === "won");
  return (
    <Answered query={query} height={150}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const column = columnOf(answer, "entered");
        const name = props.now ? periodName(props.now) : (compared?.name ?? m.bar.allTime);
        const beforeName = props.now && before ? periodName(before) : compared?.beforeName;
        return (
          <Panel
            title={m.week.line}
            means={before ? m.week.lineMeans(name, beforeName ?? "") : name}
            rests={{ reply, question }}
          >
            <div className={css.line}>
              {path.map((stage, at) => (
                <Fragment key={stage.id}>
                  {at > 0 ? (
                    <span className={css.arrow} aria-hidden="true">
                      →
                    </span>
                  ) : null}
                  <div className={css.stage} data-side={stage.side ?? "unknown"}>
                    {column ? (
                      <Figure
                        cell={cellOf(answer, rowOf(answer, "stage", stage.id), "entered")}
                        column={column}
                        size="head"
                        origin={{ question, column: "entered", row: [stage.id] }}
                        was={
                          earlier
                            ? cellOf(earlier, rowOf(earlier, "stage", stage.id), "entered")
                            : undefined
                        }
                      />
                    ) : null}
                    <span className={css.name}>{stage.name}</span>
                  </div>
                </Fragment>
              ))}
            </div>
            <p className={css.more}>
              <Link to="/funnel" search={(words) => words}>
                {m.nav.funnel} →
              </Link>
            </p>
          </Panel>
        );
      }}
    </Answered>
  );
}
