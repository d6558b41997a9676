//! How well such forecasts told past windows, beside plain rules: in plain words, and as a table.

import { useAsk } from "@/api/queries";
import type { Question } from "@/lib/address";
import { cellOf, columnOf, nameOf, namesOf, type Rows, rowsOf } from "@/lib/answer";
import { type Cell, extent, isObject } from "@/lib/cell";
import { CHOSEN, type Figure as Of } from "@/lib/forecast";
import { count } from "@/lib/format";
import { useLocale, useMessages, wordIn } from "@/lib/i18n";
import { useUncompared } from "@/ui/earlier";
import { Figure } from "@/ui/figure";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { useHorizon } from "./asking";
import css from "./page.module.css";

/** Shares whose parts are sums of what was off: they say nothing by themselves. */
const BARE = new Set(["wape", "bias", "pinball"]);
/** Behind these are the windows, as many as were told. */
const OPEN = new Set(["windows", ...BARE]);
/** What is told of who spoke, in this order. */
const TOLD = ["coverage", "wape", "bias", "pinball"] as const;
/** No plain rules: they are what these are held against. */
const NO_RULES = new Set([CHOSEN, "model"]);

export function Tested({ question, figure }: { question: Question; figure: Of }) {
  const m = useMessages();
  const uncompared = useUncompared();
  const locale = useLocale();
  const { address } = useHere();
  const horizon = useHorizon();
  const query = useAsk(question);
  return (
    <Answered query={query} height={420}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const rows = answer.rows.filter((row) => nameOf(answer, row, "figure") === figure);
        const chosen = rows.find((row) => nameOf(answer, row, "voice") === CHOSEN);
        const within = cellOf(answer, chosen, "coverage");
        const [part, whole] = isObject(within) ? [within.part, within.whole] : [0, 0];
        const isTested = typeof part === "number" && typeof whole === "number" && whole > 0;
        const title = isTested
          ? m.forecast.tested[horizon](count(part, locale), count(whole, locale))
          : m.forecast.untested;
        const means = [m.forecast.testedMeans, ...(address.by ? [m.forecast.ofAll] : [])];
        return (
          <Panel title={title} means={uncompared(means.join(" "))} rests={{ reply, question }}>
            {isTested ? (
              <Scores answer={answer} rows={rows} chosen={chosen} question={question} />
            ) : (
              <Empty title={m.forecast.untestedText} />
            )}
            <AnswerTable
              name="tested"
              answer={{ ...answer, rows }}
              question={question}
              hidden={["figure"]}
              hasRecords={(column) => OPEN.has(column.id)}
              isBare={(column) => BARE.has(column.id)}
              nameOf={(text) => wordIn(m.forecast.voices, text) ?? text}
              caption={m.forecast.testedTable}
            />
          </Panel>
        );
      }}
    </Answered>
  );
}

interface ScoresProps {
  answer: Rows;
  rows: readonly Cell[][];
  chosen: Cell[] | undefined;
  question: Question;
}

/** The scores of who spoke, each under what it says, with the plain rule that did best beside it. */
function Scores({ answer, rows, chosen, question }: ScoresProps) {
  const m = useMessages();
  if (!chosen) return null;
  const loss = (row: readonly Cell[]) =>
    extent(cellOf(answer, row, "pinball")) ?? Number.POSITIVE_INFINITY;
  const rules = rows.filter((row) => !NO_RULES.has(nameOf(answer, row, "voice")));
  const best = [...rules].sort((a, b) => loss(a) - loss(b))[0];
  const voice = best && nameOf(answer, best, "voice");
  const figure = (row: Cell[], id: string, size: "head" | "prose") => {
    const column = columnOf(answer, id);
    if (!column) return null;
    const origin = { question, column: id, row: namesOf(answer.columns, row) };
    return (
      <Figure
        cell={cellOf(answer, row, id)}
        column={column}
        size={size}
        isBare
        origin={OPEN.has(id) ? origin : undefined}
      />
    );
  };
  return (
    <>
      <dl className={css.heads}>
        {TOLD.map((id) => (
          <div key={id} data-score={id}>
            <dt>{m.forecast.scores[id]}</dt>
            <dd>
              {figure(chosen, id, "head")}
              {best && voice ? (
                <span className={css.range}>
                  {m.forecast.rule(wordIn(m.forecast.voices, voice) ?? voice)}{" "}
                  {figure(best, id, "prose")}
                </span>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
      <p className={css.quiet}>{m.forecast.scoresMean}</p>
    </>
  );
}
