//! One campaign: what it cost, the leads that were assigned, the pipeline and what was won, its parts,
//! and month by month.

import { Link } from "@tanstack/react-router";
import { type Reply, useAsk } from "@/api/queries";
import { asked, kept, type Question } from "@/lib/address";
import { cellOf, columnOf, hasCurrencies, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { isRunning } from "@/lib/calendar";
import { type Cell, type Column, isFigure } from "@/lib/cell";
import { useMessages, wordOf } from "@/lib/i18n";
import { Columns } from "@/ui/chart/columns";
import { Figure } from "@/ui/figure";
import { useHere, usePeriodName, useWhen } from "@/ui/here";
import { Page, Sentence, Tabs, useCurrency } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { costNames } from "./campaign-of";
import css from "./page.module.css";

/** What the page is about, in this order; costs stand under what they are the cost of. */
const HEADS = [
  ["spend", null],
  ["assigned", "per_assigned"],
  ["pipeline", "per_opened"],
  ["won", "per_won"],
  ["revenue", "roi"],
] as const;

/** Figures of which the months can be drawn. */
const OVER_TIME = ["spend", "assigned", "pipeline", "won", "revenue"];

export function CampaignPage() {
  const m = useMessages();
  const { address } = useHere();
  const of = address.campaign;
  return (
    <Page
      question={of ? m.campaign.question(of) : m.campaign.none}
      sentence={<Sentence hasSplit={false} hasWhere={false} hasCurrency />}
    >
      {of ? (
        <Whole of={of} />
      ) : (
        <Empty
          title={m.campaign.none}
          action={
            <Link to="/credit" search={kept}>
              {m.campaign.all}
            </Link>
          }
        >
          {m.campaign.noneText}
        </Empty>
      )}
    </Page>
  );
}

function useCost(of: string, words: Record<string, string | undefined>): Question {
  const when = useWhen();
  const currency = useCurrency();
  return asked("cost", when.base, { of, currency }, words);
}

function Whole({ of }: { of: string }) {
  const when = useWhen();
  const question = useCost(of, { period: when.period });
  const before = useCost(of, { period: when.before });
  const query = useAsk(when.isKnown ? question : null);
  const earlier = rowsOf(useAsk(when.before ? before : null).data);
  return (
    <>
      <Answered query={query} height={420}>
        {(reply) => {
          const answer = rowsOf(reply) as Rows;
          return (
            <>
              <Head answer={answer} earlier={earlier} question={question} rests={reply} />
              <Parts answer={answer} earlier={earlier} question={question} />
            </>
          );
        }}
      </Answered>
      <OverTime of={of} />
    </>
  );
}

interface HeadProps {
  answer: Rows;
  earlier: Rows | undefined;
  question: Question;
  rests: Reply;
}

/** The whole of a campaign: its only row, or what its parts come to. */
const wholeOf = (answer: Rows): Cell[] | undefined =>
  answer.totals ?? (answer.rows.length === 1 ? answer.rows[0] : undefined);

function Head({ answer, earlier, question, rests }: HeadProps) {
  const m = useMessages();
  const when = useWhen();
  const { address } = useHere();
  const row = wholeOf(answer);
  const names = answer.totals ? [] : costNames(answer, row ?? []);
  if (!row) {
    return (
      <Panel title={m.campaign.head} rests={{ reply: rests, question }}>
        <Empty title={m.state.emptyTitle}>{m.state.emptyPeriod(when.name)}</Empty>
      </Panel>
    );
  }
  const one = (id: string, size: "head" | "prose", isCount: boolean) => {
    const column = columnOf(answer, id);
    if (!column) return null;
    return (
      <Figure
        cell={cellOf(answer, row, id)}
        column={column}
        size={size}
        room="short"
        isBare={size === "head"}
        origin={isCount ? { question, column: id, row: names } : undefined}
        was={
          earlier && size === "head" ? (cellOf(earlier, wholeOf(earlier), id) ?? null) : undefined
        }
      />
    );
  };
  return (
    <Panel
      title={m.campaign.head}
      means={`${when.name}. ${m.campaign.headMeans}`}
      rests={{ reply: rests, question }}
      actions={
        <Link to="/credit" search={{ ...address, campaign: "" }} className={css.back}>
          {m.campaign.all}
        </Link>
      }
    >
      <dl className={css.heads}>
        {HEADS.map(([id, per]) => (
          <div key={id}>
            <dt data-tip={columnOf(answer, id)?.means}>{wordOf(id, m)}</dt>
            <dd>
              {one(id, "head", columnOf(answer, id)?.type === "count")}
              {per && columnOf(answer, per) ? (
                <span className={css.per}>
                  {one(per, "prose", false)} {m.sentence.inside(wordOf(per, m))}
                </span>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Parts({ answer, earlier, question }: Omit<HeadProps, "rests">) {
  const m = useMessages();
  if (answer.rows.length < 2) return null;
  const hasOne = !hasCurrencies(answer);
  return (
    <Panel title={m.campaign.parts} means={m.campaign.partsMeans}>
      <AnswerTable
        name="parts"
        answer={answer}
        question={question}
        before={earlier}
        hidden={[...(columnOf(answer, "name") ? [] : ["name"]), ...(hasOne ? ["currency"] : [])]}
        hasRecords={(column) => column.type === "count"}
        rowNames={(row) => costNames(answer, row)}
        minimum="name"
        caption={m.campaign.parts}
      />
    </Panel>
  );
}

function OverTime({ of }: { of: string }) {
  const m = useMessages();
  const periodName = usePeriodName();
  const words = useWords();
  const when = useWhen();
  const { address, go } = useHere();
  const now = OVER_TIME.find((id) => id === address.show) ?? "spend";
  const question = useCost(of, { by: "month" });
  const query = useAsk(when.isKnown ? question : null);
  const tabs = OVER_TIME.map((id) => ({ id, name: wordOf(id, m) }));
  return (
    <Answered query={query} height={300}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const column = columnOf(answer, now);
        const isTable = hasCurrencies(answer) || !column || !isFigure(column);
        const rows = answer.rows.filter((row) => cellOf(answer, row, "month") !== null);
        return (
          <Panel
            title={m.campaign.months}
            means={[m.checks.everyMonth, column?.means].filter(Boolean).join(": ")}
            actions={
              <Tabs
                tabs={tabs}
                now={now}
                put={(id) => go({ show: id === "spend" ? "" : id }, { replace: true })}
                label={m.campaign.months}
              />
            }
            rests={{ reply, question }}
          >
            {rows.length === 0 ? <Empty title={m.state.emptyTitle} /> : null}
            {isTable ? (
              <AnswerTable
                name="months"
                answer={answer}
                question={question}
                hasRecords={(one) => one.type === "count"}
                rowNames={(row) => costNames(answer, row)}
                caption={m.campaign.months}
                limit={36}
              />
            ) : (
              <Columns
                column={column as Column}
                summary={m.metrics.summary(wordOf(now, m), m.sentence.inside(wordOf("month", m)))}
                buckets={rows.map((row) => {
                  const month = nameOf(answer, row, "month");
                  const isCount = column?.type === "count";
                  return {
                    name: periodName(month),
                    cell: cellOf(answer, row, now) ?? null,
                    origin: isCount
                      ? { question, column: now, row: costNames(answer, row) }
                      : undefined,
                    isRunning: isRunning(words.periods, month, words.horizon),
                  };
                })}
              />
            )}
          </Panel>
        );
      }}
    </Answered>
  );
}
