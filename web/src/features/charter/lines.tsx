//! Two texts line by line: what goes has a −, what comes a +, with their numbers.

import { hunks, lines } from "@/lib/diff";
import { useMessages } from "@/lib/i18n";
import css from "./lines.module.css";

const SIGNS = { same: " ", out: "−", in: "+" } as const;

export function Lines({ was, is, label }: { was: string; is: string; label: string }) {
  const m = useMessages();
  const shown = hunks(lines(was, is));
  if (shown.length === 0) return <p className={css.same}>{m.charter.sameText}</p>;
  return (
    <div className={css.lines} tabIndex={0} role="region" aria-label={label}>
      <table>
        <tbody>
          {shown.map((line, at) =>
            line === null ? (
              <tr key={at} className={css.gap}>
                <td colSpan={4}>⋯</td>
              </tr>
            ) : (
              <tr key={at} data-kind={line.kind}>
                <td className={css.number}>{line.was}</td>
                <td className={css.number}>{line.is}</td>
                <td className={css.sign}>
                  <span aria-hidden="true">{SIGNS[line.kind]}</span>
                  <span className="unseen">
                    {line.kind === "in"
                      ? m.charter.comes
                      : line.kind === "out"
                        ? m.charter.goes
                        : ""}
                  </span>
                </td>
                <td className={css.text}>{line.text}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

/** How many lines come and go. */
export function moved(was: string, is: string): { come: number; gone: number } {
  const pieces = lines(was, is);
  return {
    come: pieces.filter((piece) => piece.kind === "in").length,
    gone: pieces.filter((piece) => piece.kind === "out").length,
  };
}
