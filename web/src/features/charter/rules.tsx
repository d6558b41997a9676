//! Everything that the charter defines: its words and its rules, who decides it, and the figures
//! that rest on it.

import { useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { type Defined, documentQuery } from "@/api/charter";
import { saidAs, useMessages, wordOf } from "@/lib/i18n";
import { Field } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { useSearched } from "@/ui/searched";
import { Answered, Empty } from "@/ui/state";
import { Termed } from "@/ui/termed";
import css from "./page.module.css";

/** Parts that are rules, which read best as they are written. */
const isRule = (part: string) => /rule|condition|when|filter/.test(part);

export function Rules() {
  const m = useMessages();
  const query = useQuery(documentQuery);
  const [text, setText] = useSearched();
  const wanted = useDeferredValue(text).trim().toLowerCase();
  const fits = (one: Defined) =>
    !wanted ||
    one.what.toLowerCase().includes(wanted) ||
    one.parts.some(({ words }) => words.toLowerCase().includes(wanted));
  return (
    <Panel title={m.charter.rules} means={m.charter.rulesMeans}>
      <div className={css.tools}>
        <Field
          label={m.charter.findRule}
          type="search"
          value={text}
          put={setText}
          placeholder={m.charter.findRuleExample}
          most={80}
        />
      </div>
      <Answered query={query} height={600}>
        {({ definitions }) => {
          const shown = definitions.filter(fits);
          if (shown.length === 0) return <Empty title={m.charter.noRule} />;
          const files = [...new Set(shown.map((one) => one.file))];
          return (
            <>
              {files.map((file) => (
                <section key={file} className={css.file}>
                  <h3>
                    {m.charter.fileNames[file] ?? wordOf(file, m)} <code>{file}.toml</code>
                  </h3>
                  {shown
                    .filter((one) => one.file === file)
                    .map((one) => (
                      <Definition key={one.what} of={one} />
                    ))}
                </section>
              ))}
            </>
          );
        }}
      </Answered>
    </Panel>
  );
}

function Definition({ of }: { of: Defined }) {
  const m = useMessages();
  return (
    <article className={css.definition}>
      <div className={css.margin} data-side={of.decides ?? "joint"}>
        <span className={css.side} data-side={of.decides ?? "joint"}>
          {of.decides ? m.charter.decides(m.side[of.decides as keyof typeof m.side]) : m.side.joint}
        </span>
        {of.may_concede ? <span>{m.charter.mayConcede}</span> : null}
      </div>
      <div>
        <h4>{of.what}</h4>
        <dl className={css.parts}>
          {of.parts.map(({ part, words }) => (
            <div key={part}>
              <dt>{m.charter.partNames[part] ?? part}</dt>
              <dd>{isRule(part) ? <code>{words}</code> : <Termed>{words}</Termed>}</dd>
            </div>
          ))}
        </dl>
        {of.figures.length > 0 ? (
          <p className={css.rests}>
            {m.charter.rests(of.figures.map((one) => saidAs(m.lists.figures, one)).join(", "))}
          </p>
        ) : null}
      </div>
    </article>
  );
}
