//! The lexicon, and whose stages are whose.

import { stageName, useWords } from "@/lib/book";
import { useMessages, wordOf } from "@/lib/i18n";
import { Panel } from "@/ui/panel";
import { Termed } from "@/ui/termed";
import css from "./page.module.css";
import { Signers } from "./signers";

export function Lexicon() {
  const m = useMessages();
  const words = useWords();
  return (
    <Panel title={m.charter.words} means={m.charter.wordsMeans}>
      <dl className={css.terms}>
        {words.terms.map((term) => (
          <div key={term.word}>
            <dt>{term.word}</dt>
            <dd className={css.prose}>
              <Termed>{term.means}</Termed>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

export function Teams() {
  const m = useMessages();
  const words = useWords();
  return (
    <>
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
      <Signers />
    </>
  );
}
