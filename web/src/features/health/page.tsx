//! Data health: where the rows come from and what became of them; what is missing or contradictory, and
//! how much revenue rests on it.

import { Link } from "@tanstack/react-router";
import { useAsk, useBook, useMay } from "@/api/queries";
import { asked } from "@/lib/address";
import { cellOf, columnOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { count, moment } from "@/lib/format";
import { checkOf, saidAs, useLocale, useMessages } from "@/lib/i18n";
import { issueOf, noteOf } from "@/lib/i18n/templated";
import { Bars } from "@/ui/chart/bars";
import { useWhen } from "@/ui/here";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { Imports } from "./imports";
import { Jobs } from "./jobs";
import css from "./page.module.css";
import { Sources } from "./sources";

export function HealthPage() {
  const m = useMessages();
  const book = useBook();
  const mayImport = useMay("import");
  return (
    <Page question={m.health.question} sentence={book?.charter ? <Seen /> : null}>
      {mayImport ? (
        <>
          <Jobs />
          <Sources />
          <Imports />
        </>
      ) : null}
      {book?.charter ? <Checks /> : null}
      {mayImport ? null : <p className={css.quiet}>{m.intake.noRight}</p>}
    </Page>
  );
}

/** What answers say of the book; without a charter there are none. */
function Checks() {
  return (
    <>
      <Findings />
      <Issues />
      <Others />
      <Leaks />
    </>
  );
}

function useHealth() {
  const { base, isKnown } = useWhen();
  const question = asked("health", base);
  return { question, query: useAsk(isKnown ? question : null) };
}

/** What the figures of the book rest on, in one line. */
function Seen() {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const lineage = useHealth().query.data?.lineage;
  if (!lineage) return null;
  return (
    <span>
      {m.basis.facts(count(lineage.facts_used, locale))} · {Object.keys(lineage.packs).join(", ")}
      {lineage.horizon ? ` · ${m.health.until(moment(lineage.horizon, locale, words.zone))}` : ""}
    </span>
  );
}

function Findings() {
  const m = useMessages();
  const { question, query } = useHealth();
  return (
    <Answered query={query} height={320}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        const share = columnOf(answer, "share");
        return (
          <Panel
            title={reply.notes[0] ? noteOf(reply.notes[0], m) : m.health.findings}
            means={m.health.findingsMeans}
            rests={{ reply, question }}
          >
            {answer.rows.length === 0 ? <Empty title={m.health.nothing} /> : null}
            {share ? (
              <Bars
                column={share}
                whole={1}
                summary={m.health.findings}
                bars={answer.rows.map((row) => ({
                  name: checkOf(nameOf(answer, row, "check"), m),
                  cell: cellOf(answer, row, "share") ?? null,
                  origin: {
                    question,
                    column: "found",
                    row: [nameOf(answer, row, "area"), nameOf(answer, row, "check")],
                  },
                }))}
              />
            ) : null}
            <AnswerTable
              name="health"
              answer={answer}
              question={{ ...question }}
              hasRecords={(column) => column.id === "found"}
              rowNames={(row) => [nameOf(answer, row, "area"), nameOf(answer, row, "check")]}
              nameOf={(text, column) =>
                column.id === "check"
                  ? checkOf(text, m)
                  : column.id === "area"
                    ? saidAs(m.lists.areas, text)
                    : column.id === "remedy"
                      ? saidAs(m.lists.remedies, text)
                      : text
              }
              caption={m.health.findings}
            />
          </Panel>
        );
      }}
    </Answered>
  );
}

/** What contradicts itself, as every answer of the book tells it. */
function Issues() {
  const m = useMessages();
  const locale = useLocale();
  const { query } = useHealth();
  return (
    <Answered query={query} height={200}>
      {(reply) => (
        <Panel title={m.health.issues} means={m.health.issuesMeans}>
          {reply.issues.length === 0 ? <p className={css.quiet}>{m.health.noIssues}</p> : null}
          <ul className={css.issues}>
            {reply.issues.map((issue) => (
              <li key={issue.code}>
                <strong>{count(issue.count, locale)}</strong> {issueOf(issue.text, m)}{" "}
                <code>{issue.code}</code>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </Answered>
  );
}

/** The way to where our figures stand beside another system's own. */
function Others() {
  const m = useMessages();
  return (
    <Panel title={m.reconcile.title} means={m.reconcile.means}>
      <Link to="/health/reconcile" search={(now) => now} className={css.link}>
        {m.reconcile.open} →
      </Link>
    </Panel>
  );
}

function Leaks() {
  const m = useMessages();
  const { base, isKnown } = useWhen();
  const question = asked("leaks", base);
  const query = useAsk(isKnown ? question : null);
  return (
    <Answered query={query} height={200}>
      {(reply) => {
        const answer = rowsOf(reply) as Rows;
        return (
          <Panel title={m.health.leaks} means={m.health.leaksMeans} rests={{ reply, question }}>
            <AnswerTable
              name="leaks"
              answer={answer}
              question={question}
              hasRecords={() => false}
              nameOf={(text, column) =>
                column.id === "outcome" ? saidAs(m.charter.roles, text) : text
              }
              caption={m.health.leaks}
              limit={12}
            />
          </Panel>
        );
      }}
    </Answered>
  );
}
