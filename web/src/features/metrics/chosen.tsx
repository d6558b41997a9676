//! One metric: its figure now with its parts, over time, by a dimension, what changed, and every
//! convention that makes it comparable.

import { useQueries, useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import {
  askQuery,
  type Definition,
  type Metric,
  metricQuery,
  metricsQuery,
  useAsk,
  useVersion,
} from "@/api/queries";
import { asked, type Question } from "@/lib/address";
import { cellOf, columnOf, hasCurrencies, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { comparedWith, isRunning, offered, periodName } from "@/lib/calendar";
import { type Cell, extent, isFigure } from "@/lib/cell";
import { fewBehind } from "@/lib/few";
import { show } from "@/lib/format";
import { meansOf, unitName, useLater, useLocale, useMessages, valueAs, wordOf } from "@/lib/i18n";
import { declaredOf, measureOf } from "@/lib/i18n/templated";
import { NO_MONEY, ONE_INSTANT } from "@/lib/said";
import { Bars } from "@/ui/chart/bars";
import { Columns } from "@/ui/chart/columns";
import { Waterfall } from "@/ui/chart/waterfall";
import { useUncompared } from "@/ui/earlier";
import { Figure } from "@/ui/figure";
import { useBeside, useHere, usePeriodName, useWhen } from "@/ui/here";
import { Tabs, useCurrency } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Answered, Empty, Trouble, Waiting } from "@/ui/state";
import { AnswerTable, namesOf } from "@/ui/table";
import { Termed } from "@/ui/termed";
import { useToggled } from "@/ui/toggled";
import css from "./chosen.module.css";
import { figureOf, isListed, openedBy } from "./figure-of";
import { Parameters } from "./parameters";
import { givenBy } from "./parameters-of";
import { Told } from "./told";

export function Chosen({ metric, of }: { metric: Metric; of: string }) {
  const m = useMessages();
  const query = useQuery(metricQuery(metric.name));
  const { parameters } = metric;
  const given = givenBy(parameters, of);
  const lacks = parameters.filter((one) => !one.is_optional).length > given.length;
  if (lacks) {
    return (
      <>
        <Panel title={wordOf(metric.name, m)} means={meansOf(metric, m)}>
          <Parameters metric={metric} given={given} />
        </Panel>
        <Defined metric={metric} />
      </>
    );
  }
  return (
    <Answered query={query} height={600}>
      {(definition) => (
        <Nature
          value={{
            hasMoney: currencyOf(definition) !== NO_MONEY,
            hasGoal: definition.measures.some((measure) => measure.what === "target"),
          }}
        >
          {parameters.length > 0 ? (
            <Panel title={m.metrics.parameters}>
              <Parameters metric={metric} given={given} />
            </Panel>
          ) : null}
          <Now metric={metric} of={of} isFormula={Boolean(definition.formula)} />
          {looksAtOneInstant(definition) ? (
            <Instants metric={metric} of={of} />
          ) : (
            <OverTime metric={metric} of={of} />
          )}
          <ByDimension metric={metric} of={of} />
          <Changed of={of} isFormula={Boolean(definition.formula)} />
          <ToldBefore of={of} isFormula={Boolean(definition.formula)} />
          <Defined metric={metric} />
        </Nature>
      )}
    </Answered>
  );
}

/** Such a metric has no months of its own: it is asked once for each period's end. */
const looksAtOneInstant = (definition: Definition) =>
  definition.declares.some(
    (said) => said.what === "date anchor" && said.how.startsWith(ONE_INSTANT),
  );

const currencyOf = (definition: Definition) =>
  definition.declares.find((said) => said.what === "currency")?.how;

interface OfProps {
  metric: Metric;
  of: string;
}

interface OfMetric {
  /** Metrics without money refuse a currency. */
  hasMoney: boolean;
  /** A goal is for all of its period, and no part of it is one. */
  hasGoal: boolean;
}

/** What a metric's definition says of the questions that it takes. */
const NatureContext = createContext<OfMetric>({ hasMoney: false, hasGoal: false });
const Nature = NatureContext.Provider;

function useMoneyOf(): string | undefined {
  const currency = useCurrency();
  return useContext(NatureContext).hasMoney ? currency : undefined;
}

/** The page's period beside another, all of both where goals are asked for. */
function useCompared(compare: string) {
  const compared = useBeside(compare);
  const { hasGoal } = useContext(NatureContext);
  const { periods } = useWords();
  const periodName = usePeriodName();
  const { whole, wholeName } = useWhen();
  if (!compared || !whole || !hasGoal || !compared.isMatched) return compared;
  const before = comparedWith(periods, whole, compare) ?? undefined;
  const names = { name: wholeName, beforeName: before ? periodName(before) : "" };
  return { period: whole, before, ...names, isMatched: false };
}

function useMetricQuestion(of: string, words: Record<string, string | undefined>): Question {
  const when = useWhen();
  const currency = useMoneyOf();
  const { address } = useHere();
  const unit = address.unit;
  return asked("metric", when.base, { of, currency, where: address.where, unit }, words);
}

function Now({ metric, of, isFormula }: OfProps & { isFormula: boolean }) {
  const m = useMessages();
  const when = useWhen();
  const { compare } = useHere().address;
  const both = useCompared(compare ?? "");
  const compared = compare && both?.before ? both : null;
  const question = useMetricQuestion(of, { period: compared ? compared.period : when.whole });
  const query = useAsk(when.isKnown ? question : null);
  const before = useMetricQuestion(of, { period: compared?.before });
  const earlier = rowsOf(useAsk(compared ? before : null).data);
  const name = compared ? compared.name : when.wholeName;
  return (
    <Answered query={query} height={140}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const column = figureOf(answer, metric);
        const opened = openedBy(answer, column, isFormula);
        const rows = answer.totals ? [answer.totals] : answer.rows;
        const parts = answer.columns.filter((one) => isFigure(one) && one.id !== column?.id);
        return (
          <Panel
            title={wordOf(metric.name, m)}
            means={meansOf(metric, m)}
            rests={{ reply, question }}
          >
            {rows.map((row, at) => (
              <div key={at} className={css.figures}>
                {column ? (
                  <div>
                    <Figure
                      cell={cellOf(answer, row, column.id)}
                      column={column}
                      size="head"
                      room="short"
                      few={fewBehind(answer.columns, row ?? [], column.id)}
                      origin={
                        opened
                          ? { question, column: opened.id, row: namesOf(answer.columns, row) }
                          : undefined
                      }
                      opens={opened && opened.id !== column.id ? wordOf(opened.id, m) : undefined}
                      was={
                        earlier
                          ? cellOf(earlier, earlier.totals ?? earlier.rows[at], column.id)
                          : undefined
                      }
                    />
                    <span className={css.word}>{name}</span>
                  </div>
                ) : null}
                {parts.map((one) => (
                  <div key={one.id} className={css.part}>
                    <Figure
                      cell={cellOf(answer, row, one.id)}
                      column={one}
                      size="prose"
                      room="short"
                      few={fewBehind(answer.columns, row ?? [], one.id)}
                      origin={
                        isListed(one)
                          ? { question, column: one.id, row: namesOf(answer.columns, row) }
                          : undefined
                      }
                    />
                    <span className={css.word} data-tip={one.means}>
                      {wordOf(one.id, m)}
                    </span>
                  </div>
                ))}
              </div>
            ))}
          </Panel>
        );
      }}
    </Answered>
  );
}

