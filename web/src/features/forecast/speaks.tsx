//! Who speaks of each figure, the model or a plain rule, and why; and what else the answer notes.

import type { Reply } from "@/api/queries";
import type { Question } from "@/lib/address";
import { othersIn, speaksIn } from "@/lib/forecast";
import { type Messages, useMessages } from "@/lib/i18n";
import { noteOf } from "@/lib/i18n/templated";
import { Panel } from "@/ui/panel";
import css from "./page.module.css";

/** A sentence in which plain rules are called as on the page, and not by their words in answers. */
const named = (text: string, { forecast, lists }: Messages): string =>
  Object.entries(forecast.voices)
    .filter(([id]) => id.includes("_"))
    .reduce((said, [id, name]) => said.replaceAll(id, lists.quoted(name)), text);

/** So many other notes are read here; all of them stand at the foot. */
const MOST = 3;

export function Speaks({ reply, question }: { reply: Reply; question: Question }) {
  const m = useMessages();
  const said = (["value", "deals"] as const).flatMap((figure) => {
    const note = speaksIn(reply.notes, figure);
    return note === undefined ? [] : [{ figure, note }];
  });
  return (
    <Panel title={m.forecast.speaks} means={m.forecast.speaksMeans} rests={{ reply, question }}>
      <dl className={css.speaks}>
        {said.map(({ figure, note }) => (
          <div key={figure}>
            <dt>{m.forecast.figures[figure]}</dt>
            <dd>{named(noteOf(note, m), m)}</dd>
          </div>
        ))}
      </dl>
      <ul className={css.notes}>
        {othersIn(reply.notes)
          .slice(0, MOST)
          .map((note) => (
            <li key={note}>{noteOf(note, m)}</li>
          ))}
      </ul>
    </Panel>
  );
}
