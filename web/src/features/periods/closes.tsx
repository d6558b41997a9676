//! What was closed: by whom, why, and the figures as they were told; closing another, opening one
//! again.

import { useState } from "react";
import { type Close, close as closePeriod, reopen } from "@/api/periods";
import { useWords } from "@/lib/book";
import { newestOver, offered } from "@/lib/calendar";
import { day, exactly, isAmount } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Area, Button, Field, Form, Tick } from "@/ui/field";
import { Grid } from "@/ui/grid";
import { usePeriodName } from "@/ui/here";
import { Moment } from "@/ui/moment";
import { Sheet } from "@/ui/sheet";
import { Empty } from "@/ui/state";
import { Take } from "@/ui/take";
import { tell } from "@/ui/toast";
import css from "./page.module.css";

interface ClosesProps {
  of: readonly Close[];
  mayClose: boolean;
}

export function Closes({ of, mayClose }: ClosesProps) {
  const m = useMessages();
  const periodName = usePeriodName();
  const locale = useLocale();
  const [opening, setOpening] = useState<Close | null>(null);
  const lines = () => [
    [m.bar.period, m.periods.by, m.periods.figure, "", ""],
    // One line for each cell that was told, the newest close first, as on the page.
    ...[...of].reverse().flatMap((one) =>
      one.figures.flatMap((figure) =>
        figure.rows.flatMap((cells) => {
          const row = cells.length > 1 ? (cells[0] ?? "") : "";
          return cells
            .slice(cells.length > 1 ? 1 : 0)
            .map((cell, at) => [
              one.called,
              one.by,
              wordOf(figure.metric, m),
              [row, cells.length > 1 ? wordOf(figure.columns[at + 1] ?? "", m) : ""]
                .filter(Boolean)
                .join(" · "),
              isAmount(cell) ? exactly(cell, locale) : cell,
            ]);
        }),
      ),
    ),
  ];
  if (of.length === 0) {
    return <Empty title={m.periods.none}>{m.periods.noneText}</Empty>;
  }
  return (
    <>
      {[...of].reverse().map((one) => (
        <details key={one.seq} className={css.close} open={one === of.at(-1)}>
          <summary>
            <span className={css.name}>{periodName(one.called)}</span>
            <span className={css.told}>
              {one.by} · <Moment at={one.at} /> · {m.basis.asOf(String(one.as_of))}
              {one.reopened ? (
                <>
                  {" "}
                  · {m.periods.reopened} <Moment at={one.reopened.at} />
                </>
              ) : null}
            </span>
          </summary>
          <Inside of={one} />
          {mayClose && !one.reopened ? (
            <p className={css.acts}>
              <Button onClick={() => setOpening(one)}>{m.periods.reopen}</Button>
            </p>
          ) : null}
        </details>
      ))}
      <Take table="closed-periods" lines={lines} />
      {opening ? <ReopenSheet of={opening} close={() => setOpening(null)} /> : null}
    </>
  );
}

function Inside({ of }: { of: Close }) {
  const m = useMessages();
  const locale = useLocale();
  return (
    <>
      <p className={css.told}>
        {m.periods.days(day(of.from, locale), day(of.until, locale))}
        {of.shown_until ? (
          <>
            {" · "}
            {m.periods.shownUntil} <Moment at={of.shown_until} />
          </>
        ) : null}
      </p>
      {of.why ? <p className={css.why}>{of.why}</p> : null}
      {of.reopened ? (
        <p className={css.why} data-reopened={of.seq}>
          {m.periods.reopenedBy(of.reopened.by, of.reopened.why)}
        </p>
      ) : null}
      <div className={css.figures}>
        {of.figures.map((figure) => (
          <Figure key={figure.question} of={figure} />
        ))}
      </div>
    </>
  );
}