function OverTime({ metric, of }: OfProps) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const when = useWhen();
  const { address, go } = useHere();
  const grain = address.show === "month" ? "month" : "quarter";
  const toggled = useToggled("time");
  const uncompared = useUncompared();
  const question = useMetricQuestion(of, { by: grain });
  const query = useAsk(when.isKnown ? question : null);
  const tabs = ["quarter", "month"].map((id) => ({ id, name: wordOf(id, m) }));
  const actions = (
    <Tabs
      tabs={tabs}
      now={grain}
      put={(id) => go({ show: id === "quarter" ? "" : id }, { replace: true })}
      label={m.metrics.overTime}
    />
  );
  return (
    <Answered query={query} height={300}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const column = figureOf(answer, metric);
        return (
          <Panel
            title={m.metrics.overTime}
            means={uncompared(column?.means)}
            actions={
              <>
                {actions}
                {toggled.button}
              </>
            }
            rests={{ reply, question }}
          >
            {toggled.isTable || hasCurrencies(answer) ? (
              <AnswerTable
                name="time"
                answer={answer}
                question={question}
                caption={m.metrics.overTime}
              />
            ) : column && answer.rows.length > 0 ? (
              <Columns
                column={column}
                summary={m.metrics.summary(
                  wordOf(metric.name, m),
                  m.sentence.inside(wordOf(grain, m)),
                )}
                buckets={answer.rows
                  .filter((row) => row[0] !== null)
                  .map((row) => ({
                    name: periodName(words.periods, nameOf(answer, row, grain), locale),
                    cell: cellOf(answer, row, column.id) ?? null,
                    origin: { question, column: column.id, row: namesOf(answer.columns, row) },
                    isRunning: isRunning(words.periods, nameOf(answer, row, grain), words.horizon),
                  }))}
              />
            ) : (
              <Empty title={m.metrics.noTime} />
            )}
          </Panel>
        );
      }}
    </Answered>
  );
}

