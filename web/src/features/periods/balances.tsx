//! Balances that somebody vouches for, each held against the book.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Balance, retract, vouch } from "@/api/periods";
import { metricsQuery } from "@/api/queries";
import { useWords } from "@/lib/book";
import { newestOver, offered } from "@/lib/calendar";
import { exactly, moment } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { typed } from "@/lib/typed";
import { useAct } from "@/ui/act";
import { Area, Button, Field, Form, Pair } from "@/ui/field";
import { Acts, Grid } from "@/ui/grid";
import { Moment } from "@/ui/moment";
import { Panel } from "@/ui/panel";
import { Sheet } from "@/ui/sheet";
import { Empty } from "@/ui/state";
import { Take } from "@/ui/take";
import { tell } from "@/ui/toast";
import css from "./page.module.css";

interface BalancesProps {
  of: readonly Balance[];
  mayVouch: boolean;
}

export function Balances({ of, mayVouch }: BalancesProps) {
  const m = useMessages();
  const locale = useLocale();
  const { zone } = useWords();
  const [isVouching, setVouching] = useState(false);
  const [leaving, setLeaving] = useState<Balance | null>(null);
  const button = mayVouch ? (
    <Button onClick={() => setVouching(true)}>{m.periods.vouch}</Button>
  ) : null;
  const head = [
    m.periods.what,
    m.periods.expected,
    m.periods.found,
    m.periods.stands,
    m.periods.by,
    ...(mayVouch ? [""] : []),
  ];
  const lines = () => [
    head.filter(Boolean),
    ...of.map((one) => [
      one.what,
      exactly(one.expected, locale),
      exactly(one.found, locale) || "–",
      one.holds ? m.periods.holds : m.periods.holdsNot,
      `${one.by} · ${moment(one.at, locale, zone)}`,
    ]),
  ];
  return (
    <Panel title={m.periods.balances} means={m.periods.balancesMeans} actions={button}>
      {of.length === 0 ? (
        <Empty title={m.periods.noBalance}>{m.periods.noBalanceText}</Empty>
      ) : (
        <>
          <Grid label={m.periods.balances} head={head} right={[1, 2]}>
            {of.map((one) => (
              <tr key={one.seq}>
                <th scope="row">{one.what}</th>
                <td className={css.number}>{exactly(one.expected, locale)}</td>
                <td className={css.number}>{exactly(one.found, locale) || "–"}</td>
                <td className={one.holds ? "" : css.alert}>
                  {one.holds ? m.periods.holds : m.periods.holdsNot}
                </td>
                <td>
                  {one.by}
                  <span className={css.under}>
                    <Moment at={one.at} />
                  </span>
                </td>
                {mayVouch ? (
                  <Acts>
                    <button type="button" onClick={() => setLeaving(one)}>
                      {m.periods.retract}
                    </button>
                  </Acts>
                ) : null}
              </tr>
            ))}
          </Grid>
          <Take table="balances" lines={lines} />
        </>
      )}
      {isVouching ? <VouchSheet close={() => setVouching(false)} /> : null}
      {leaving ? <RetractSheet of={leaving} close={() => setLeaving(null)} /> : null}
    </Panel>
  );
}

function VouchSheet({ close }: { close: () => void }) {
  const m = useMessages();
  const locale = useLocale();
  const { periods } = useWords();
  const doing = useAct();
  const metrics = useQuery(metricsQuery).data ?? [];
  const all = offered(periods);
  const [metric, setMetric] = useState("revenue");
  const [period, setPeriod] = useState(newestOver(periods) ?? "");
  const [value, setValue] = useState("");
  const submit = () =>
    doing.run(async () => {
      const said = await vouch(`${metric.trim()} ${period.trim()} = ${typed(value, locale)}`);
      close();
      tell(
        said.holds ? m.periods.vouched : m.periods.vouchedNot(exactly(said.found, locale) || "–"),
      );
    });
  return (
    <Sheet title={m.periods.vouch} close={close}>
      <Form
        send={m.periods.vouchDo}
        isBusy={doing.isBusy}
        error={doing.error}
        submit={() => void submit()}
        beside={
          <Button kind="quiet" onClick={close}>
            {m.settings.cancel}
          </Button>
        }
      >
        <p className={css.told}>{m.periods.vouchMeans}</p>
        <Pair>
          <Field
            label={m.periods.metric}
            value={metric}
            put={setMetric}
            offers={metrics.map((one) => one.name)}
            most={120}
            isRequired
          />
          <Field
            label={m.bar.period}
            value={period}
            put={setPeriod}
            offers={[...all.quarters, ...all.months, ...all.years]}
            most={60}
            isRequired
          />
        </Pair>
        <Field
          label={m.periods.value}
          value={value}
          put={setValue}
          most={120}
          placeholder={m.periods.valueExample}
          help={m.periods.valueHelp}
          isRequired
        />
      </Form>
    </Sheet>
  );
}

function RetractSheet({ of, close }: { of: Balance; close: () => void }) {
  const m = useMessages();
  const doing = useAct();
  const [why, setWhy] = useState("");
  const submit = () =>
    doing.run(async () => {
      await retract({ seq: of.seq, why: why.trim() });
      close();
      tell(m.periods.retracted);
    });
  return (
    <Sheet title={m.periods.retractAsk(of.what)} close={close}>
      <Form
        send={m.periods.retract}
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
        <Area label={m.periods.why} value={why} put={setWhy} most={1000} rows={2} isRequired />
      </Form>
    </Sheet>
  );
}
