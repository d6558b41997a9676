//! Deals: what moved the pipeline, why deals were lost or won, and which stay too long.

import { Link } from "@tanstack/react-router";
import { useAsk } from "@/api/queries";
import { asked, kept } from "@/lib/address";
import { cellOf, columnOf, hasCurrencies, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { stageName, useWords } from "@/lib/book";
import { isRunning, lastDay } from "@/lib/calendar";
import { extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { NINE_OF_TEN, PROMISED } from "@/lib/said";
import { Bars } from "@/ui/chart/bars";
import { Waterfall } from "@/ui/chart/waterfall";
import { useEarlier, useUncompared } from "@/ui/earlier";
import { useHere, useWhen } from "@/ui/here";
import { Page, Sentence, Tabs, useCurrency } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Span } from "@/ui/span";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { useToggled } from "@/ui/toggled";
import { DealPage } from "./deal";
import { FindDeal } from "./find";

const ENDS = new Set(["at_start", "at_end"]);
const WITHOUT = ["day", "week", "month", "quarter", "year", "touch_kind", "asset", "vendor"];

export function DealsPage() {
  const m = useMessages();
  const { address } = useHere();
  if (address.of) {
    return (
      <Page
        question={m.deals.questionOf(address.of)}
        sentence={
          <Link to="/deals" search={kept}>
            {m.deals.toAll}
          </Link>
        }
      >
        <DealPage key={address.of} of={address.of} />
      </Page>
    );
  }
  return (
    <Page
      question={m.deals.question}
      sentence={
        <Sentence start={<span>{m.sentence.all.deal}</span>} hasCurrency without={WITHOUT} />
      }
    >
      <Span of="half">
        <Bridge />
      </Span>
      <Span of="half">
        <Reasons />
      </Span>
      {address.by ? <BridgeTable /> : null}
      <Stale />
      <FindDeal />
    </Page>
  );
}

function useBridge(by?: string) {
  const when = useWhen();
  const currency = useCurrency();
  const { address } = useHere();
  return asked("bridge", when.base, {
    period: when.period,
    due: address.due,
    where: address.where,
    currency,
    by,
  });
}

function Bridge() {
  const m = useMessages();
  const locale = useLocale();
  const when = useWhen();
  const uncompared = useUncompared();
  const toggled = useToggled("moves");
  const question = useBridge();
  const query = useAsk(when.period ? question : null);
  if (when.isKnown && !when.period) {
    return (
      <Panel title={m.deals.bridge}>
        <Empty title={m.week.needsPeriod} />
      </Panel>
    );
  }
  return (
    <Answered query={query} height={420}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const column = columnOf(answer, "value");
        const move = (row: Rows["rows"][number]) => nameOf(answer, row, "move");
        const shown = answer.rows.filter(
          (row) => ENDS.has(move(row)) || cellOf(answer, row, "deals") !== 0,
        );
        const size = (row: Rows["rows"][number]) =>
          Math.abs(extent(cellOf(answer, row, "value")) ?? 0);
        const most = shown
          .filter((row) => !ENDS.has(move(row)))
          .sort((a, b) => size(b) - size(a))[0];
        const title =
          most && !hasCurrencies(answer)
            ? m.deals.finding(
                m.sentence.inside(m.moves[move(most)] ?? move(most)),
                show(cellOf(answer, most, "value"), "money", locale, "short").text,
              )
            : m.deals.bridge;
        return (
          <Panel
            title={title}
            means={uncompared(m.deals.bridgeMeans)}
            actions={toggled.button}
            rests={{ reply, question }}
          >
            {toggled.isTable || hasCurrencies(answer) ? (
              <AnswerTable
                name="moves"
                answer={answer}
                question={question}
                nameOf={(text, column) => (column.id === "move" ? (m.moves[text] ?? text) : text)}
                hasRecords={(column) => column.id === "deals"}
                caption={m.deals.bridge}
              />
            ) : column ? (
              <Waterfall
                column={column}
                summary={title}
                steps={shown.map((row) => ({
                  name: m.moves[move(row)] ?? move(row),
                  cell: cellOf(answer, row, "value") ?? null,
                  isEnd: ENDS.has(move(row)),
                  origin: { question, column: "deals", row: namesBefore(answer, row) },
                  tip: `${show(cellOf(answer, row, "value"), "money", locale).exact}\n${m.deals.ofDeals(show(cellOf(answer, row, "deals"), "count", locale).text)}`,
                }))}
              />
            ) : null}
          </Panel>
        );
      }}
    </Answered>
  );
}

/** Every cell that names a row of a bridge: dimensions, the currency, the move. */
function namesBefore(answer: Rows, row: Rows["rows"][number]): string[] {
  const at = answer.columns.findIndex((column) => column.id === "move");
  return row.slice(0, at + 1).map((cell) => (cell === null ? "–" : String(cell)));
}

