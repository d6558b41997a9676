//! Sources: what each has brought, what became of its rows, and how far it is behind.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { isAbsent } from "@/api/client";
import { type Source, sourcesIn } from "@/api/intake";
import { useBook } from "@/api/queries";
import { kept } from "@/lib/address";
import { useWords } from "@/lib/book";
import { count, day, moment } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { actsCss } from "@/ui/acts";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import { Reasons, Share } from "./counts";
import css from "./intake.module.css";

export function Sources() {
  const m = useMessages();
  const query = useQuery(sourcesIn(useBook()?.is_demo ?? false));
  const bring = (
    <Link to="/health/import" search={kept} className={`${actsCss.button} ${actsCss.main}`}>
      {m.intake.bring}
    </Link>
  );
  if (isAbsent(query.error)) return null;
  return (
    <Answered query={query} height={220}>
      {({ sources }) => (
        <Panel
          title={finding(sources, m)}
          means={m.health.sourcesMeans}
          actions={sources.length > 0 ? bring : null}
        >
          {sources.length === 0 ? (
            <Empty title={m.health.none} action={bring}>
              {m.intake.noneText}
            </Empty>
          ) : (
            <Table sources={sources} />
          )}
        </Panel>
      )}
    </Answered>
  );
}

/** Which source is behind, if one is; else that all are there. */
function finding(sources: readonly Source[], m: ReturnType<typeof useMessages>): string {
  const late = [...sources].sort((a, b) => (b.behind_days ?? 0) - (a.behind_days ?? 0))[0];
  if (!late?.behind_days) return m.health.sources;
  return m.intake.behind(late.name, late.behind_days);
}

function Table({ sources }: { sources: readonly Source[] }) {
  const m = useMessages();
  const { address, go } = useHere();
  const chosen = sources.find((source) => source.name === address.source);
  return (
    <>
      <div className={css.frame} tabIndex={0} role="region" aria-label={m.health.sources}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{m.health.source}</th>
              <th scope="col">{m.health.last}</th>
              <th scope="col">{m.intake.seen}</th>
              <th scope="col" className={css.figure}>
                {m.health.read}
              </th>
              <th scope="col" className={css.figure}>
                {m.health.mapped}
              </th>
              <th scope="col" className={css.figure}>
                {m.health.reference}
              </th>
              <th scope="col" className={css.figure}>
                {m.health.ignored}
              </th>
              <th scope="col" className={css.figure} data-tip={m.intake.asideMeans}>
                {m.health.aside}
              </th>
            </tr>
          </thead>
          <tbody>
            {sources.map((source) => (
              <Row
                key={source.name}
                source={source}
                isChosen={source === chosen}
                choose={() =>
                  go({ source: source === chosen ? "" : source.name }, { replace: true })
                }
              />
            ))}
          </tbody>
        </table>
      </div>
      {chosen ? <Chosen source={chosen} /> : null}
    </>
  );
}

interface RowProps {
  source: Source;
  isChosen: boolean;
  choose: () => void;
}

function Row({ source, isChosen, choose }: RowProps) {
  const m = useMessages();
  const locale = useLocale();
  const { zone } = useWords();
  const { rows, last_import: last } = source;
  const cell = (n: number) => (
    <td className={`${css.figure} ${n === 0 ? css.quiet : ""}`}>{count(n, locale)}</td>
  );
  return (
    <tr aria-current={isChosen ? "true" : undefined}>
      <th scope="row">
        <button type="button" className={css.name} aria-expanded={isChosen} onClick={choose}>
          {source.name}
        </button>
        {source.receiving ? <span className={css.live}> ● {m.intake.receiving}</span> : null}
        <Share counts={rows} />
      </th>
      <td>
        {last ? moment(last.started_at, locale, zone) : "–"}
        {last && last.state !== "whole" ? (
          <small className={css.state} data-state={last.state}>
            {m.intake.importStates[last.state]}
          </small>
        ) : null}
      </td>
      <td>
        {source.observed_until ? seen(source.observed_until, locale, zone) : "–"}
        <small className={css.quiet}>
          {source.behind_days == null
            ? ""
            : source.behind_days === 0
              ? m.intake.current
              : m.intake.days(source.behind_days)}
          {source.is_declared ? ` · ${m.intake.declared}` : ""}
        </small>
      </td>
      {cell(rows.rows)}
      {cell(rows.mapped)}
      {cell(rows.reference)}
      {cell(rows.ignored)}
      {cell(source.open_set_aside)}
    </tr>
  );
}

/** A day where it is one, else the instant in the book's zone. */
const seen = (text: string, locale: ReturnType<typeof useLocale>, zone: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) ? day(text, locale) : moment(text, locale, zone);

/** What a source is made of, and why rows of it do not count. */
function Chosen({ source }: { source: Source }) {
  const m = useMessages();
  return (
    <section className={css.chosen} aria-label={source.name}>
      <div>
        <h4>{m.intake.streams}</h4>
        <ul>
          {source.streams.map((stream) => (
            <li key={stream.name}>
              <strong>{stream.name}</strong>{" "}
              {stream.files.length > 0 ? <code>{stream.files.join(", ")}</code> : null}{" "}
              <span className={css.quiet}>
                {stream.is_reference ? m.intake.kinds.reference : stream.facts.join(", ")}
                {stream.takes_events ? ` · ${m.intake.takesEvents}` : ""}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <Reasons title={m.intake.asideBy} of={source.rows.set_aside_by} />
      <Reasons title={m.intake.ignoredBy} of={source.rows.ignored_by} />
    </section>
  );
}
