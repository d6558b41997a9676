//! The scorecard of both teams: every goal with what came of it, the same figures for whoever looks.

import { Link } from "@tanstack/react-router";
import { useAsk } from "@/api/queries";
import { type Address, kept, type Question } from "@/lib/address";
import { nameOf, type Rows, rowsOf } from "@/lib/answer";
import { stageName, useWords } from "@/lib/book";
import type { Column } from "@/lib/cell";
import { count, NOT_APPLICABLE } from "@/lib/format";
import { useLocale, useMessages, wordIn } from "@/lib/i18n";
import { useUncompared } from "@/ui/earlier";
import { usePeriodName } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import css from "./page.module.css";

/** Between the sides that carry a goal together. */
const WITH = " + ";

export function Scorecard({ question }: { question: Question }) {
  const m = useMessages();
  const locale = useLocale();
  const uncompared = useUncompared();
  const query = useAsk(question);
  const named = useNamed();
  return (
    <Answered query={query} height={420}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const isBare = answer.rows.every((row) => nameOf(answer, row, "part") === NOT_APPLICABLE);
        if (answer.rows.length === 0) {
          return (
            <Panel title={m.plan.goalsTable} rests={{ reply, question }}>
              <Empty
                title={m.plan.noGoals}
                action={
                  <Link to="/health/import" search={kept}>
                    {m.plan.toImport}
                  </Link>
                }
              >
                {m.plan.noGoalsText}
              </Empty>
            </Panel>
          );
        }
        return (
          <Panel
            title={m.plan.goals(count(answer.rows.length, locale))}
            means={uncompared(m.plan.goalsMean)}
            rests={{ reply, question }}
            actions={
              <Link
                to="/metrics"
                search={(now: Address) => ({ ...kept(now), of: "revenue" })}
                className={css.link}
              >
                {m.plan.toMetric}
              </Link>
            }
          >
            <AnswerTable
              name="goals"
              answer={answer}
              question={question}
              hidden={isBare ? ["part"] : []}
              hasRecords={() => false}
              nameOf={named}
              caption={m.plan.goalsTable}
              limit={40}
            />
          </Panel>
        );
      }}
    </Answered>
  );
}

/** What people call the names of a goal: its days, what it is of, who carries it, of which part. */
function useNamed(): (text: string, column: Column) => string {
  const m = useMessages();
  const words = useWords();
  const periodName = usePeriodName();
  return (text, { id }) => {
    if (text === NOT_APPLICABLE) return text;
    if (id === "period") return periodName(text);
    if (id === "measure") return wordIn(m.plan.measures, text) ?? text;
    if (id === "part") return stageName(words, text);
    const sides = text.split(WITH).map((side) => wordIn(m.side, side));
    return sides.every((side) => side !== undefined) ? sides.join(WITH) : text;
  };
}
