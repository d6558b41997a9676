//! Every line of a journey, in order, as text: what the drawing shows, for reading and copying. The one
//! that a mark led to is in view and marked.

import { useEffect, useRef } from "react";
import { cellOf, nameOf, type Rows } from "@/lib/answer";
import { stageName, useWords } from "@/lib/book";
import { isMoney } from "@/lib/cell";
import { moment, money } from "@/lib/format";
import { type Messages, saidAs, useLocale, useMessages, wordOf } from "@/lib/i18n";
import { detailOf, issueOf } from "@/lib/i18n/templated";
import { codesIn, personOf, sideOf } from "@/lib/journey";
import { HAPPENED } from "@/lib/said";
import type { Issue } from "./flags";
import css from "./lines.module.css";

interface LinesProps {
  answer: Rows;
  issues: readonly Issue[];
  /** The line that somebody came for, from 1 on. */
  chosen: number;
}

export function Lines({ answer, issues, chosen }: LinesProps) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const here = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (chosen > 0) here.current?.focus({ preventScroll: false });
  }, [chosen]);
  const text = (row: Rows["rows"][number], id: string) => {
    const said = nameOf(answer, row, id);
    return said === "–" || said === "n/a" ? "" : said;
  };
  return (
    <div className={css.frame} tabIndex={0} role="region" aria-label={m.accounts.events}>
      <table className={css.lines}>
        <thead>
          <tr>
            {["when", "what", "detail", "who", "source"].map((id) => (
              <th key={id} scope="col" className={id === "detail" ? css.wide : ""}>
                {m.accounts.columns[id]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.map((row, at) => {
            const team = text(row, "team");
            const stage = text(row, "stage");
            const amount = cellOf(answer, row, "amount");
            const isHere = at + 1 === chosen;
            return (
              <tr
                key={at}
                ref={isHere ? here : null}
                tabIndex={isHere ? -1 : undefined}
                aria-current={isHere ? "true" : undefined}
              >
                <td className={css.when}>
                  {moment(nameOf(answer, row, "when"), locale, words.zone)}
                </td>
                <td className={css.what}>
                  <Doubts of={codesIn(answer, row)} issues={issues} />
                  {saidAs(m.lists.happened, text(row, "what"))}{" "}
                  {stage ? <strong>{stageName(words, stage)}</strong> : null}
                  {text(row, "touch") ? (
                    <strong>{text(row, "touch").replaceAll("_", " ")}</strong>
                  ) : null}
                </td>
                <td>
                  {isMoney(amount) ? (
                    <strong className={css.amount}>{money(amount, locale)}</strong>
                  ) : null}{" "}
                  {text(row, "what") === HAPPENED.leaves
                    ? m.sentence.inside(wordOf(text(row, "detail").replaceAll(" ", "_"), m))
                    : detailOf(text(row, "detail"), m)}
                </td>
                <td className={css.side} data-side={team ? sideOf(words.teams, team) : undefined}>
                  {[personName(answer, row, m), team, text(row, "rep")].filter(Boolean).join(" · ")}
                </td>
                <td className={css.source}>
                  {[text(row, "source"), text(row, "file")].filter(Boolean).join(" · ")}
                  {cellOf(answer, row, "line") ? `:${String(cellOf(answer, row, "line"))}` : ""}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** What is wrong with a line's record, behind a flag of its own. */
function Doubts({ of, issues }: { of: readonly string[]; issues: readonly Issue[] }) {
  const m = useMessages();
  if (of.length === 0) return null;
  const said = of.map((code) => {
    const text = issues.find((issue) => issue.code === code)?.text;
    return text ? `${issueOf(text, m)} (${code})` : code;
  });
  return (
    <span className={css.doubt} data-tip={said.join("\n")} role="img" aria-label={said.join(". ")}>
      ⚑{" "}
    </span>
  );
}

/** Whose a line is, by number: nobody is named where an account's story is told. */
function personName(answer: Rows, row: Rows["rows"][number], m: Messages): string {
  const number = personOf(answer, row);
  return number === null ? "" : m.accounts.person(String(number));
}