function BridgeTable() {
  const m = useMessages();
  const when = useWhen();
  const { address } = useHere();
  const uncompared = useUncompared();
  const question = useBridge(address.by);
  const query = useAsk(when.period ? question : null);
  // What is to be chosen first is said once, where the drawing would be.
  if (when.isKnown && !when.period) return null;
  return (
    <Answered query={query} height={320}>
      {(reply) => (
        <Panel
          title={m.deals.bridge}
          means={uncompared(m.deals.bridgeMeans)}
          rests={{ reply, question }}
        >
          <AnswerTable
            name="bridge"
            answer={rowsOf(reply) as Rows}
            question={question}
            nameOf={(text, column) => (column.id === "move" ? (m.moves[text] ?? text) : text)}
            hasRecords={(column) => column.id === "deals"}
            caption={m.deals.bridge}
          />
        </Panel>
      )}
    </Answered>
  );
}

function Reasons() {
  const m = useMessages();
  const locale = useLocale();
  const when = useWhen();
  const currency = useCurrency();
  const { address, go } = useHere();
  const of = address.show === "won" ? "won" : "lost";
  const asking = (period: string | undefined) =>
    asked("reasons", when.base, { of, period, by: "reason", where: address.where, currency });
  const question = asking(when.period);
  const before = useEarlier(asking);
  const query = useAsk(when.isKnown ? question : null);
  const toggled = useToggled("reasons");
  const tabs = [
    { id: "lost", name: m.deals.lost },
    { id: "won", name: m.deals.won },
  ];
  const actions = (
    <Tabs
      tabs={tabs}
      now={of}
      put={(id) => go({ show: id === "lost" ? "" : id })}
      label={m.deals.reasons}
    />
  );
  return (
    <Answered query={query} height={420}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const share = columnOf(answer, "share");
        const name = (row: Rows["rows"][number]) => nameOf(answer, row, "reason");
        const first = answer.rows[0];
        const said = first && name(first) !== "–" ? name(first) : undefined;
        const plain = of === "lost" ? m.deals.reasons : m.deals.wins;
        const title =
          said && of === "lost" && !hasCurrencies(answer) ? m.deals.reasonsFinding(said) : plain;
        return (
          <Panel
            title={title}
            means={m.deals.reasonsMeans}
            actions={
              <>
                {actions}
                {toggled.button}
              </>
            }
            rests={{ reply, question }}
          >
            {answer.rows.length === 0 ? <Empty title={m.state.emptyTitle} /> : null}
            {toggled.isTable || hasCurrencies(answer) ? (
              <AnswerTable
                name="reasons"
                answer={answer}
                question={question}
                before={before}
                hasRecords={(column) => column.id === "deals"}
                caption={m.deals.reasons}
              />
            ) : share ? (
              <Bars
                column={share}
                summary={title}
                bars={answer.rows.slice(0, 12).map((row) => ({
                  name: name(row) === "–" ? m.deals.nobodySays : name(row),
                  cell: cellOf(answer, row, "share") ?? null,
                  before: before && cellOf(before, sameRow(before, answer, row), "share"),
                  origin: { question, column: "deals", row: namesOfReason(answer, row) },
                  tip: `${show(cellOf(answer, row, "share"), "ratio", locale).exact}\n${name(row)}: ${show(cellOf(answer, row, "value"), "money", locale).exact}`,
                }))}
              />
            ) : null}
          </Panel>
        );
      }}
    </Answered>
  );
}

/** The row of the same name, in the answer of another period. */
const sameRow = (before: Rows, answer: Rows, row: Rows["rows"][number]) =>
  before.rows.find(
    (one) => namesOfReason(before, one).join("\0") === namesOfReason(answer, row).join("\0"),
  );

function namesOfReason(answer: Rows, row: Rows["rows"][number]): string[] {
  const at = answer.columns.findIndex((column) => column.id === "deals");
  return row.slice(0, at).map((cell) => (cell === null ? "–" : String(cell)));
}

function Stale() {
  const m = useMessages();
  const words = useWords();
  const when = useWhen();
  const { address } = useHere();
  // A period that is over is looked at on its last day; of one that runs, as of now.
  const isOver = when.whole !== undefined && !isRunning(words.periods, when.whole, words.horizon);
  const at = isOver ? lastDay(words.periods, when.whole) : undefined;
  const question = asked("stale", when.base, { at, by: address.by, where: address.where });
  const query = useAsk(when.isKnown ? question : null);
  const uncompared = useUncompared();
  const stands = isOver ? m.checks.atEndOf(when.wholeName) : m.checks.now;
  const means = uncompared(`${stands}: ${m.deals.staleMeans}`);
  return (
    <Answered query={query} height={320}>
      {(reply) => (
        <Panel title={m.deals.stale} means={means} rests={{ reply, question }}>
          <AnswerTable
            name="stale"
            answer={rowsOf(reply) as Rows}
            question={question}
            nameOf={(text, column) =>
              column.id === "stage"
                ? stageName(words, text)
                : text === "–"
                  ? text
                  : wordOfRule(text, m)
            }
            hasRecords={(column) => column.id === "there" || column.id === "stale"}
            caption={m.deals.stale}
          />
        </Panel>
      )}
    </Answered>
  );
}

const wordOfRule = (text: string, m: ReturnType<typeof useMessages>) =>
  text === PROMISED ? m.deals.promised : text === NINE_OF_TEN ? m.deals.nineOfTen : text;