/** How many periods' ends are asked for. */
const ENDS = { quarter: 6, month: 9 } as const;

/** A metric of one instant at the end of each of the last periods. */
function Instants({ metric, of }: OfProps) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const { address, go } = useHere();
  const version = useVersion();
  const grain = address.show === "month" ? "month" : "quarter";
  const all = offered(words.periods);
  const periods = grain === "month" ? all.months : all.quarters;
  const shown = periods.slice(0, ENDS[grain]).reverse();
  const base = useMetricQuestion(of, {});
  const questions = shown.map((period) => asked("metric", base.words, { period }));
  const queries = useQueries({
    queries: questions.map((question) => askQuery(question, version)),
  });
  const toggled = useToggled("time");
  const uncompared = useUncompared();
  const tabs = ["quarter", "month"].map((id) => ({ id, name: wordOf(id, m) }));
  const first = rowsOf(queries.find((query) => query.data)?.data);
  const column = first && figureOf(first, metric);
  const failed = queries.find((query) => query.isError);
  const buckets = shown.map((period, at) => {
    const answer = rowsOf(queries[at]?.data);
    const row = answer && !hasCurrencies(answer) ? (answer.totals ?? answer.rows[0]) : undefined;
    const question = questions[at];
    return {
      name: periodName(words.periods, period, locale),
      cell: (answer && row && column && cellOf(answer, row, column.id)) ?? null,
      origin:
        question && column && row
          ? {
              question,
              column: column.id,
              row: answer?.totals ? [] : namesOf(answer?.columns ?? [], row),
            }
          : undefined,
      isRunning: isRunning(words.periods, period, words.horizon),
    };
  });
  return (
    <Panel
      title={m.metrics.overTime}
      means={uncompared(m.metrics.atEnds)}
      actions={
        <>
          <Tabs
            tabs={tabs}
            now={grain}
            put={(id) => go({ show: id === "quarter" ? "" : id }, { replace: true })}
            label={m.metrics.overTime}
          />
          {toggled.button}
        </>
      }
    >
      {failed ? <Trouble error={failed.error} again={() => void failed.refetch()} /> : null}
      {column && !failed && !toggled.isTable ? (
        <Columns
          column={column}
          summary={m.metrics.summary(wordOf(metric.name, m), m.sentence.inside(wordOf(grain, m)))}
          buckets={buckets}
        />
      ) : null}
      {column && toggled.isTable ? (
        <dl className={css.said}>
          {buckets.map((bucket) => (
            <div key={bucket.name}>
              <dt>{bucket.name}</dt>
              <dd>
                <Figure cell={bucket.cell} column={column} origin={bucket.origin} size="prose" />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      {!column && !failed ? <Waiting height={220} /> : null}
    </Panel>
  );
}

function ByDimension({ metric, of }: OfProps) {
  const m = useMessages();
  const when = useWhen();
  const { address } = useHere();
  const by = address.by ?? "channel";
  const toggled = useToggled("by");
  const { hasGoal } = useContext(NatureContext);
  const { compare } = address;
  const both = useCompared(compare ?? "");
  const compared = compare && both?.before ? both : null;
  const question = useMetricQuestion(of, {
    by,
    period: compared ? compared.period : hasGoal ? when.whole : when.period,
  });
  const query = useAsk(when.isKnown ? question : null);
  const then = useMetricQuestion(of, { by, period: compared?.before });
  const before = rowsOf(useAsk(compared ? then : null).data);
  return (
    <Answered query={query} height={300}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const column = figureOf(answer, metric);
        const size = (row: Cell[]) => (column ? (extent(cellOf(answer, row, column.id)) ?? -1) : 0);
        const rows = [...answer.rows].sort((a, b) => size(b) - size(a));
        const called = (row: Cell[]) => (row[0] === null ? "–" : valueAs(by, String(row[0]), m));
        return (
          <Panel
            title={m.metrics.byDimension(m.sentence.inside(wordOf(by, m)))}
            means={
              compared
                ? m.metrics.changedMeans(compared.name, compared.beforeName)
                : hasGoal
                  ? when.wholeName
                  : when.name
            }
            actions={toggled.button}
            rests={{ reply, question }}
          >
            {!toggled.isTable &&
            !hasCurrencies(answer) &&
            column &&
            rows.length > 0 &&
            rows.length <= 24 ? (
              <Bars
                column={column}
                summary={m.metrics.byDimension(m.sentence.inside(wordOf(by, m)))}
                bars={rows.map((row) => ({
                  name: called(row),
                  cell: cellOf(answer, row, column.id) ?? null,
                  before:
                    before &&
                    cellOf(
                      before,
                      before.rows.find((one) => called(one) === called(row)),
                      column.id,
                    ),
                  origin: { question, column: column.id, row: namesOf(answer.columns, row) },
                }))}
              />
            ) : (
              <AnswerTable
                name="by"
                answer={answer}
                question={question}
                before={before}
                limit={100}
                caption={wordOf(metric.name, m)}
              />
            )}
          </Panel>
        );
      }}
    </Answered>
  );
}

function Changed({ of, isFormula }: { of: string; isFormula: boolean }) {
  const m = useMessages();
  const locale = useLocale();
  const when = useWhen();
  const currency = useMoneyOf();
  const { address } = useHere();
  const toggled = useToggled("change");
  const compare = address.compare ?? "previous";
  const compared = useCompared(compare);
  const question = asked("change", when.base, {
    of,
    period: compared?.period,
    compare: compared?.isMatched ? compared.before : compare,
    by: address.by ?? "channel",
    where: address.where,
    currency,
  });
  const query = useAsk(compared ? question : null);
  if (!compared) return null;
  return (
    <Answered query={query} height={320}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const change = columnOf(answer, "change");
        const totals = answer.totals;
        // A difference is of two figures: its mark opens the later one, or the earlier where there is
        // no later one, and says which. A formula's figures have no records of their own.
        const opensSide = (row: Cell[], names = namesOf(answer.columns, row)) => {
          const id = extent(cellOf(answer, row, "after")) ? "after" : "before";
          const [side, cell] = [columnOf(answer, id), cellOf(answer, row, id)];
          if (isFormula || !change || !side || !extent(cell)) return {};
          const moved = show(cellOf(answer, row, "change"), change.type, locale).exact;
          const name = names[0] ?? m.table.total;
          const said = `${wordOf(id, m)}: ${show(cell, side.type, locale).exact}`;
          return {
            origin: { question, column: id, row: names },
            tip: [moved, name, m.checks.opens(said)].join("\n"),
          };
        };
        const steps = change
          ? answer.rows
              .map((row) => ({
                name: row[0] === null ? "–" : valueAs(address.by ?? "channel", String(row[0]), m),
                cell: cellOf(answer, row, "change") ?? null,
                ...opensSide(row),
              }))
              .filter((step) => (extent(step.cell) ?? 0) !== 0)
          : [];
        const unit =
          change?.type === "decimal" && change.unit ? `, ${unitName(change.unit, m)}` : "";
        const isTable =
          toggled.isTable || hasCurrencies(answer) || steps.length > 20 || steps.length === 0;
        return (
          <Panel
            title={m.metrics.changed}
            means={
              m.metrics.changedMeans(compared.name, compared.beforeName) + (isTable ? "" : unit)
            }
            actions={toggled.button}
            rests={{ reply, question }}
          >
            {change && !isTable ? (
              <Waterfall
                column={change}
                summary={m.metrics.changedMeans(compared.name, compared.beforeName)}
                steps={[
                  ...steps,
                  ...(totals
                    ? [
                        {
                          name: m.table.total,
                          cell: cellOf(answer, totals, "change") ?? null,
                          isEnd: true,
                          ...opensSide(totals, []),
                        },
                      ]
                    : []),
                ]}
              />
            ) : null}
            {isTable ? (
              <AnswerTable
                name="change"
                answer={answer}
                question={question}
                hasRecords={(column) => column.id === "before" || column.id === "after"}
                caption={m.metrics.changed}
                limit={60}
              />
            ) : null}
          </Panel>
        );
      }}
    </Answered>
  );
}

