//! Where we stand: the goal, what is won of it and in hand, what is still to come, and the odds.

import { asked, type Origin } from "@/lib/address";
import { cellOf, columnOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { type Cell, extent, isMoney, isObject } from "@/lib/cell";
import { windowIn } from "@/lib/forecast";
import { day, show } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { daysOn } from "@/lib/period";
import { oddsAt } from "@/lib/plan";
import { useUncompared } from "@/ui/earlier";
import { Figure } from "@/ui/figure";
import { Panel } from "@/ui/panel";
import css from "./page.module.css";
import { type Told, useCalled, useLineName } from "./told";

export function Stand({ reply, question, lines }: Told) {
  const m = useMessages();
  const locale = useLocale();
  const uncompared = useUncompared();
  const called = useCalled();
  const lineName = useLineName();
  const answer = rowsOf(reply) as Rows;
  const column = columnOf(answer, "amount");
  const window = windowIn(reply.notes);
  const amount = (row: Cell[]) => cellOf(answer, row, "amount");
  const text = (row: Cell[]) => show(amount(row), "money", locale, "short").text;
  const when = called(window);
  const isShort = (extent(amount(lines.gap)) ?? 0) > 0;
  const title = isShort
    ? m.plan.short(when, text(lines.gap), text(lines.goal))
    : m.plan.reached(when, text(lines.goal));
  const means = window
    ? m.forecast.means(
        day(window.from, locale),
        day(daysOn(window.until, -1), locale),
        day(window.at, locale),
      )
    : undefined;
  const first = lines.stages.at(-1);
  const odds = first ? oddsAt(answer, first) : null;
  const origin = useWonOrigin({ reply, question, lines });
  return (
    <Panel title={title} means={uncompared(means)} rests={{ reply, question }}>
      <dl className={css.heads}>
        {[lines.goal, lines.won, lines.hand, lines.gap].map((row) => {
          const line = nameOf(answer, row, "line");
          return (
            <div key={line} data-line={line}>
              <dt>{lineName(line)}</dt>
              <dd>
                {column ? (
                  <Figure
                    cell={amount(row)}
                    column={column}
                    size="head"
                    origin={row === lines.won ? origin : undefined}
                    isEstimate={row === lines.hand || row === lines.gap}
                    isUnitSaid
                  />
                ) : null}
              </dd>
            </div>
          );
        })}
      </dl>
      <p className={css.odds} data-odds={odds ?? "unknown"}>
        {odds ? m.plan.odds[odds] : m.plan.noOdds}
      </p>
    </Panel>
  );
}

/** What is won already is revenue of the days so far, and its records are those of that metric. */
function useWonOrigin({ reply, question, lines }: Told): Origin | undefined {
  const answer = rowsOf(reply) as Rows;
  const window = windowIn(reply.notes);
  const won = cellOf(answer, lines.won, "amount");
  // A condition looks at a pursuit as it is under way, and at a deal when it is won.
  if (!window || !isObject(won) || !isMoney(won) || won.minor <= 0 || question.words.where) {
    return undefined;
  }
  const { "as-of": asOf, charter, currency } = question.words;
  const period = `${window.from}..${daysOn(window.at, 1)}`;
  const words = { "as-of": asOf, charter, currency, of: "revenue", period };
  return { question: asked("metric", words), column: "revenue", row: [won.currency] };
}
