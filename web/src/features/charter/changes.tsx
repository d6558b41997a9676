//! What a draft changes, definition by definition: the words that go and the words that come.

import type { Changed } from "@/api/charter";
import { words as difference } from "@/lib/diff";
import { saidAs, useMessages } from "@/lib/i18n";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/state";
import css from "./page.module.css";

export function Changes({ changes }: { changes: readonly Changed[] }) {
  const m = useMessages();
  const all = [...new Set(changes.map((change) => change.what))];
  const title = all.length === 0 ? m.charter.changes : m.charter.changesOf(all.length);
  return (
    <Panel title={title} means={m.charter.changesMeans}>
      {all.length === 0 ? <Empty title={m.charter.sameWords} /> : null}
      {all.map((what) => {
        const of = changes.filter((change) => change.what === what);
        const [first] = of;
        return (
          <article key={what} className={css.definition}>
            <div className={css.margin} data-side={first?.decides ?? "joint"}>
              <span className={css.side} data-side={first?.decides ?? "joint"}>
                {first?.decides
                  ? m.charter.decides(m.side[first.decides as keyof typeof m.side])
                  : m.side.joint}
              </span>
              {first?.may_concede ? <span>{m.charter.mayConcede}</span> : null}
            </div>
            <div>
              <h4>
                {what}{" "}
                {first && !first.part ? (
                  <span className={css.kind}>{m.charter.kinds[first.kind] ?? first.kind}</span>
                ) : null}
              </h4>
              <dl className={css.parts}>
                {of.map((change, at) => (
                  <div key={at}>
                    <dt>{change.part ? (m.charter.partNames[change.part] ?? change.part) : ""}</dt>
                    <dd>
                      <Words was={change.was ?? ""} is={change.is ?? ""} />
                    </dd>
                  </div>
                ))}
              </dl>
              <Figures of={of} />
            </div>
          </article>
        );
      })}
    </Panel>
  );
}

function Figures({ of }: { of: readonly Changed[] }) {
  const m = useMessages();
  const figures = [...new Set(of.flatMap((change) => change.figures))];
  if (figures.length === 0) return <p className={css.rests}>{m.charter.wordsAlone}</p>;
  return (
    <p className={css.rests}>
      {m.charter.rests(figures.map((one) => saidAs(m.lists.figures, one)).join(", "))}
    </p>
  );
}

/** Two wordings in one: what goes is struck out, what comes is underlined. */
export function Words({ was, is }: { was: string; is: string }) {
  return (
    <span className={css.difference}>
      {difference(was, is).map((piece, at) => {
        if (piece.kind === "out") return <del key={at}>{piece.text}</del>;
        if (piece.kind === "in") return <ins key={at}>{piece.text}</ins>;
        return <span key={at}>{piece.text}</span>;
      })}
    </span>
  );
}