function ToldBefore({ of, isFormula }: { of: string; isFormula: boolean }) {
  return <Told of={of} isFormula={isFormula} currency={useMoneyOf()} />;
}

function Defined({ metric }: { metric: Metric }) {
  useLater();
  const m = useMessages();
  const { address } = useHere();
  // The catalogue is that of now, whatever the figures beside it are as of.
  const isPast = Boolean(address["as-of"] || address.charter);
  const query = useQuery(metricQuery(metric.name));
  const catalogue = useQuery(metricsQuery).data ?? [];
  return (
    <Answered query={query} height={320}>
      {(definition) => (
        <Panel title={m.metrics.conventions} means={meansOf(definition.metric, m)}>
          {isPast ? <p className={css.word}>{m.metrics.todays}</p> : null}
          {definition.formula ? (
            <p className={css.formula}>
              <code>{definition.formula}</code>
            </p>
          ) : null}
          <dl className={css.said}>
            {[
              ...definition.measures.map(({ what, how }) => ({
                what,
                how: measureOf(how, catalogue, m),
              })),
              ...definition.declares.map((said) => declaredOf(said, m)),
            ].map((said) => (
              <div key={said.what}>
                <dt>{said.what}</dt>
                <dd>
                  <Termed>{said.how}</Termed>
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
      )}
    </Answered>
  );
}
