//! What needs attention, made of answers that there are: balances that do not hold, closed periods that
//! are told otherwise now, sources behind, stays beyond what was promised. Where nothing is wrong there
//! is one quiet line.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { Refused } from "@/api/client";
import { sourcesIn } from "@/api/intake";
import { type Periods, periodsQuery, type Restated, restatedQuery } from "@/api/periods";
import { useAsk, useBook, useMay, useVersion } from "@/api/queries";
import { asked, type Question } from "@/lib/address";
import { cellOf, columnOf, nameOf, type Rows, rowsOf } from "@/lib/answer";
import { stageName, useWords } from "@/lib/book";
import { type Cell, isObject } from "@/lib/cell";
import { count, show } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { PROMISED } from "@/lib/said";
import { Figure } from "@/ui/figure";
import { useHere, useWhen } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Trouble, Waiting } from "@/ui/state";
import css from "./page.module.css";

interface Alert {
  key: string;
  said: ReactNode;
}

/** More than these are shown when somebody asks for them. */
const MOST = 5;

export function Alerts() {
  const m = useMessages();
  const locale = useLocale();
  const mayImport = useMay("import");
  const [isAll, setAll] = useState(false);
  const { alerts, error, isWaiting, isWhole } = useAlerts(mayImport);
  if (error) return <Trouble error={error} />;
  if (isWaiting) return <Waiting height={HEIGHT} />;
  if (alerts.length === 0) {
    if (!isWhole) return null;
    return <p className={css.quiet}>{mayImport ? m.alerts.calmSources : m.alerts.calm}</p>;
  }
  const shown = isAll ? alerts : alerts.slice(0, MOST);
  return (
    <Panel title={m.alerts.title}>
      <ul className={css.alerts}>
        {shown.map((alert) => (
          <li key={alert.key}>{alert.said}</li>
        ))}
      </ul>
      {shown.length < alerts.length ? (
        <p className={css.more}>
          <button type="button" onClick={() => setAll(true)}>
            {m.alerts.all(count(alerts.length, locale))}
          </button>
        </p>
      ) : null}
    </Panel>
  );
}

const HEIGHT = 150;

interface Found {
  alerts: Alert[];
  error: unknown;
  isWaiting: boolean;
  /** Whether nothing was kept from whoever asks. */
  isWhole: boolean;
}

/** Nothing is called right before all of it was asked. */
function useAlerts(mayImport: boolean): Found {
  const version = useVersion();
  const periods = useQuery(periodsQuery(version));
  const hasCloses = periods.data?.closes.some((one) => !one.reopened) ?? false;
  const restated = useQuery({
    ...restatedQuery(version),
    enabled: version !== undefined && hasCloses,
  });
  const isDemo = useBook()?.is_demo ?? false;
  const sources = useQuery({ ...sourcesIn(isDemo), enabled: mayImport });
  const { base, isKnown } = useWhen();
  const question = asked("stale", base);
  const stays = useAsk(isKnown ? question : null);
  const balances = useBalances(periods.data);
  const changed = useRestated(hasCloses ? restated.data : []);
  const late = useBehind(mayImport ? (sources.data?.sources ?? []) : []);
  const stale = useStale(rowsOf(stays.data), question);
  const all = [periods, stays, ...(hasCloses ? [restated] : []), ...(mayImport ? [sources] : [])];
  // Whoever sees some teams' rows only is not told of what is everybody's.
  const told = all.filter((query) => !isForbidden(query.error));
  return {
    alerts: [...balances, ...changed, ...late, ...stale],
    error: told.find((query) => query.isError && query.data === undefined)?.error ?? null,
    isWaiting: told.some((query) => query.data === undefined),
    isWhole: told.length === all.length,
  };
}

const isForbidden = (error: unknown) => error instanceof Refused && error.problem.status === 403;

function useBalances(of: Periods | undefined): Alert[] {
  const m = useMessages();
  const { address } = useHere();
  const off = of?.balances.filter((one) => !one.holds) ?? [];
  return off.map((one) => ({
    key: `balance ${one.seq}`,
    said: (
      <Link to="/periods" search={address} className={css.draft}>
        {m.alerts.balance(one.what, one.expected, one.found || "–")}
      </Link>
    ),
  }));
}

/** One sentence for each closed period, however many of its figures are others. */
function useRestated(of: readonly Restated[] | undefined): Alert[] {
  const m = useMessages();
  const locale = useLocale();
  const { address } = useHere();
  const all = of ?? [];
  const periods = [...new Set(all.map((one) => one.period))];
  return periods.map((period) => {
    const figures = all.filter((one) => one.period === period).length;
    return {
      key: `restated ${period}`,
      said: (
        <Link to="/periods" search={address} className={css.draft}>
          {m.alerts.restated(figures, count(figures, locale), period)}
        </Link>
      ),
    };
  });
}

interface Late {
  name: string;
  behind_days?: number | null;
}

function useBehind(of: readonly Late[]): Alert[] {
  const m = useMessages();
  const { address } = useHere();
  return of.flatMap(({ name, behind_days }) =>
    behind_days
      ? [
          {
            key: `source ${name}`,
            said: (
              <Link to="/health" search={{ ...address, source: name }} className={css.draft}>
                {m.intake.behind(name, behind_days)}
              </Link>
            ),
          },
        ]
      : [],
  );
}

function useStale(answer: Rows | undefined, question: Question): Alert[] {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const column = answer && columnOf(answer, "stale");
  if (!answer || !column) return [];
  return answer.rows.flatMap((row): Alert[] => {
    const late = partOf(cellOf(answer, row, "stale"));
    if (!late || nameOf(answer, row, "rule") !== PROMISED) return [];
    const stage = nameOf(answer, row, "stage");
    const limit = show(cellOf(answer, row, "limit"), "days", locale).text;
    return [
      {
        key: `stage ${stage}`,
        said: (
          <>
            <Figure
              cell={late}
              column={{ id: "stale", type: "count", means: column.means }}
              size="prose"
              isPart
              origin={{ question, column: "stale", row: [stage] }}
            />{" "}
            {m.alerts.stays(late, stageName(words, stage), limit)}
          </>
        ),
      },
    ];
  });
}

/** How many of a share there are, as its cell says it. */
const partOf = (cell: Cell | undefined): number | null =>
  isObject(cell) && typeof cell.part === "number" ? cell.part : null;
