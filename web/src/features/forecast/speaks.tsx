//! Who speaks of each figure, the model or a plain rule, and why; and what else the answer notes.

import type { Reply } from "@/api/queries";
import type { Question } from "@/lib/address";
import { othersIn, speaksIn } from "@/lib/forecast";
import { useMessages } from "@/lib/i18n";
import { noteOf } from "@/lib/i18n/templated";
import { Panel } from "@/ui/panel";
import css from "./page.module.css";

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
            <dd>{noteOf(note, m)}</dd>
          </div>
        ))}
      </dl>
      <ul className={css.notes}>
        {othersIn(reply.notes).map((note) => (
          <li key={note}>{noteOf(note, m)}</li>
        ))}
      </ul>
    </Panel>
  );
}
