//! For which sides somebody may sign, in the hue of each.

import { useMessages } from "@/lib/i18n";
import css from "./page.module.css";

export function Sides({ of }: { of: readonly string[] }) {
  const m = useMessages();
  if (of.length === 0) return <span className={css.off}>–</span>;
  return (
    <>
      {of.map((side, at) => (
        <span key={side}>
          {at > 0 ? ", " : null}
          <span className={css.side} data-side={side}>
            {m.side[side as keyof typeof m.side] ?? side}
          </span>
        </span>
      ))}
    </>
  );
}
