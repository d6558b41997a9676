//! Metrics: what each means, what it is, how it moved and why.

import { useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { type Metric, metricsQuery } from "@/api/queries";
import { meansOf, saidAs, useMessages, wordOf } from "@/lib/i18n";
import { useHere } from "@/ui/here";
import { Page, Sentence } from "@/ui/page";
import { useSearched } from "@/ui/searched";
import { Answered, Empty } from "@/ui/state";
import { Chosen } from "./chosen";
import css from "./page.module.css";

const FIRST = "win_rate";

export function MetricsPage() {
  const m = useMessages();
  const { address } = useHere();
  const query = useQuery(metricsQuery);
  const of = address.of ?? FIRST;
  const name = of.split(":")[0] ?? of;
  return (
    <Page question={m.metrics.question} sentence={<Sentence hasCurrency />}>
      <Answered query={query} height={600}>
        {(metrics) => {
          const metric = metrics.find((one) => one.name === name);
          return (
            <div className={css.split}>
              <Catalogue metrics={metrics} now={name} />
              <div className={css.chosen}>
                {metric ? (
                  <Chosen key={of} metric={metric} of={of} />
                ) : (
                  <Empty title={m.metrics.none} />
                )}
              </div>
            </div>
          );
        }}
      </Answered>
    </Page>
  );
}

function Catalogue({ metrics, now }: { metrics: Metric[]; now: string }) {
  const m = useMessages();
  const { go } = useHere();
  const [text, setText] = useSearched();
  const wanted = useDeferredValue(text).trim().toLowerCase();
  const fits = (metric: Metric) =>
    !wanted ||
    wordOf(metric.name, m).toLowerCase().includes(wanted) ||
    meansOf(metric, m).toLowerCase().includes(wanted);
  const shown = metrics.filter(fits);
  const subjects = [...new Set(shown.map((metric) => metric.subject))];
  return (
    <nav className={`${css.catalogue} screen-only`} aria-label={m.metrics.catalogue}>
      <input
        type="search"
        className={css.search}
        value={text}
        placeholder={m.metrics.search}
        aria-label={m.metrics.search}
        maxLength={80}
        onChange={(event) => setText(event.target.value)}
      />
      <div className={css.subjects}>
        {shown.length === 0 ? <p className={css.none}>{m.metrics.none}</p> : null}
        {subjects.map((subject) => (
          <section key={subject}>
            <h2>{saidAs(m.lists.subjects, subject)}</h2>
            <ul>
              {shown
                .filter((metric) => metric.subject === subject)
                .map((metric) => (
                  <li key={metric.name}>
                    <button
                      type="button"
                      className={css.metric}
                      aria-current={metric.name === now ? "true" : undefined}
                      data-tip={meansOf(metric, m)}
                      onClick={() => go({ of: metric.name, rec: "" })}
                    >
                      {wordOf(metric.name, m)}
                    </button>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </nav>
  );
}
