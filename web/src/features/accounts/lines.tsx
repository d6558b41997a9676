//! Every line of a journey, in order, as text: what the drawing shows, for reading and copying.

import { cellOf, nameOf, type Rows } from "@/lib/answer";
import { stageName, useWords } from "@/lib/book";
import { moment } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import css from "./lines.module.css";

export function Lines({ answer }: { answer: Rows }) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const text = (row: Rows["rows"][number], id: string) => {
    const said = nameOf(answer, row, id);
    return said === "–" ? "" : said;
  };
  return (
    <div className={css.frame} tabIndex={0} role="region" aria-label={m.accounts.events}>
      <table className={css.lines}>
        <thead>
          <tr>
            {["when", "what", "detail", "who", "source"].map((id) => (
              <th key={id} scope="col">
                {m.accounts.columns[id]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.map((row, at) => {
            const team = text(row, "team");
            const side = words.teams.find((one) => one.id === team)?.side ?? team;
            const stage = text(row, "stage");
            return (
              <tr key={at}>
                <td className={css.when}>
                  {moment(nameOf(answer, row, "when"), locale, words.zone)}
                </td>
                <td className={css.what}>
                  {text(row, "what")} {stage ? <strong>{stageName(words, stage)}</strong> : null}
                </td>
                <td>{text(row, "detail")}</td>
                <td className={css.side} data-side={side || undefined}>
                  {[team, text(row, "rep")].filter(Boolean).join(" · ")}
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
