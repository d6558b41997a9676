//! How far something is: a bar, and the words that say it.

import type { ReactNode } from "react";
import css from "./progress.module.css";

interface ProgressProps {
  /** How much of how much; of what nobody knows the end of, nothing. */
  done: number;
  of: number | null;
  label: string;
  children?: ReactNode;
}

export function Progress({ done, of, label, children }: ProgressProps) {
  const known = of !== null && of > 0;
  const share = known ? Math.min(done / of, 1) : null;
  return (
    <div className={css.progress}>
      <div
        className={css.bar}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(share === null ? {} : { "aria-valuenow": Math.floor(share * 100) })}
      >
        <div
          className={share === null ? css.unknown : css.done}
          style={share === null ? {} : { width: `${share * 100}%` }}
        />
      </div>
      {children ? <p className={css.words}>{children}</p> : null}
    </div>
  );
}
