//! The charter: what both teams agreed that their words mean, as a document.

import { useBook } from "@/api/queries";
import { stageName, useWords } from "@/lib/book";
import { show } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { useHere } from "@/ui/here";
import { Page, Tabs } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/state";
import css from "./page.module.css";

const TABS = ["stages", "words", "teams"] as const;

export function CharterPage() {
  const m = useMessages();
  const { address, go } = useHere();
  const book = useBook();
  const charter = book?.charter;
  const now = TABS.find((tab) => tab === address.tab) ?? "stages";
  const tabs = TABS.map((id) => ({ id, name: m.charter[id] }));
  const hash = charter?.hash.replace(/^\w+:/, "").slice(0, 12) ?? "";
  return (
    <Page
      question={m.charter.question}
      sentence={charter ? <span>{m.charter.inForce(`${charter.name} · ${hash}`)}</span> : null}
      tabs={
        <Tabs
          tabs={tabs}
          now={now}
          put={(id) => go({ tab: id === "stages" ? "" : id })}
          label={m.nav.charter}
        />
      }
    >
      {book && !charter ? <Empty title={m.charter.none}>{m.charter.noneText}</Empty> : null}
      {charter && now === "stages" ? <Stages /> : null}
      {charter && now === "words" ? <Lexicon /> : null}
      {charter && now === "teams" ? <Teams /> : null}
    </Page>
  );
}

function Stages() {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  return (
    <Panel title={m.charter.stages} means={m.charter.stagesMeans}>
      <ol className={css.stages}>
        {words.stages.map((stage) => (
          <li key={stage.id} id={stage.id} data-side={stage.side ?? "unknown"}>
            <div className={css.margin}>
              <span className={css.side} data-side={stage.side ?? "unknown"}>
                {m.side[(stage.side ?? "unknown") as keyof typeof m.side]}
              </span>
              {stage.team ? <span>{stage.team}</span> : null}
              <span>{m.charter.roles[stage.role] ?? stage.role}</span>
            </div>
            <div>
              <h3>
                {stage.name} <code>{stage.id}</code>
              </h3>
              <p className={css.prose}>{stage.means.trim()}</p>
              {stage.max_days === null ? null : (
                <p className={css.promise}>
                  ◷ {m.funnel.limit(show({ days: stage.max_days }, "days", locale).text)}
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Lexicon() {
  const m = useMessages();
  const words = useWords();
  return (
    <Panel title={m.charter.words} means={m.charter.wordsMeans}>
      <dl className={css.terms}>
        {words.terms.map((term) => (
          <div key={term.word}>
            <dt>{term.word}</dt>
            <dd className={css.prose}>{term.means}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Teams() {
  const m = useMessages();
  const words = useWords();
  return (
    <Panel title={m.charter.teams} means={m.charter.teamsMeans}>
      <dl className={css.terms}>
        {words.teams.map((team) => (
          <div key={team.id}>
            <dt>{team.id}</dt>
            <dd className={css.side} data-side={team.side}>
              {m.side[team.side as keyof typeof m.side] ?? team.side}
              <span className={css.owns}>
                {words.stages
                  .filter((stage) => stage.team === team.id)
                  .map((stage) => stageName(words, stage.id))
                  .join(", ")}
              </span>
            </dd>
          </div>
        ))}
        {words.handoffs.length > 0 ? (
          <div>
            <dt>{m.charter.handoffs}</dt>
            <dd>{words.handoffs.map((name) => wordOf(name, m)).join(", ")}</dd>
          </div>
        ) : null}
        {words.models.length > 0 ? (
          <div>
            <dt>{m.charter.models}</dt>
            <dd>{words.models.map((name) => wordOf(name, m)).join(", ")}</dd>
          </div>
        ) : null}
      </dl>
    </Panel>
  );
}
