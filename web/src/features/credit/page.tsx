//! Credit: the same deals shared out by several models, so that one sees where they agree.

import { Link } from "@tanstack/react-router";
import { useAsk } from "@/api/queries";
import { asked, type Question } from "@/lib/address";
import { cellOf, columnOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { type Cell, type Column, extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale, useMessages, valueAs, wordIn, wordOf } from "@/lib/i18n";
import { noteOf } from "@/lib/i18n/templated";
import { FRAGILE, NOT_KNOWN, ROBUST } from "@/lib/said";
import { useEarlier, useUncompared } from "@/ui/earlier";
import { Figure } from "@/ui/figure";
import { useHere, useWhen } from "@/ui/here";
import { Page, Sentence, Tabs, useCurrency } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Span } from "@/ui/span";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable, namesOf } from "@/ui/table";
import { Book } from "./book";
import { campaignOf, costNames } from "./campaign-of";
import { Models } from "./models";
import css from "./page.module.css";

/** Dimensions of touches and deals that credit can be split by. */
const BY = ["channel", "campaign", "team", "rep", "touch_kind", "asset", "segment"];

interface Asked {
  question: Question | null;
  /** The answer of the period compared with; open deals are of no period. */
  before: Rows | undefined;
}

function useCredit(by: string): Asked {
  const when = useWhen();
  const currency = useCurrency();
  const { address } = useHere();
  const of = address.of === "open" ? "open" : "won";
  const asking = (period: string | undefined) =>
    asked("credit", when.base, {
      of,
      by,
      period: of === "won" ? period : undefined,
      currency,
      where: address.where,
      models: address.models,
    });
  const before = useEarlier((period) => (of === "won" ? asking(period) : null));
  return {
    question: when.isKnown ? asking(when.period) : null,
    before: of === "won" ? before : undefined,
  };
}

export function CreditPage() {
  const m = useMessages();
  const { address, go } = useHere();
  const of = address.of === "open" ? "open" : "won";
  const tabs = (["won", "open"] as const).map((id) => ({ id, name: m.credit.of[id] ?? id }));
  return (
    <Page
      question={m.credit.question}
      sentence={
        <Sentence
          hasCurrency
          start={<span>{m.credit.of[of]}</span>}
          hasSplit={false}
          hasWhen={of === "won"}
        />
      }
      tabs={
        <Tabs
          tabs={tabs}
          now={of}
          put={(id) => go({ of: id === "won" ? "" : id })}
          label={m.nav.credit}
        />
      }
    >
      <Headline />
      <SideBySide />
      <Span of="half">
        <ByTeam by="team" title={m.credit.team} means={m.credit.teamMeans} />
      </Span>
      <Span of="half">
        <ByTeam by="sourced" title={m.credit.sourced} means={m.credit.sourcedMeans} />
      </Span>
      <Book />
      <Cost />
    </Page>
  );
}

const TOUCHED = ["marketing_touched", "marketing_touched_before_creation"];

