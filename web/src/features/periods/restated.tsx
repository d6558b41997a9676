//! Figures of closed periods that are others now, each with its causes; they sum to the whole.

import { useQuery } from "@tanstack/react-query";
import { type Restated, restatedQuery } from "@/api/periods";
import { useVersion } from "@/api/queries";
import { exactly } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { saidIn } from "@/lib/i18n/templated";
import { Grid } from "@/ui/grid";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import { Take } from "@/ui/take";
import css from "./page.module.css";

export function Restatements() {
  const m = useMessages();
  const query = useQuery(restatedQuery(useVersion()));
  return (
    <Panel title={m.periods.restated} means={m.periods.restatedMeans}>
      <Answered query={query} height={200}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={m.periods.unrestated}>{m.periods.unrestatedText}</Empty>
          ) : (
            <Rows of={all} />
          )
        }
      </Answered>
    </Panel>
  );
}

function Rows({ of }: { of: readonly Restated[] }) {
  const m = useMessages();
  const locale = useLocale();
  const causeOf = (cause: Restated["causes"][number]) => {
    const moved = cause.by
      ? exactly(cause.by, locale)
      : `${exactly(cause.was, locale)} → ${exactly(cause.is, locale)}`;
    return `${m.metrics.causes[cause.cause] ?? wordOf(cause.cause, m)}: ${moved}`;
  };
  const figureOf = (one: Restated) =>
    [one.row, one.column === one.metric ? "" : wordOf(one.column, m)].filter(Boolean).join(" · ");
  const head = [
    m.bar.period,
    m.periods.figure,
    m.periods.was,
    m.periods.is,
    m.periods.moved,
    m.periods.because,
  ];
  const lines = () => [
    head,
    ...of.map((one) => [
      one.period,
      [wordOf(one.metric, m), figureOf(one)].filter(Boolean).join(" · "),
      ...[one.was, one.is, one.by ?? ""].map((text) => exactly(text, locale) || "–"),
      one.causes.map(causeOf).join("; "),
    ]),
  ];
  return (
    <>
      <Grid label={m.periods.restated} head={head} right={[2, 3, 4]}>
        {of.map((one, at) => (
          <tr key={at}>
            <th scope="row">{one.period}</th>
            <td>
              {wordOf(one.metric, m)}
              <span className={css.under}>{figureOf(one)}</span>
            </td>
            <td className={css.number}>{exactly(one.was, locale)}</td>
            <td className={css.number}>{exactly(one.is, locale)}</td>
            <td className={css.number}>{one.by ? exactly(one.by, locale) : "–"}</td>
            <td>
              <ul className={css.causes}>
                {one.causes.map((cause) => (
                  <li key={cause.cause} data-tip={saidIn(m.lists.notes, cause.means)}>
                    {causeOf(cause)}
                  </li>
                ))}
              </ul>
            </td>
          </tr>
        ))}
      </Grid>
      <Take table="restatements" lines={lines} />
    </>
  );
}
