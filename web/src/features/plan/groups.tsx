//! The plan up to the end of each month, and of each group of the page.

import { type Reply, useAsk } from "@/api/queries";
import type { Question } from "@/lib/address";
import { nameOf, type Rows, rowsOf } from "@/lib/answer";
import { type Cell, type Column, isFigure } from "@/lib/cell";
import { useMessages, valueAs, wordOf } from "@/lib/i18n";
import { LINES } from "@/lib/said";
import { useUncompared } from "@/ui/earlier";
import { useHere, usePeriodName } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { useLineName } from "./told";

/** A goal, and what is won of it, are no estimates. */
const COUNTED: ReadonlySet<string> = new Set(LINES.slice(0, 2));
/** Two groups of most charters; more are asked for. */
const LIMIT = 22;

interface TableProps {
  name: string;
  reply: Reply;
  question: Question;
  title: string;
  means: string;
}

function Table({ name, reply, question, title, means }: TableProps) {
  const m = useMessages();
  const uncompared = useUncompared();
  const periodName = usePeriodName();
  const lineName = useLineName();
  const answer = rowsOf(reply) as Rows;
  const named = (text: string, column: Column) => {
    if (column.id === "line") return lineName(text);
    return column.type === "period" ? periodName(text) : valueAs(column.id, text, m);
  };
  const isEstimate = (column: Column, row: readonly Cell[]) =>
    isFigure(column) && !COUNTED.has(nameOf(answer, row, "line"));
  return (
    <Panel title={title} means={uncompared(means)} rests={{ reply, question }}>
      <AnswerTable
        name={name}
        answer={answer}
        question={question}
        hidden={["won_share", "in_time", "half_by", "tenth_by"]}
        hasRecords={() => false}
        isEstimate={isEstimate}
        nameOf={named}
        caption={title}
        limit={LIMIT}
      />
    </Panel>
  );
}

/** Nothing where all of it is in one month. */
export function Months({ question }: { question: Question }) {
  const m = useMessages();
  const query = useAsk(question);
  return (
    <Answered query={query} height={320}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const months = new Set(answer.rows.map((row) => nameOf(answer, row, "month")));
        if (months.size < 2) return null;
        const words = { title: m.plan.months, means: m.plan.monthsMean };
        return <Table name="months" reply={reply} question={question} {...words} />;
      }}
    </Answered>
  );
}

/** The same by the page's groups. */
export function Split({ question }: { question: Question }) {
  const m = useMessages();
  const { address } = useHere();
  const query = useAsk(question);
  const by = (address.by ?? "").split(",").map((dim) => m.sentence.inside(wordOf(dim, m)));
  const words = { title: m.forecast.splitBy(by.join(", ")), means: m.plan.splitMean };
  return (
    <Answered query={query} height={320}>
      {(reply) => <Table name="split" reply={reply} question={question} {...words} />}
    </Answered>
  );
}
