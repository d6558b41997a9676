//! A plain table of what is no answer: people, tokens, entries. Looks like the tables of figures.

import type { ReactNode } from "react";
import css from "./grid.module.css";
import table from "./table.module.css";
import { termed } from "./termed";

interface GridProps {
  label: string;
  /** Heads of the columns; an empty one is of buttons. */
  head: readonly string[];
  /** Places of columns of figures, which stand at the right. */
  right?: readonly number[];
  children: ReactNode;
}

export function Grid({ label, head, right = [], children }: GridProps) {
  return (
    <div className={table.frame} tabIndex={0} role="region" aria-label={label}>
      <table className={`${table.table} ${css.grid}`}>
        <thead>
          <tr>
            {head.map((one, at) => (
              <th
                key={at}
                scope="col"
                className={!one ? css.acts : right.includes(at) ? css.right : table.name}
              >
                {one ? termed(one) : <span className="unseen">…</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** What can be done with a row, at its end. */
export function Acts({ children }: { children: ReactNode }) {
  return (
    <td className={css.acts}>
      <span>{children}</span>
    </td>
  );
}
