//! The window ahead: its two figures with their ranges, drawn behind what was told of past windows and
//! what came of them.

import { useQuery } from "@tanstack/react-query";
import { type Reply, recordsPageQuery, useVersion } from "@/api/queries";
import { asked, type Origin } from "@/lib/address";
import { cellOf, columnOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { type Cell, isUnknown } from "@/lib/cell";
import {
  ALL_PARTS,
  CHOSEN,
  calledBy,
  monthFrom,
  type Figure as Of,
  partOf,
  rangeOf,
  windowIn,
} from "@/lib/forecast";
import { day, show } from "@/lib/format";
import { useLocale, useMessages, wordIn } from "@/lib/i18n";
import { daysOn } from "@/lib/period";
import { Fan, type Told } from "@/ui/chart/fan";
import { useUncompared } from "@/ui/earlier";
import { Figure } from "@/ui/figure";
import { usePeriodName } from "@/ui/here";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import { restsOf } from "@/ui/rests";
import { Answered } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { useToggled } from "@/ui/toggled";
import { type Asking, useHorizon } from "./asking";
import css from "./page.module.css";

/** Past windows are no answer to a question of their own, and open no records. */
const NO_QUESTION = asked("forecast");

interface AheadProps {
  reply: Reply;
  asking: Asking;
  figure: Of;
}

export function Ahead({ reply, asking, figure }: AheadProps) {
  const m = useMessages();
  const locale = useLocale();
  const uncompared = useUncompared();
  const toggled = useToggled("fan");
  const horizon = useHorizon();
  const called = useCalled();
  const answer = rowsOf(reply) as Rows;
  const window = windowIn(reply.notes);
  const row = partOf(answer, ALL_PARTS);
  const column = columnOf(answer, `${figure}_p50`);
  const [low, mid, high] = rangeOf(answer, row, figure).map(
    (cell) => show(cell, column?.type ?? "", locale, "short").text,
  );
  const when = window ? called(window.from, window.until) : "";
  const title = m.forecast.finding[figure](mid ?? "–", low ?? "–", high ?? "–", when);
  const means = window
    ? m.forecast.means(
        day(window.from, locale),
        day(daysOn(window.until, -1), locale),
        day(window.at, locale),
      )
    : undefined;
  return (
    <Panel
      title={title}
      means={uncompared(means)}
      actions={toggled.button}
      rests={{ reply, question: asking.whole }}
    >
      <dl className={css.heads}>
        <Head answer={answer} asking={asking} of="value" />
        <Head answer={answer} asking={asking} of="deals" />
      </dl>
      <Past
        reply={reply}
        asking={asking}
        figure={figure}
        isTable={toggled.isTable}
        summary={title}
      />
      {toggled.isTable ? null : <p className={css.quiet}>{m.forecast.fanMeans[horizon]}</p>}
    </Panel>
  );
}

/** What people call a stretch of days. */
function useCalled(): (from: string, until: string) => string {
  const { periods } = useWords();
  const periodName = usePeriodName();
  return (from, until) => periodName(calledBy(periods, from, until));
}

/** The middle of a figure, large, and its range, whose records are the same. */
function Head({ answer, asking, of }: { answer: Rows; asking: Asking; of: Of }) {
  const m = useMessages();
  const row = partOf(answer, ALL_PARTS);
  const point = (id: string, size: "head" | "prose") => {
    const column = columnOf(answer, `${of}_${id}`);
    if (!column) return null;
    return (
      <Figure
        cell={cellOf(answer, row, column.id)}
        column={column}
        size={size}
        room={size === "head" ? "table" : "short"}
        origin={
          size === "head"
            ? { question: asking.whole, column: column.id, row: [ALL_PARTS] }
            : undefined
        }
        isEstimate={size === "head"}
        isUnitSaid
      />
    );
  };
  return (
    <div data-head={of}>
      <dt>{m.forecast.figures[of]}</dt>
      <dd>
        {point("p50", "head")}
        <span className={css.range}>
          {point("p10", "prose")} – {point("p90", "prose")}
        </span>
      </dd>
    </div>
  );
}

interface PastProps extends AheadProps {
  isTable: boolean;
  summary: string;
}

/** What would have been told before each past window and what came; the one ahead comes last. */
function Past({ reply, asking, figure, isTable, summary }: PastProps) {
  const m = useMessages();
  const origin: Origin = { question: asking.tested, column: "wape", row: [figure, CHOSEN] };
  const query = useQuery(recordsPageQuery(origin, useVersion(), 0));
  const locale = useLocale();
  const called = useCalled();
  const { periods } = useWords();
  const periodName = usePeriodName();
  const ahead = useTold(reply, asking, figure);
  return (
    <Answered query={query} height={250}>
      {(page) => {
        const past = page.reply.answer as Rows;
        const column = columnOf(past, "p50");
        if (isTable) {
          return (
            <AnswerTable
              name="fan"
              answer={past}
              question={NO_QUESTION}
              hidden={["figure", "spoke"]}
              hasRecords={() => false}
              isEstimate={(one) => one.id !== "came"}
              nameOf={(text, one) =>
                one.id === "voice" ? (
                  (wordIn(m.forecast.voices, text) ?? text)
                ) : (
                  <Moment at={text} />
                )
              }
              caption={m.forecast.past}
            />
          );
        }
        if (!column) return null;
        const text = (cell: Cell | undefined) => show(cell, column.type, locale).exact;
        const rests = restsOf(page.reply, m);
        const told = past.rows.map((row): Told => {
          const of = (id: string) => cellOf(past, row, id) ?? null;
          const [from, until] = [nameOf(past, row, "from"), nameOf(past, row, "until")];
          const voice = nameOf(past, row, "voice");
          return {
            name: periodName(monthFrom(periods, from)),
            low: of("p10"),
            mid: of("p50"),
            high: of("p90"),
            came: of("came"),
            origin,
            tip: [
              m.forecast.cameOf(called(from, until), text(of("came"))),
              m.forecast.toldOf(text(of("p50")), text(of("p10")), text(of("p90"))),
              m.forecast.toldBy(wordIn(m.forecast.voices, voice) ?? voice),
              rests,
            ].join("\n"),
          };
        });
        const shown = ahead ? [...told, ahead] : told;
        return <Fan told={shown} column={column} summary={summary} />;
      }}
    </Answered>
  );
}

/** The window ahead as a mark. */
function useTold(reply: Reply, asking: Asking, figure: Of): Told | null {
  const m = useMessages();
  const locale = useLocale();
  const called = useCalled();
  const { periods } = useWords();
  const periodName = usePeriodName();
  const answer = rowsOf(reply) as Rows;
  const row = partOf(answer, ALL_PARTS);
  const column = columnOf(answer, `${figure}_p50`);
  const window = windowIn(reply.notes);
  const [low = null, mid = null, high = null] = rangeOf(answer, row, figure);
  if (!window || !column || isUnknown(mid)) return null;
  const text = (cell: Cell) => show(cell, column.type, locale).exact;
  const name = called(window.from, window.until);
  return {
    name: periodName(monthFrom(periods, window.from)),
    low,
    mid,
    high,
    came: null,
    isAhead: true,
    origin: { question: asking.whole, column: column.id, row: [ALL_PARTS] },
    tip: [
      m.forecast.aheadOf(name, text(mid)),
      m.forecast.cases(text(low), text(high)),
      restsOf(reply, m),
    ].join("\n"),
  };
}
