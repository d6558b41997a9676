//! A source was saved. What the charter needs to count its rows: a first charter that is drafted and put
//! into force here, or words that a charter which is there lacks.

import { Link } from "@tanstack/react-router";
import { begin, type Saved } from "@/api/intake";
import { useBook, useMay } from "@/api/queries";
import { type Address, kept } from "@/lib/address";
import { useMessages } from "@/lib/i18n";
import { actsCss, useActing } from "@/ui/acts";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Trouble } from "@/ui/state";
import { forgetSaved } from "./saved";
import css from "./wizard.module.css";

export function Founded({ saved }: { saved: Saved }) {
  const m = useMessages();
  const { go } = useHere();
  const { charter } = saved;
  const onward = () => go({ step: "import", source: saved.source });
  return (
    <>
      <Panel title={m.wizard.saved(saved.source)} means={saved.written.join(", ")}>
        <p>{m.wizard.charters[charter.state]}</p>
        {charter.without_stages ? <p className={css.alert}>{m.wizard.withoutStages}</p> : null}
        <p className={actsCss.acts}>
          <button
            type="button"
            className={`${actsCss.button} ${charter.state === "drafted" ? "" : actsCss.main}`}
            onClick={onward}
          >
            {m.wizard.importInto(saved.source)}
          </button>
        </p>
      </Panel>
      {charter.state === "lacks" && charter.attributes ? (
        <Panel
          title={m.wizard.lacks}
          means={m.wizard.lacksMeans}
          actions={
            <Link
              to="/charter"
              search={(now: Address) => ({ ...kept(now), tab: "drafts" })}
              className={actsCss.button}
            >
              {m.wizard.toDrafts}
            </Link>
          }
        >
          <pre className={css.code}>{charter.attributes}</pre>
        </Panel>
      ) : null}
      {charter.state === "drafted" ? <First saved={saved} onward={onward} /> : null}
    </>
  );
}

/** The first charter of a book, to be read before it holds. */
function First({ saved, onward }: { saved: Saved; onward: () => void }) {
  const m = useMessages();
  const isThere = Boolean(useBook()?.charter);
  const may = [useMay("settings"), useMay("propose")].every(Boolean);
  const { error, isActing, run } = useActing();
  const put = async () => {
    if (!(await run(() => begin(saved.charter.files)))) return;
    forgetSaved(saved.source);
    onward();
  };
  return (
    <Panel title={m.wizard.firstCharter} means={m.wizard.firstCharterMeans}>
      {saved.charter.files.map((file) => (
        <details key={file.path} className={css.file}>
          <summary>
            <code>{file.path}</code>
          </summary>
          <pre className={css.code}>{file.text}</pre>
        </details>
      ))}
      {error ? <Trouble error={error} /> : null}
      <p className={actsCss.acts}>
        <button
          type="button"
          className={`${actsCss.button} ${actsCss.main}`}
          disabled={isActing || isThere || !may}
          onClick={() => void put()}
        >
          {m.wizard.begin}
        </button>
        {may ? null : <span className={css.quiet}>{m.wizard.mayNotBegin}</span>}
      </p>
    </Panel>
  );
}
