//! Brand, as the charter defines it: how many come by themselves or by our name, and what becomes of
//! accounts that brand activity touched before any sales touch. Each figure with its caveats.

import type { Refused } from "@/api/client";
import { type Reply, useAsk } from "@/api/queries";
import { asked, type Question } from "@/lib/address";
import { cellOf, columnOf, type Rows, rowsOf } from "@/lib/answer";
import { type Cell, isFigure } from "@/lib/cell";
import { fewBehind } from "@/lib/few";
import { useMessages, useRefusals, wordOf } from "@/lib/i18n";
import { noteOf } from "@/lib/i18n/templated";
import { refusalOf } from "@/lib/refusal";
import { Columns } from "@/ui/chart/columns";
import { Figure } from "@/ui/figure";
import { useHere, usePeriodName, useWhen } from "@/ui/here";
import { Sentence } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Span } from "@/ui/span";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable, namesOf } from "@/ui/table";
import { useToggled } from "@/ui/toggled";
import css from "./brand.module.css";

const OPENING = ["brand_opening_share", "direct_opening_share", "branded_opening_share"] as const;
const PAIRS = [
  ["win_rate_brand_first", "win_rate_not_brand_first"],
  ["cycle_won_brand_first", "cycle_won_not_brand_first"],
] as const;

/** The rule that a measure needs is not in the charter, or nobody knows such a measure. */
const LACKS = new Set(["E0441", "E0403"]);

export function Brand() {
  const m = useMessages();
  useRefusals();
  return (
    <>
      <p className={css.sentence}>
        <Sentence hasSplit={false} />
      </p>
      <Opening />
      {PAIRS.map(([first, other]) => (
        <Span of="half" key={first}>
          <Pair first={first} other={other} />
        </Span>
      ))}
      <p className={css.caveat}>{m.brand.caveat}</p>
    </>
  );
}

function useMetric(of: string, words: Record<string, string | undefined> = {}) {
  const when = useWhen();
  const { address } = useHere();
  const question = asked("metric", when.base, { of, where: address.where }, words);
  return { question, query: useAsk(when.isKnown ? question : null) };
}

/** Whether a question was refused because the charter says nothing of it. */
function lackOf(error: unknown): Refused["problem"] | null {
  const problem = (error as Refused | null)?.problem;
  return problem && LACKS.has(problem.code) ? problem : null;
}

function Lacks({ title, error }: { title: string; error: unknown }) {
  const m = useMessages();
  const lack = lackOf(error);
  if (!lack) return null;
  const { title: why, fix } = refusalOf(lack, m);
  // Lines of a charter are the same in each language.
  const isRule = lack.code === "E0441" && lack.fix;
  return (
    <Panel title={title} means={m.brand.lacks}>
      <Empty title={why}>{isRule ? <code>{lack.fix}</code> : fix}</Empty>
    </Panel>
  );
}

function Opening() {
  const m = useMessages();
  const when = useWhen();
  const main = useMetric(OPENING[0], { period: when.period });
  const title = m.brand.opening;
  if (lackOf(main.query.error)) return <Lacks title={title} error={main.query.error} />;
  return (
    <Answered query={main.query} height={300}>
      {(reply) => (
        <Panel
          title={title}
          means={m.brand.openingMeans(when.name)}
          rests={{ reply, question: main.question }}
        >
          <div className={css.figures}>
            {OPENING.map((of) => (
              <Now key={of} of={of} />
            ))}
          </div>
          <OverTime of={OPENING[0]} />
          <Caveats reply={reply} />
        </Panel>
      )}
    </Answered>
  );
}

/** The figure of a metric: of times their median, which a few long ones do not move. */
function figure(answer: Rows, of: string): { cell: Cell | undefined; id: string; row: string[] } {
  const row = answer.totals ?? answer.rows[0];
  const id = columnOf(answer, of) ? of : "median";
  const row0 = answer.totals || !row ? [] : namesOf(answer.columns, row);
  return { cell: cellOf(answer, row, id), id, row: row0 };
}

