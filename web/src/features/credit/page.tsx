//! Credit: the same deals shared out by several models, so that one sees where they agree.

import { Link } from "@tanstack/react-router";
import { useAsk } from "@/api/queries";
import { asked, type Question } from "@/lib/address";
import { cellOf, columnOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { type Cell, extent } from "@/lib/cell";
import { useMessages, wordIn, wordOf } from "@/lib/i18n";
import { useHere, useWhen } from "@/ui/here";
import { Page, Sentence, Tabs, useCurrency } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Span } from "@/ui/span";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { Book } from "./book";
import { campaignOf, costNames } from "./campaign-of";
import { Models } from "./models";
import css from "./page.module.css";

/** Dimensions of touches and deals that credit can be split by. */
const BY = ["channel", "campaign", "team", "rep", "touch_kind", "asset", "segment"];

function useCreditQuestion(by: string): Question | null {
  const when = useWhen();
  const currency = useCurrency();
  const { address } = useHere();
  const of = address.of === "open" ? "open" : "won";
  if (!when.isKnown) return null;
  const period = of === "won" ? when.period : undefined;
  return asked("credit", when.base, {
    of,
    by,
    period,
    currency,
    where: address.where,
    models: address.models,
  });
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

function SideBySide() {
  const m = useMessages();
  const { address, go } = useHere();
  const by = address.by ?? "channel";
  const question = useCreditQuestion(by);
  const query = useAsk(question);
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
            means={m.credit.modelsMeans}
            actions={actions}
            rests={{ reply, question: question as Question }}
          >
            {oneCurrency(answer) ? (
              <Models answer={answer} question={question as Question} by={by} />
            ) : null}
            <AnswerTable
              name="credit"
              answer={answer}
              question={question as Question}
              hidden={["currency"].filter(() => oneCurrency(answer))}
              caption={m.credit.models}
            />
            <ul className={css.notes}>
              {reply.notes.slice(0, 3).map((note) => (
                <li key={note}>{note}</li>
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
  const name = first ? nameOf(answer, first, by) : "–";
  return m.credit.finding(name, m.sentence.inside(wordOf(model.id, m)));
}

type Standing = { kind: "robust" | "fragile" | "unknown"; text: string } | null;

/** What the answer says of whether its order is one to decide by. */
function stands(notes: readonly string[]): Standing {
  const starts = (word: string) => notes.find((note) => note.startsWith(word));
  const robust = starts("robust:");
  if (robust) return { kind: "robust", text: robust };
  const fragile = starts("fragile:");
  if (fragile) return { kind: "fragile", text: fragile };
  const unknown = notes.find((note) => note.includes("robust is unknown"));
  return unknown ? { kind: "unknown", text: unknown } : null;
}

function Stands({ said }: { said: Standing }) {
  const m = useMessages();
  if (!said) return null;
  const sign = said.kind === "robust" ? "●" : said.kind === "fragile" ? "◐" : "○";
  return (
    <span className={css.stands} data-kind={said.kind} data-tip={said.text}>
      {sign} {m.credit[said.kind]}
    </span>
  );
}

function ByTeam({ by, title, means }: { by: string; title: string; means: string }) {
  const m = useMessages();
  const words = useWords();
  const question = useCreditQuestion(by);
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
            <AnswerTable
              name={by}
              answer={answer}
              question={question as Question}
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

function Cost() {
  const m = useMessages();
  const when = useWhen();
  const currency = useCurrency();
  const { address, go } = useHere();
  const by =
    address.show === "vendor" ? "vendor" : address.show === "channel" ? "channel" : "campaign";
  const question = asked("cost", when.base, { by, period: when.period, currency });
  const query = useAsk(when.isKnown ? question : null);
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
