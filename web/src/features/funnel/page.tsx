//! The funnel: where people are lost between the first inquiry and a won deal.

import { lazy, Suspense } from "react";
import { useAsk } from "@/api/queries";
import { asked, type Question } from "@/lib/address";
import { cellOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { stageName, stageOf, useWords } from "@/lib/book";
import { lastDay } from "@/lib/calendar";
import { isEstimated, WINDOW, WINDOWS, windowOf } from "@/lib/cohort";
import { show } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { useHere, usePeriodName, useWhen } from "@/ui/here";
import { Choice, Page, Sentence, Tabs } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import { Chosen } from "./chosen";
import { FunnelDrawing } from "./drawing";
import { Heat } from "./heat";
import css from "./page.module.css";
import paths from "./paths.module.css";
import { drawn, height, losses, windowName, worst } from "./shape";

const Paths = lazy(() => import("./paths").then((found) => ({ default: found.Paths })));

const VIEWS = ["flow", "cohort", "snapshot"] as const;
type View = (typeof VIEWS)[number];
/** Beside the three views: from which stage to which, another question. */
const TABS = [...VIEWS, "paths"] as const;

export function FunnelPage() {
  const m = useMessages();
  const { address, go } = useHere();
  const now = TABS.find((one) => one === address.view) ?? "flow";
  const tabs = TABS.map((id) => ({
    id,
    name: m.funnel.views[id] ?? id,
    means: m.funnel.viewMeans[id],
  }));
  return (
    <Page
      question={m.funnel.question}
      sentence={
        now === "paths" ? (
          <Sentence />
        ) : (
          <Sentence
            units={["pursuit", "person", "account", "deal"]}
            end={now === "cohort" ? <Within /> : null}
          />
        )
      }
      tabs={
        <Tabs
          tabs={tabs}
          now={now}
          put={(id) => go({ view: id === "flow" ? "" : id })}
          label={m.funnel.question}
        />
      }
    >
      {now === "paths" ? (
        <Suspense fallback={<div className={paths.room} />}>
          <Paths />
        </Suspense>
      ) : (
        <Stages view={now} />
      )}
    </Page>
  );
}

/** How long those who entered have to reach a later stage, to be counted there. */
function Within() {
  const m = useMessages();
  const { address, go } = useHere();
  return (
    <Choice
      name={windowName(windowOf(address.window), m)}
      choices={WINDOWS.map((id) => ({ id, name: windowName(windowOf(id), m) }))}
      put={(window) => go({ window: window === WINDOW ? "" : window })}
    />
  );
}

function useQuestions(view: View): { now: Question | null; before: Question | null } {
  const { address } = useHere();
  const { periods } = useWords();
  const when = useWhen();
  const of = (period: string | undefined): Question => {
    const words = { ...when.base, view, unit: address.unit, where: address.where };
    if (view === "snapshot") return asked("funnel", words, { at: lastDay(periods, period) });
    if (view === "flow") return asked("funnel", words, { period });
    const { from, window, unit } = address;
    const estimate = isEstimated(unit) ? "true" : undefined;
    return asked("funnel", words, { period, from, window: windowOf(window), estimate });
  };
  if (!when.isKnown) return { now: null, before: null };
  return { now: of(when.period), before: when.before ? of(when.before) : null };
}

/** The stages in one of the three views. */
function Stages({ view }: { view: View }) {
  const { address } = useHere();
  const questions = useQuestions(view);
  const now = useAsk(questions.now);
  const before = useAsk(questions.before);
  return (
    <>
      <Answered query={now} height={520}>
        {(reply) => {
          const answer = rowsOf(reply) as Rows;
          const question = questions.now as Question;
          if (answer.rows.length === 0 && !answer.totals) return <Nothing />;
          return (
            <>
              <Drawing
                view={view}
                answer={answer}
                question={question}
                before={rowsOf(before.data)}
                rests={{ reply, question }}
              />
              {address.by ? null : (
                <AllFigures
                  answer={answer}
                  question={question}
                  before={rowsOf(before.data)}
                  view={view}
                />
              )}
            </>
          );
        }}
      </Answered>
      {address.by && questions.now ? (
        <Split
          view={view}
          question={asked("funnel", questions.now.words, { by: address.by })}
          before={questions.before && asked("funnel", questions.before.words, { by: address.by })}
        />
      ) : null}
      {view === "cohort" ? <Heat /> : null}
    </>
  );
}

interface DrawingProps {
  view: View;
  answer: Rows;
  question: Question;
  before: Rows | undefined;
  rests: Parameters<typeof Panel>[0]["rests"];
}

function Drawing({ view, answer, question, before, rests }: DrawingProps) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const when = useWhen();
  const { address, go } = useHere();
  const times = useTimes();
  const stages = drawn(view, answer, question, words, before);
  const stage = stageOf(words, address.step ?? "");
  const title = useFinding(view, stages);
  const means = useMeans(view);
  const compared =
    before && when.before ? ` ${m.funnel.compared(when.beforeName)}: ${m.funnel.compareNote}` : "";
  return (
    <Panel title={title} means={`${means}${compared}`} rests={rests}>
      <div className={stage ? css.beside : ""}>
        <FunnelDrawing
          stages={stages}
          summary={m.funnel.summary(
            show(stages.length, "count", locale).text,
            stages[0]?.name ?? "",
            stages.at(-1)?.name ?? "",
          )}
          chosen={address.step}
          choose={(step) => go({ step }, { replace: true })}
          times={times}
          hasRibbons={view !== "snapshot"}
        />
        {stage ? <Chosen stage={stage} drawn={stages.find((one) => one.id === stage.id)} /> : null}
      </div>
    </Panel>
  );
}