function Now({ of }: { of: string }) {
  const m = useMessages();
  const when = useWhen();
  const { question, query } = useMetric(of, { period: when.period });
  const before = useMetric(of, { period: when.before });
  const earlier = when.before ? rowsOf(before.query.data) : undefined;
  const lack = lackOf(query.error);
  if (lack) {
    return (
      <div>
        <span className={css.none} data-tip={refusalOf(lack, m).title}>
          –
        </span>
        <span className={css.word}>{wordOf(of, m)}</span>
      </div>
    );
  }
  return (
    <Answered query={query} height={64}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const { cell, id, row } = figure(answer, of);
        const column = columnOf(answer, id);
        return (
          <div>
            {column ? (
              <Figure
                cell={cell}
                column={column}
                size="head"
                origin={{ question, column: id === "median" ? "n" : id, row }}
                was={earlier ? figure(earlier, of).cell : undefined}
                isBare={id === "median"}
                few={fewBehind(answer.columns, answer.totals ?? answer.rows[0] ?? [], id)}
              />
            ) : null}
            <span className={css.word}>{wordOf(of, m)}</span>
            <Count answer={answer} question={question} row={row} />
          </div>
        );
      }}
    </Answered>
  );
}

/** How many times a median is of. */
function Count({ answer, question, row }: { answer: Rows; question: Question; row: string[] }) {
  const m = useMessages();
  const column = columnOf(answer, "n");
  if (!column || !columnOf(answer, "median")) return null;
  const cell = cellOf(answer, answer.totals ?? answer.rows[0], "n");
  return (
    <span className={css.word}>
      {m.brand.median}, n ={" "}
      <Figure cell={cell} column={column} size="prose" origin={{ question, column: "n", row }} />
    </span>
  );
}

function OverTime({ of }: { of: string }) {
  const m = useMessages();
  const periodName = usePeriodName();
  const toggled = useToggled("brand");
  const { question, query } = useMetric(of, { by: "quarter" });
  return (
    <Answered query={query} height={220}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const column = answer.columns.find((one) => isFigure(one) && one.id === of);
        const rows = answer.rows.filter((row) => row[0] !== null);
        if (!column || rows.length === 0) return <Empty title={m.metrics.noTime} />;
        return (
          <>
            <p className={css.over}>
              {m.metrics.overTime} {toggled.button}
            </p>
            {toggled.isTable ? (
              <AnswerTable
                name="brand"
                answer={answer}
                question={question}
                caption={m.metrics.overTime}
              />
            ) : (
              <Columns
                column={column}
                height={180}
                summary={m.metrics.summary(wordOf(of, m), m.sentence.inside(wordOf("quarter", m)))}
                buckets={rows.map((row) => ({
                  name: periodName(String(row[0])),
                  cell: cellOf(answer, row, of) ?? null,
                  origin: { question, column: of, row: namesOf(answer.columns, row) },
                }))}
              />
            )}
          </>
        );
      }}
    </Answered>
  );
}

function Pair({ first, other }: { first: string; other: string }) {
  const m = useMessages();
  const when = useWhen();
  const { question, query } = useMetric(first, { period: when.period });
  const title = first.startsWith("win") ? m.brand.winRate : m.brand.cycle;
  if (lackOf(query.error)) return <Lacks title={title} error={query.error} />;
  return (
    <Answered query={query} height={200}>
      {(reply) => (
        <Panel title={title} means={m.brand.pairMeans} rests={{ reply, question }}>
          <div className={css.figures}>
            <Now of={first} />
            <Now of={other} />
          </div>
          <Caveats reply={reply} />
        </Panel>
      )}
    </Answered>
  );
}

/** What one must know before quoting the figure: it stands beside it, not behind a click. */
function Caveats({ reply }: { reply: Reply }) {
  const m = useMessages();
  if (reply.notes.length === 0) return null;
  return (
    <ul className={css.caveats}>
      {reply.notes.map((note) => (
        <li key={note}>{noteOf(note, m)}</li>
      ))}
    </ul>
  );
}
