//! What of a forecast comes from where, and what each group of the page is to win.

import { type Reply, useAsk } from "@/api/queries";
import type { Question } from "@/lib/address";
import { cellOf, columnOf, nameOf, namesOf, type Rows, rowsOf } from "@/lib/answer";
import { type Cell, extent, isUnknown } from "@/lib/cell";
import { ALL_PARTS, type Figure, isCounted, partOf, rangeOf } from "@/lib/forecast";
import { show } from "@/lib/format";
import { useLocale, useMessages, valueAs, wordIn, wordOf } from "@/lib/i18n";
import { PARTS } from "@/lib/said";
import { type Range, Ranges } from "@/ui/chart/ranges";
import { useUncompared } from "@/ui/earlier";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { restsOf } from "@/ui/rests";
import { Answered } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { useToggled } from "@/ui/toggled";

/** What is still to come to be is in no book yet. */
const UNBORN = PARTS[3];

interface PartsProps {
  reply: Reply;
  question: Question;
  figure: Figure;
}

/** Columns of the other figure. */
const without = (answer: Rows, figure: Figure) =>
  answer.columns.map((one) => one.id).filter((id) => /_/.test(id) && !id.startsWith(`${figure}_`));

export function Parts({ reply, question, figure }: PartsProps) {
  const m = useMessages();
  const uncompared = useUncompared();
  const toggled = useToggled("parts");
  const rangeOfRow = useRange(reply, question, figure);
  const answer = rowsOf(reply) as Rows;
  const column = columnOf(answer, `${figure}_p50`);
  const size = (part: string) =>
    extent(cellOf(answer, partOf(answer, part), `${figure}_mean`)) ?? -1;
  const [most] = [...PARTS].sort((a, b) => size(b) - size(a));
  // A plain rule knows no parts but what is won already.
  const hasParts = !isUnknown(cellOf(answer, partOf(answer, UNBORN), `${figure}_p50`));
  const named = (part: string) => wordIn(m.forecast.parts, part) ?? part;
  const title = hasParts && most ? m.forecast.partsFinding(named(most)) : m.forecast.partsTitle;
  const rows = [...PARTS, ALL_PARTS].flatMap((part) => {
    const row = partOf(answer, part);
    return row ? [rangeOfRow(row, named(part))] : [];
  });
  return (
    <Panel
      title={title}
      means={uncompared(hasParts ? m.forecast.partsMeans : m.forecast.noParts)}
      actions={toggled.button}
      rests={{ reply, question }}
    >
      {toggled.isTable || !column ? (
        <AnswerTable
          name="parts"
          answer={answer}
          question={question}
          hidden={without(answer, figure)}
          hasRecords={(_, row) => !row.includes(UNBORN)}
          isEstimate={(_, row) => !isCounted(answer, row)}
          nameOf={(text) => named(text)}
          caption={m.forecast.partsTitle}
        />
      ) : (
        <Ranges ranges={rows} column={column} summary={title} />
      )}
    </Panel>
  );
}

/** A row of an answer as a mark: its range, its records, and what it says to the digit. */
function useRange(reply: Reply, question: Question, figure: Figure) {
  const m = useMessages();
  const locale = useLocale();
  const answer = rowsOf(reply) as Rows;
  const rests = restsOf(reply, m);
  const column = columnOf(answer, `${figure}_p50`);
  return (row: readonly Cell[], name: string): Range => {
    const [low = null, mid = null, high = null] = rangeOf(answer, row, figure);
    const text = (cell: Cell) => show(cell, column?.type ?? "", locale).exact;
    const counted = isCounted(answer, row);
    const said = isUnknown(mid)
      ? [`${name}: – ${m.figure.unknown}`]
      : counted
        ? [`${name}: ${text(mid)}`]
        : [m.forecast.aheadOf(name, text(mid)), m.forecast.cases(text(low), text(high))];
    const isOpen = !isUnknown(mid) && nameOf(answer, row, "part") !== UNBORN;
    const origin = {
      question,
      column: column?.id ?? "",
      row: namesOf(answer.columns, row),
    };
    return {
      ...{ name, low, mid, high },
      origin: isOpen ? origin : undefined,
      isCounted: counted,
      tip: [...said, rests].join("\n"),
    };
  };
}

/** The same by the page's groups, all parts together. */
export function Split({ question, figure }: { question: Question; figure: Figure }) {
  const query = useAsk(question);
  return (
    <Answered query={query} height={320}>
      {(reply) => <Groups reply={reply} question={question} figure={figure} />}
    </Answered>
  );
}

/** More groups than these are read in the table. */
const DRAWN = 20;

function Groups({ reply, question, figure }: PartsProps) {
  const m = useMessages();
  const uncompared = useUncompared();
  const { address } = useHere();
  const toggled = useToggled("split");
  const rangeOfRow = useRange(reply, question, figure);
  const answer = rowsOf(reply) as Rows;
  const column = columnOf(answer, `${figure}_p50`);
  const rows = answer.rows.filter((row) => nameOf(answer, row, "part") === ALL_PARTS);
  const by = (address.by ?? "").split(",");
  const named = (row: readonly Cell[]) =>
    by.map((dim) => valueAs(dim, nameOf(answer, row, dim), m)).join(" · ");
  const title = m.forecast.splitBy(by.map((dim) => m.sentence.inside(wordOf(dim, m))).join(", "));
  return (
    <Panel
      title={title}
      means={uncompared(m.forecast.splitMeans)}
      actions={toggled.button}
      rests={{ reply, question }}
    >
      {toggled.isTable || !column || rows.length > DRAWN ? (
        <AnswerTable
          name="split"
          answer={{ ...answer, rows }}
          question={question}
          hidden={["part"]}
          isEstimate={() => true}
          caption={title}
          limit={60}
        />
      ) : (
        <Ranges
          ranges={rows.map((row) => rangeOfRow(row, named(row)))}
          column={column}
          summary={title}
        />
      )}
    </Panel>
  );
}
