//! Are we on track: what is won against the goal, as one bar.

import { scaleLinear } from "d3-scale";
import { useAsk } from "@/api/queries";
import { asked, type Question } from "@/lib/address";
import { cellOf, columnOf, hasCurrencies, type Rows, rowsOf } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { isRunning } from "@/lib/calendar";
import { type Cell, type Column, extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { type Messages, useLocale, useMessages } from "@/lib/i18n";
import { ChartFrame, chartCss as chart } from "@/ui/chart/frame";
import { useUncompared } from "@/ui/earlier";
import { Figure } from "@/ui/figure";
import { useWhen } from "@/ui/here";
import { useCurrency } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import css from "./track.module.css";

export function Track() {
  const m = useMessages();
  const uncompared = useUncompared();
  const when = useWhen();
  const words = useWords();
  const currency = useCurrency();
  const locale = useLocale();
  const of = (metric: string) =>
    asked("metric", when.base, { of: metric, period: when.whole, currency });
  const question = of("quota_attainment");
  const query = useAsk(when.isKnown ? question : null);
  const gap = rowsOf(useAsk(when.isKnown ? of("gap_to_target") : null).data);
  return (
    <Answered query={query} height={150}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const row = answer.totals ?? answer.rows[0];
        const target = cellOf(answer, row, "target");
        const quota = columnOf(answer, "quota_attainment");
        // Goals of several currencies are several goals.
        if (hasCurrencies(answer)) {
          return (
            <Panel
              title={m.week.track}
              means={uncompared(m.week.trackMeans(when.wholeName))}
              rests={{ reply, question }}
            >
              <AnswerTable
                name="track"
                answer={answer}
                question={question}
                hasRecords={(column) => column.id === "revenue"}
                caption={m.week.track}
              />
            </Panel>
          );
        }
        if (!row || !quota || (extent(target) ?? 0) === 0) {
          return (
            <Panel
              title={m.week.track}
              means={uncompared(m.week.trackMeans(when.wholeName))}
              rests={{ reply, question }}
            >
              <Empty title={m.week.noGoal}>{m.week.noGoalText}</Empty>
            </Panel>
          );
        }
        const share = show(cellOf(answer, row, "quota_attainment"), "ratio", locale).text;
        const isOver =
          words.horizon !== null &&
          when.whole !== undefined &&
          !isRunning(words.periods, when.whole, words.horizon);
        return (
          <Panel
            title={
              isOver
                ? m.week.trackOver(share, when.wholeName)
                : m.week.trackRunning(share, when.wholeName)
            }
            means={uncompared(m.week.trackMeans(when.wholeName))}
            rests={{ reply, question }}
          >
            <div className={css.figures}>
              <Told answer={answer} row={row} id="revenue" word={m.week.won} question={question} />
              <Told answer={answer} row={row} id="target" word={m.week.goal} question={question} />
              <Told
                answer={answer}
                row={row}
                id="quota_attainment"
                word={m.week.reached}
                question={question}
              />
              {gap ? (
                <Told
                  answer={gap}
                  row={gap.totals ?? gap.rows[0]}
                  id="gap_to_target"
                  word={leftWord(
                    cellOf(gap, gap.totals ?? gap.rows[0], "gap_to_target"),
                    isOver,
                    m,
                  )}
                  question={of("gap_to_target")}
                />
              ) : null}
            </div>
            <Bar
              won={cellOf(answer, row, "revenue")}
              goal={target}
              summary={m.week.trackRunning(share, when.wholeName)}
            />
          </Panel>
        );
      }}
    </Answered>
  );
}

/** What is still to be won, was not, or is less than nothing. */
function leftWord(cell: Cell | undefined, isOver: boolean, m: Messages): string {
  if ((extent(cell) ?? 0) < 0) return m.week.passed;
  return isOver ? m.week.short : m.week.toGo;
}

interface ToldProps {
  answer: Rows;
  row: Cell[] | undefined;
  id: string;
  word: string;
  question: Question;
}

function Told({ answer, row, id, word, question }: ToldProps) {
  const column: Column | undefined = columnOf(answer, id);
  if (!column) return null;
  const hasRecords = id === "revenue";
  return (
    <div>
      <Figure
        cell={cellOf(answer, row, id)}
        column={column}
        size="head"
        room="short"
        isBare
        origin={hasRecords ? { question, column: id, row: [] } : undefined}
      />
      <span className={css.word}>{word}</span>
    </div>
  );
}

const HEIGHT = 26;

function Bar({
  won,
  goal,
  summary,
}: {
  won: Cell | undefined;
  goal: Cell | undefined;
  summary: string;
}) {
  const [has, wants] = [extent(won) ?? 0, extent(goal) ?? 0];
  return (
    <ChartFrame summary={summary} height={HEIGHT}>
      {(width) => {
        const x = scaleLinear([0, Math.max(has, wants, 1)], [0, width - 2]);
        return (
          <>
            <rect x={0} y={8} width={x(wants)} height={10} rx={3} className={chart["soft-mark"]} />
            <rect
              x={0}
              y={8}
              width={x(Math.max(has, 0))}
              height={10}
              rx={3}
              className={chart["fill-mark"]}
            />
            <line x1={x(wants)} x2={x(wants)} y1={2} y2={24} className={css.goal} />
          </>
        );
      }}
    </ChartFrame>
  );
}
