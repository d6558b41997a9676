//! This week: on track or not, what changed, and what waits on whom.

import { Link } from "@tanstack/react-router";
import { useAsk } from "@/api/queries";
import { asked, type Origin, type Question } from "@/lib/address";
import {
  cellOf,
  columnOf,
  hasCurrencies,
  nameOf,
  namesOf,
  type Rows,
  rowOf,
  rowsOf,
} from "@/lib/answer";
import { useWords } from "@/lib/book";
import { type Column, extent } from "@/lib/cell";
import { checkOf, saidAs, useMessages, valueAs, wordIn, wordOf } from "@/lib/i18n";
import { noteOf } from "@/lib/i18n/templated";
import { weeksTo } from "@/lib/period";
import { useUncompared } from "@/ui/earlier";
import { Figure } from "@/ui/figure";
import { useBeside, useHere, usePeriodName, useWhen } from "@/ui/here";
import { Page, Sentence, useCurrency } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Span } from "@/ui/span";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { Agreements } from "./agreements";
import { Alerts } from "./alerts";
import { Line } from "./line";
import css from "./page.module.css";
import { Track } from "./track";

export function WeekPage() {
  const m = useMessages();
  const words = useWords();
  const { address } = useHere();
  // A period that somebody chose is looked at; else the last seven days that the sources show.
  const week = words.horizon ? weeksTo(words.horizon) : null;
  const span = address.period ? undefined : week;
  // What needs attention is of now; a page of another moment, or under another charter, has none.
  const isNow = !(address["as-of"] || address.charter);
  return (
    <Page
      question={m.week.question}
      sentence={<Sentence hasSplit={false} hasWhere={false} hasCurrency />}
    >
      {isNow ? (
        <>
          <Span of="seven">
            <Track />
          </Span>
          <Span of="five">
            <Alerts />
          </Span>
        </>
      ) : (
        <Track />
      )}
      <Span of="seven">
        <Moved span={span?.week} />
      </Span>
      <Span of="five">
        <Waiting />
      </Span>
      <Agreements />
      <Line now={span?.week} before={span?.before} />
      <Span of="seven">
        <Changed />
      </Span>
      <Span of="five">
        <Gap />
      </Span>
    </Page>
  );
}

/** Rows of a list, the largest figure first. */
function largest(answer: Rows, id: string, most: number): Rows["rows"] {
  const size = (row: Rows["rows"][number]) => Math.abs(extent(cellOf(answer, row, id)) ?? 0);
  return [...answer.rows].sort((a, b) => size(b) - size(a)).slice(0, most);
}

function Changed() {
  const m = useMessages();
  const when = useWhen();
  const currency = useCurrency();
  const { address } = useHere();
  const compare = address.compare ?? "previous";
  const compared = useBeside(compare);
  const question = asked("change", when.base, {
    of: "revenue",
    period: compared?.period,
    compare: compared?.isMatched ? compared.before : compare,
    by: "channel",
    currency,
  });
  const query = useAsk(compared ? question : null);
  if (when.isKnown && !compared)
    return (
      <Panel title={m.week.changed}>
        <Empty title={m.week.needsPeriod} />
      </Panel>
    );
  return (
    <Answered query={query} height={260}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const column = columnOf(answer, "change");
        const tells = (row: Rows["rows"][number]) => cellOf(answer, row, "tells") !== false;
        const means = m.week.changedMeans(compared?.name ?? when.name, compared?.beforeName ?? "");
        if (hasCurrencies(answer)) {
          return (
            <Panel title={m.week.changed} means={means} rests={{ reply, question }}>
              <AnswerTable
                name="changed"
                answer={answer}
                question={question}
                hasRecords={(one) => one.id === "before" || one.id === "after"}
                caption={m.week.changed}
                limit={12}
              />
            </Panel>
          );
        }
        return (
          <Panel title={m.week.changed} means={means} rests={{ reply, question }}>
            <ul className={css.list}>
              {largest(answer, "change", 6).map((row, at) => {
                const name = valueAs("channel", nameOf(answer, row, "channel"), m);
                return (
                  <li key={at}>
                    <Signed answer={answer} row={row} column={column} />
                    <span className={css.what}>
                      {name}
                      {tells(row) ? null : <span className={css.quiet}> · {m.week.chance}</span>}
                    </span>
                    <span className={css.quiet}>
                      <Side answer={answer} row={row} id="before" question={question} /> →{" "}
                      <Side answer={answer} row={row} id="after" question={question} />
                    </span>
                  </li>
                );
              })}
            </ul>
          </Panel>
        );
      }}
    </Answered>
  );
}

