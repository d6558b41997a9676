//! How much of the page's width a part takes; all of it on a narrow screen.

import type { ReactNode } from "react";
import css from "./span.module.css";

export function Span({
  of,
  children,
}: {
  of: "half" | "third" | "two-thirds" | "seven" | "five";
  children: ReactNode;
}) {
  return <div className={css[of]}>{children}</div>;
}
