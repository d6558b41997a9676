//! The funnel in one line: what entered each stage, beside the span before.

import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { useAsk } from "@/api/queries";
import { asked } from "@/lib/address";
import { cellOf, columnOf, type Rows, rowOf, rowsOf } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { shifted } from "@/lib/calendar";
import { useMessages } from "@/lib/i18n";
import { Figure } from "@/ui/figure";
import { usePeriodName, useWhen } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered } from "@/ui/state";
import css from "./line.module.css";

export function Line(props: { now: string | undefined; before: string | undefined }) {
  const m = useMessages();
  const periodName = usePeriodName();
  const words = useWords();
  const when = useWhen();
  const now = props.now ?? when.period;
  const before =
    props.before ??
    when.before ??
    (now ? (shifted(words.periods, now, -1) ?? undefined) : undefined);
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
        const name = now ? periodName(now) : m.bar.allTime;
        return (
          <Panel
            title={m.week.line}
            means={before ? m.week.lineMeans(name, periodName(before)) : name}
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