interface SideProps {
  answer: Rows;
  row: Rows["rows"][number];
  id: "before" | "after";
  question: Question;
}

/** The figure of one of two periods, and the way to its records; of nought there is no row. */
function Side({ answer, row, id, question }: SideProps) {
  const column = columnOf(answer, id);
  const cell = cellOf(answer, row, id);
  if (!column) return null;
  const names = namesOf(answer.columns, row);
  return (
    <Figure
      cell={cell}
      column={column}
      size="prose"
      room="short"
      origin={extent(cell) ? { question, column: id, row: names } : undefined}
    />
  );
}

interface SignedProps {
  answer: Rows;
  row: Rows["rows"][number];
  column: Column | undefined;
  /** The records behind the change, where there are any. */
  origin?: Origin;
}

/** A change with its sign and an arrow, so that neither colour nor minus alone says which way. */
function Signed({ answer, row, column, origin }: SignedProps) {
  const value = extent(cellOf(answer, row, column?.id ?? "")) ?? 0;
  if (!column) return null;
  return (
    <span className={css.signed}>
      <span aria-hidden="true" className={css.arrow}>
        {value > 0 ? "▲" : value < 0 ? "▼" : ""}
      </span>
      <Figure cell={cellOf(answer, row, column.id)} column={column} room="short" origin={origin} />
    </span>
  );
}

/** All cells that name a line: its currency too, where each has its own. */
const namesOfMove = (answer: Rows, row: Rows["rows"][number]) =>
  ["currency", "move"].filter((id) => columnOf(answer, id)).map((id) => nameOf(answer, row, id));

const STANDING = new Set(["at_start", "at_end", "as_told"]);

function Moved({ span }: { span: string | undefined }) {
  const m = useMessages();
  const periodName = usePeriodName();
  const uncompared = useUncompared();
  const when = useWhen();
  const currency = useCurrency();
  const period = span ?? when.period;
  const question = asked("bridge", when.base, { period, currency });
  const query = useAsk(period ? question : null);
  if (when.isKnown && !period)
    return (
      <Panel title={m.week.moved}>
        <Empty title={m.week.needsPeriod} />
      </Panel>
    );
  return (
    <Answered query={query} height={260}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const column = columnOf(answer, "value");
        const deals = columnOf(answer, "deals");
        // Amounts of several currencies have no one order.
        if (hasCurrencies(answer)) {
          return (
            <Panel
              title={m.week.moved}
              means={uncompared(m.week.movedMeans(periodName(period ?? "")))}
              rests={{ reply, question }}
            >
              <AnswerTable
                name="moved"
                answer={answer}
                question={question}
                nameOf={(text, one) => (one.id === "move" ? (wordIn(m.moves, text) ?? text) : text)}
                hasRecords={(one) => one.id === "deals"}
                caption={m.week.moved}
                limit={12}
              />
            </Panel>
          );
        }
        const moves = largest(answer, "value", 20).filter(
          (row) => !STANDING.has(nameOf(answer, row, "move")) && cellOf(answer, row, "deals") !== 0,
        );
        return (
          <Panel
            title={m.week.moved}
            means={uncompared(m.week.movedMeans(periodName(period ?? "")))}
            rests={{ reply, question }}
          >
            {moves.length === 0 ? <Empty title={m.week.nothingMoved} /> : null}
            <ul className={css.list}>
              {moves.slice(0, 7).map((row, at) => {
                const move = nameOf(answer, row, "move");
                return (
                  <li key={at}>
                    <Signed
                      answer={answer}
                      row={row}
                      column={column}
                      origin={{ question, column: "value", row: namesOfMove(answer, row) }}
                    />
                    <span className={css.what}>{m.moves[move] ?? wordOf(move, m)}</span>
                    {deals ? (
                      <span className={css.quiet}>
                        <Figure
                          cell={cellOf(answer, row, "deals")}
                          column={deals}
                          size="prose"
                          origin={{ question, column: "deals", row: namesOfMove(answer, row) }}
                        />{" "}
                        {m.week.dealsOf(extent(cellOf(answer, row, "deals")) ?? 0)}
                      </span>
                    ) : null}
                  </li>
                );
              })}
            </ul>
          </Panel>
        );
      }}
    </Answered>
  );
}