/** A figure as it was told: alone where it is one, else as the table that it was. */
function Figure({ of }: { of: Close["figures"][number] }) {
  const m = useMessages();
  const locale = useLocale();
  const [row, ...others] = of.rows;
  const name = wordOf(of.metric, m);
  if (row && others.length === 0 && row.length === 1) {
    return (
      <section className={css.figure}>
        <h4>{name}</h4>
        <p className={css.one}>{exactly(row[0] ?? "", locale)}</p>
      </section>
    );
  }
  const places = of.columns.map((_, at) => at).slice(1);
  return (
    <section className={`${css.figure} ${css.wide}`}>
      <h4>{name}</h4>
      <Grid label={name} head={of.columns.map((one) => wordOf(one, m))} right={places}>
        {of.rows.map((cells, at) => (
          <tr key={at}>
            {cells.map((cell, place) => (
              <td key={place} className={place > 0 ? css.number : ""}>
                {isAmount(cell) ? exactly(cell, locale) : cell}
              </td>
            ))}
          </tr>
        ))}
      </Grid>
    </section>
  );
}

export function CloseSheet({ close }: { close: () => void }) {
  const m = useMessages();
  const { periods } = useWords();
  const doing = useAct();
  // The newest period that is over is the likeliest to be closed.
  const all = offered(periods);
  const offers = [...all.quarters, ...all.months, ...all.years];
  const [period, setPeriod] = useState(newestOver(periods) ?? "");
  const [why, setWhy] = useState("");
  const [metrics, setMetrics] = useState("");
  const [isAnyway, setAnyway] = useState(false);
  const submit = () =>
    doing.run(async () => {
      const named = metrics.split("\n").map((one) => one.trim());
      const kept = await closePeriod({
        period: period.trim(),
        anyway: isAnyway,
        metrics: named.filter(Boolean),
        ...(why.trim() ? { why: why.trim() } : {}),
      });
      close();
      tell([m.periods.done(period.trim()), ...kept.notes].join(" "));
    });
  return (
    <Sheet title={m.periods.close} close={close}>
      <Form
        send={m.periods.closeDo}
        isBusy={doing.isBusy}
        error={doing.error}
        submit={() => void submit()}
        beside={
          <Button kind="quiet" onClick={close}>
            {m.settings.cancel}
          </Button>
        }
      >
        <p className={css.told}>{m.periods.closeMeans}</p>
        <Field
          label={m.bar.period}
          value={period}
          put={setPeriod}
          offers={offers}
          most={60}
          help={m.bar.customHelp}
          isRequired
        />
        <Area label={m.periods.why} value={why} put={setWhy} most={1000} rows={2} />
        <Area
          label={m.periods.metrics}
          value={metrics}
          put={setMetrics}
          most={2000}
          rows={3}
          help={m.periods.metricsHelp}
        />
        <Tick
          label={m.periods.anyway}
          value={isAnyway}
          put={setAnyway}
          help={m.periods.anywayHelp}
        />
      </Form>
    </Sheet>
  );
}

function ReopenSheet({ of, close }: { of: Close; close: () => void }) {
  const m = useMessages();
  const doing = useAct();
  const [why, setWhy] = useState("");
  const submit = () =>
    doing.run(async () => {
      await reopen({ period: `${of.from}..${of.until}`, why: why.trim() });
      close();
      tell(m.periods.reopenedToast(of.called));
    });
  return (
    <Sheet title={m.periods.reopenAsk(of.called)} close={close}>
      <Form
        send={m.periods.reopen}
        isBusy={doing.isBusy}
        isOff={why.trim() === ""}
        error={doing.error}
        submit={() => void submit()}
        beside={
          <Button kind="quiet" onClick={close}>
            {m.settings.cancel}
          </Button>
        }
      >
        <p className={css.told}>{m.periods.reopenMeans}</p>
        <Area label={m.periods.why} value={why} put={setWhy} most={1000} rows={2} isRequired />
      </Form>
    </Sheet>
  );
}