/** What a view counts; of a cohort also within how many days, and what is hatched. */
function useMeans(view: View): string {
  const m = useMessages();
  const { address } = useHere();
  if (view !== "cohort") return m.funnel.viewMeans[view] ?? "";
  return m.funnel.cohortMeans(windowName(windowOf(address.window), m));
}

/** What the drawing shows first, in a sentence. */
function useFinding(view: View, stages: ReturnType<typeof drawn>): string {
  const m = useMessages();
  const { address } = useHere();
  const locale = useLocale();
  const text = (value: number) => show(value, "count", locale).text;
  if (view === "flow") {
    const found = worst(stages);
    const leak = found && [...losses(found)].sort((a, b) => height(b.cell) - height(a.cell))[0];
    if (!found || !leak) return m.nav.funnel;
    const way = (m.funnel as unknown as Record<string, string>)[leak.id] ?? leak.id;
    return m.funnel.findingFlow(
      found.name,
      text(height(leak.cell)),
      way,
      text(height(found.volume?.cell)),
    );
  }
  const most = [...stages].sort((a, b) => height(b.volume?.cell) - height(a.volume?.cell))[0];
  if (view === "snapshot" && most)
    return m.funnel.findingSnapshot(most.name, text(height(most.volume?.cell)));
  const [first, last] = [stages[0], stages.at(-1)];
  if (!first?.volume || !last?.volume) return m.nav.funnel;
  return m.funnel.findingCohort(
    text(height(first.volume.cell)),
    text(height(last.volume.cell)),
    last.name,
    windowName(windowOf(address.window), m),
  );
}

/** The typical time in each stage, of stays that began in the period. */
function useTimes(): Map<string, string> {
  const when = useWhen();
  const locale = useLocale();
  const { address } = useHere();
  const { unit, where } = address;
  const words = { ...when.base, period: when.period, where, unit };
  const answer = rowsOf(useAsk(when.isKnown ? asked("times", words) : null).data);
  const times = new Map<string, string>();
  const column = answer?.columns.find((one) => one.id === "median");
  for (const row of answer?.rows ?? []) {
    const cell = answer && cellOf(answer, row, "median");
    if (answer && column && cell !== null && cell !== undefined) {
      times.set(nameOf(answer, row, "stage"), show(cell, column.type, locale).text);
    }
  }
  return times;
}

interface FiguresProps {
  answer: Rows;
  question: Question;
  before: Rows | undefined;
  view: View;
}

function AllFigures({ answer, question, before, view }: FiguresProps) {
  const m = useMessages();
  const words = useWords();
  return (
    <Panel title={m.funnel.table} means={useMeans(view)}>
      <AnswerTable
        name="funnel"
        answer={answer}
        question={question}
        before={before}
        isCohort={view === "cohort"}
        nameOf={(text, column) =>
          column.id === "stage" ? (stageOf(words, text)?.name ?? wordOf(text, m)) : text
        }
        caption={m.funnel.table}
      />
    </Panel>
  );
}

interface SplitProps {
  view: View;
  question: Question;
  before: Question | null;
}

function Split({ view, question, before }: SplitProps) {
  const m = useMessages();
  const periodName = usePeriodName();
  const words = useWords();
  const query = useAsk(question);
  const earlier = rowsOf(useAsk(before).data);
  return (
    <Answered query={query} height={320}>
      {(reply) => (
        <Panel title={m.funnel.table} rests={{ reply, question }}>
          <AnswerTable
            name="split"
            answer={rowsOf(reply) as Rows}
            question={question}
            before={before ? earlier : undefined}
            isCohort={view === "cohort"}
            nameOf={(text, column) =>
              column.id === "stage"
                ? stageName(words, text)
                : column.type === "period"
                  ? periodName(text)
                  : text
            }
            caption={m.funnel.table}
            limit={200}
          />
        </Panel>
      )}
    </Answered>
  );
}

function Nothing() {
  const m = useMessages();
  const when = useWhen();
  const { address, go } = useHere();
  const button = address.where ? (
    <button type="button" onClick={() => go({ where: "" })}>
      {m.state.removeWhere}
    </button>
  ) : (
    <button type="button" onClick={() => go({ period: "all" })}>
      {m.state.wholeTime}
    </button>
  );
  return (
    <Panel title={m.state.emptyTitle}>
      <Empty title={m.state.emptyPeriod(when.name)} action={button} />
    </Panel>
  );
}