function Waiting() {
  const m = useMessages();
  const when = useWhen();
  const currency = useCurrency();
  const question = asked("sla", when.base, { period: when.period, currency });
  const query = useAsk(when.isKnown ? question : null);
  return (
    <Answered query={query} height={260}>
      {(reply) => (
        <Waits
          answer={rowsOf(reply) as Rows}
          question={question}
          rests={{ reply, question }}
          title={m.week.waiting}
        />
      )}
    </Answered>
  );
}

interface WaitsProps {
  answer: Rows;
  question: Question;
  rests: Parameters<typeof Panel>[0]["rests"];
  title: string;
}

function Waits({ answer, question, rests, title }: WaitsProps) {
  const m = useMessages();
  const uncompared = useUncompared();
  const waiting = columnOf(answer, "waiting");
  const attainment = columnOf(answer, "attainment");
  const bill = answer.columns.find((column) => column.id === "bill");
  return (
    <Panel title={title} means={uncompared(m.week.waitingMeans)} rests={rests}>
      {answer.rows.length === 0 ? <Empty title={m.handoffs.none} /> : null}
      <ul className={css.waits}>
        {answer.rows.map((row) => {
          const name = nameOf(answer, row, "handoff");
          return (
            <li key={name}>
              <p className={css.handoff}>{wordOf(name, m)}</p>
              <p>
                {waiting ? (
                  <Figure
                    cell={cellOf(answer, row, "waiting")}
                    column={waiting}
                    size="prose"
                    origin={{ question, column: "waiting", row: [name] }}
                  />
                ) : null}{" "}
                {m.week.overdue}
                {attainment ? (
                  <>
                    {" · "}
                    <Figure
                      cell={cellOf(answer, row, "attainment")}
                      column={attainment}
                      size="prose"
                      origin={{ question, column: "attainment", row: [name] }}
                      isBare
                    />{" "}
                    {m.week.answered}
                  </>
                ) : null}
              </p>
              {bill ? (
                <p className={css.quiet} data-tip={bill.means}>
                  {m.week.costs}{" "}
                  <Figure
                    cell={cellOf(answer, row, bill.id)}
                    column={bill}
                    size="prose"
                    room="short"
                  />
                </p>
              ) : null}
            </li>
          );
        })}
      </ul>
      <p className={css.more}>
        <Link to="/handoffs" search={(now) => now}>
          {m.nav.handoffs} →
        </Link>
      </p>
    </Panel>
  );
}

function Gap() {
  const m = useMessages();
  const { base, isKnown } = useWhen();
  const question = asked("health", base);
  const query = useAsk(isKnown ? question : null);
  return (
    <Answered query={query} height={120}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        return (
          <Panel
            title={m.week.gap}
            means={reply.notes[0] ? noteOf(reply.notes[0], m) : m.health.findings}
            rests={{ reply, question }}
          >
            <ul className={`${css.list} ${css.stacked}`}>
              {answer.rows.slice(0, 4).map((row) => (
                <Finding
                  key={nameOf(answer, row, "check")}
                  answer={answer}
                  row={row}
                  question={question}
                />
              ))}
            </ul>
          </Panel>
        );
      }}
    </Answered>
  );
}

function Finding({
  answer,
  row,
  question,
}: {
  answer: Rows;
  row: Rows["rows"][number];
  question: Question;
}) {
  const m = useMessages();
  const found = columnOf(answer, "found");
  const check = nameOf(answer, row, "check");
  if (!found || !rowOf(answer, "check", check)) return null;
  return (
    <li>
      <span className={css.signed}>
        <Figure
          cell={cellOf(answer, row, "found")}
          column={found}
          origin={{ question, column: "found", row: [nameOf(answer, row, "area"), check] }}
        />
      </span>
      <span className={css.what}>{checkOf(check, m)}</span>
      <span className={css.quiet}>{saidAs(m.lists.remedies, nameOf(answer, row, "remedy"))}</span>
    </li>
  );
}
