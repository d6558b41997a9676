//! The stages of the one funnel, whose each is, and what each means.

import { useWords } from "@/lib/book";
import { show } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { Panel } from "@/ui/panel";
import { Termed } from "@/ui/termed";
import css from "./page.module.css";

export function Stages() {
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
              <p className={css.prose}>
                <Termed>{stage.means.trim()}</Termed>
              </p>
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
