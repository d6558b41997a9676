//! What a metric is told behind its name: a stage, a handoff, a kind of spend. What may be left out is
//! left out by choosing all.

import { type FormEvent, useState } from "react";
import type { Metric, Parameter } from "@/api/queries";
import { useWords, type Words } from "@/lib/book";
import { type Messages, useMessages, wordOf } from "@/lib/i18n";
import { useHere } from "@/ui/here";
import css from "./chosen.module.css";

/** The words that a parameter takes, and what people call them; none where any text may be told. */
function choices(one: Parameter, words: Words, m: Messages): { id: string; name: string }[] {
  if (one.takes === "stage") {
    const path = words.stages.filter((stage) => stage.role === "path" || stage.role === "won");
    return path.map(({ id, name }) => ({ id, name }));
  }
  if (one.takes === "handoff") return words.handoffs.map((id) => ({ id, name: id }));
  return one.choices.map((id) => ({ id, name: wordOf(id, m) }));
}

export function Parameters({ metric, given }: { metric: Metric; given: string[] }) {
  const m = useMessages();
  const words = useWords();
  const { go } = useHere();
  const wanted = metric.parameters;
  const first = (one: Parameter, at: number) =>
    one.is_optional ? "" : (choices(one, words, m)[at]?.id ?? "");
  const [said, setSaid] = useState(() => wanted.map((one, at) => given[at] ?? first(one, at)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // What is left out ends the name: a later word would be taken for it.
    const told = said.indexOf("");
    go({ of: [metric.name, ...(told < 0 ? said : said.slice(0, told))].join(":") });
  };
  return (
    <form className={css.parameters} onSubmit={submit}>
      {wanted.map((one, at) => {
        const offered = choices(one, words, m);
        const put = (text: string) =>
          setSaid(said.map((old, place) => (place === at ? text : old)));
        const name = wordOf(one.name.toLowerCase(), m);
        return (
          <label key={one.name}>
            <span>{name}</span>
            {offered.length > 0 ? (
              <select value={said[at]} onChange={(event) => put(event.target.value)}>
                {one.is_optional ? <option value="">{m.metrics.allOf}</option> : null}
                {offered.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            ) : (
              <input
                value={said[at]}
                required={!one.is_optional}
                inputMode={one.takes === "number" ? "numeric" : "text"}
                maxLength={80}
                onChange={(event) => put(event.target.value)}
              />
            )}
          </label>
        );
      })}
      <button type="submit">{m.bar.apply}</button>
    </form>
  );
}