/** What marketing touched, of how many and worth how much: first, and under no model. */
function Headline() {
  const m = useMessages();
  const { address } = useHere();
  const { question, before } = useCredit(address.by ?? "channel");
  const query = useAsk(question);
  const uncompared = useUncompared();
  const of = address.of === "open" ? "open" : "won";
  const means = of === "open" ? uncompared(m.credit.headlineMeans) : m.credit.headlineMeans;
  return (
    <Answered query={query} height={150}>
      {(reply) => {
        const figures = (rowsOf(reply) as Rows).headline?.figures ?? [];
        if (figures.length === 0) return null;
        const ofId = (id: string) =>
          figures.filter(({ column }) => column.id === id || column.id === `${id}_by_value`);
        return (
          <Panel title={m.credit.headline} means={means}>
            <dl className={css.heads} data-headline>
              {TOUCHED.map((id) => (
                <div key={id}>
                  <dt>{m.credit.touchedWhen[id === TOUCHED[0] ? of : "created"]}</dt>
                  <dd>
                    {ofId(id).map(({ column, cell }) => (
                      <Figure
                        key={`${column.id} ${column.unit}`}
                        cell={cell}
                        column={column}
                        size={column.id === id ? "head" : "prose"}
                        origin={{ question: question as Question, column: column.id, row: [] }}
                        was={before && wasOf(before, column)}
                      />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </Panel>
        );
      }}
    </Answered>
  );
}

/** The figure of the headline before; nobody's where there was none of that currency. */
function wasOf(before: Rows, of: Column): Cell {
  const figures = before.headline?.figures ?? [];
  const found = figures.find(({ column }) => column.id === of.id && column.unit === of.unit);
  return found?.cell ?? null;
}

function SideBySide() {
  const m = useMessages();
  const { address, go } = useHere();
  const by = address.by ?? "channel";
  const { question, before } = useCredit(by);
  const query = useAsk(question);
  const uncompared = useUncompared();
  const isOpen = address.of === "open";
  const tabs = BY.map((id) => ({ id, name: wordOf(id, m) }));
  const actions = (
    <Tabs
      tabs={tabs}
      now={by}
      put={(id) => go({ by: id === "channel" ? "" : id })}
      label={m.credit.by}
    />
  );
  return (
    <Answered query={query} height={560}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const said = stands(reply.notes);
        if (answer.rows.length === 0) {
          return (
            <Panel title={m.credit.models} actions={actions}>
              <Empty title={m.state.emptyTitle} />
            </Panel>
          );
        }
        return (
          <Panel
            title={
              <>
                {finding(answer, by, m)} <Stands said={said} />
              </>
            }
            means={isOpen ? uncompared(m.credit.modelsMeans) : m.credit.modelsMeans}
            actions={actions}
            rests={{ reply, question: question as Question }}
          >
            {oneCurrency(answer) ? (
              <div className={css.drawn}>
                <Models answer={answer} question={question as Question} by={by} />
              </div>
            ) : null}
            <AnswerTable
              name="credit"
              answer={answer}
              question={question as Question}
              before={before}
              hidden={["currency"].filter(() => oneCurrency(answer))}
              caption={m.credit.models}
            />
            <ul className={css.notes}>
              {reply.notes.slice(0, 3).map((note) => (
                <li key={note}>{noteOf(note, m)}</li>
              ))}
            </ul>
          </Panel>
        );
      }}
    </Answered>
  );
}

function oneCurrency(answer: Rows): boolean {
  return new Set(answer.rows.map((row) => nameOf(answer, row, "currency"))).size <= 1;
}

/** Whose credit is largest under the first model. */
function finding(answer: Rows, by: string, m: ReturnType<typeof useMessages>): string {
  const model = answer.columns.find((column) => column.type === "money");
  if (!model || !oneCurrency(answer)) return m.credit.models;
  const size = (row: Cell[]) => extent(cellOf(answer, row, model.id)) ?? 0;
  const first = [...answer.rows].sort((a, b) => size(b) - size(a))[0];
  const name = first ? valueAs(by, nameOf(answer, first, by), m) : "–";
  return m.credit.finding(name, m.sentence.inside(wordOf(model.id, m)));
}

type Standing = { kind: "robust" | "fragile" | "unknown"; text: string } | null;

/** What the answer says of whether its order is one to decide by. */
function stands(notes: readonly string[]): Standing {
  const starts = (word: string) => notes.find((note) => note.startsWith(word));
  const robust = starts(ROBUST);
  if (robust) return { kind: "robust", text: robust };
  const fragile = starts(FRAGILE);
  if (fragile) return { kind: "fragile", text: fragile };
  const unknown = starts(NOT_KNOWN);
  return unknown ? { kind: "unknown", text: unknown } : null;
}

function Stands({ said }: { said: Standing }) {
  const m = useMessages();
  if (!said) return null;
  const sign = said.kind === "robust" ? "●" : said.kind === "fragile" ? "◐" : "○";
  return (
    <span className={css.stands} data-kind={said.kind} data-tip={noteOf(said.text, m)}>
      {sign} {m.credit[said.kind]}
    </span>
  );
}

function ByTeam({ by, title, means }: { by: string; title: string; means: string }) {
  const m = useMessages();
  const words = useWords();
  const { question, before } = useCredit(by);
  const query = useAsk(question);
  return (
    <Answered query={query} height={240}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const models = answer.columns
          .filter((column) => column.type === "money")
          .map((column) => column.id);
        const shown = new Set([
          "deals",
          ...(by === "sourced" ? models.slice(0, 1) : models.slice(0, 4)),
        ]);
        const hidden = answer.columns
          .map((column) => column.id)
          .filter(
            (id) => id !== by && !shown.has(id) && (id !== "currency" || oneCurrency(answer)),
          );
        return (
          <Panel title={title} means={means} rests={{ reply, question: question as Question }}>
            {by === "team" ? (
              <Touched answer={answer} question={question as Question} before={before} />
            ) : null}
            <AnswerTable
              name={by}
              answer={answer}
              question={question as Question}
              before={before}
              hidden={hidden}
              nameOf={(text) => {
                const side = words.teams.find((team) => team.id === text)?.side ?? text;
                return (
                  <span className={css.side} data-side={side}>
                    {wordIn(m.side, text) ?? text}
                  </span>
                );
              }}
              caption={title}
            />
          </Panel>
        );
      }}
    </Answered>
  );
}

interface TouchedProps {
  answer: Rows;
  question: Question;
  before: Rows | undefined;
}

/** How many of the deals each side touched: as many as its row has, where one row is all of a side. */
function Touched({ answer, question, before }: TouchedProps) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const column = columnOf(answer, "deals");
  const all = cellOf(answer, answer.totals ?? undefined, "deals");
  if (!column || !oneCurrency(answer) || typeof all !== "number") return null;
  const sideOf = (row: Cell[]) => {
    const team = nameOf(answer, row, "team");
    return words.teams.find((one) => one.id === team)?.side ?? team;
  };
  const ofSide = (side: string) => answer.rows.filter((row) => sideOf(row) === side);
  const told = ["marketing", "sales"].flatMap((side) => {
    const [row, ...more] = ofSide(side);
    return row && more.length === 0 ? [{ side, row }] : [];
  });
  return (
    <div className={css.touched}>
      {told.map(({ side, row }) => {
        const team = nameOf(answer, row, "team");
        const earlier = before?.rows.find((one) => nameOf(before, one, "team") === team);
        return (
          <p key={side} data-touched={side}>
            <Figure
              cell={cellOf(answer, row, "deals")}
              column={column}
              size="head"
              origin={{ question, column: "deals", row: namesOf(answer.columns, row) }}
              was={before && (cellOf(before, earlier, "deals") ?? null)}
            />{" "}
            <span>
              {m.credit.touched(show(all, "count", locale).text, wordIn(m.side, side) ?? side)}
            </span>
          </p>
        );
      })}
    </div>
  );
}

function Cost() {
  const m = useMessages();
  const when = useWhen();
  const currency = useCurrency();
  const { address, go } = useHere();
  const by =
    address.show === "vendor" ? "vendor" : address.show === "channel" ? "channel" : "campaign";
  const asking = (period: string | undefined) => asked("cost", when.base, { by, period, currency });
  const question = asking(when.period);
  const query = useAsk(when.isKnown ? question : null);
  const before = useEarlier(asking);
  // What is spent is none of a pursuit, so that the page’s condition cannot choose from it.
  const said = [
    `${when.name}: ${m.credit.costMeans}`,
    ...(address.where ? [m.checks.costOfAll] : []),
  ].join(" · ");
  const tabs = ["campaign", "channel", "vendor"].map((id) => ({ id, name: wordOf(id, m) }));
  const actions = (
    <Tabs
      tabs={tabs}
      now={by}
      put={(id) => go({ show: id === "campaign" ? "" : id })}
      label={m.credit.cost}
    />
  );
  return (
    <Answered query={query} height={420}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        return (
          <Panel title={m.credit.cost} means={said} actions={actions} rests={{ reply, question }}>
            <AnswerTable
              name="cost"
              answer={answer}
              question={question}
              before={before}
              hidden={[
                ...(columnOf(answer, "name") && by === "campaign" ? [] : ["name"]),
                ...(oneCurrency(answer) ? ["currency"] : []),
              ]}
              hasRecords={(column) => column.type === "count"}
              rowNames={(row) => costNames(answer, row)}
              nameOf={(text, column) => {
                const of = by === "campaign" && column.id === "campaign" ? campaignOf(text) : null;
                if (!of) return text;
                const search = { campaign: of, show: "", sort: "" };
                return (
                  <Link to="/campaign" search={{ ...address, ...search }} className={css.link}>
                    {text}
                  </Link>
                );
              }}
              minimum={by === "campaign" ? "name" : by}
              caption={m.credit.cost}
            />
          </Panel>
        );
      }}
    </Answered>
  );
}
