//! A team in the hue of its side.

import { sideOfTeam, useWords } from "@/lib/book";
import { useMessages, wordOf } from "@/lib/i18n";
import css from "./deal.module.css";

export function Team({ of }: { of: string }) {
  const m = useMessages();
  const words = useWords();
  const side = sideOfTeam(words, of) ?? (of in m.side ? of : null);
  if (!of || of === "–") return <>–</>;
  return (
    <span className={css.team} data-side={side ?? "unknown"}>
      {sideOfTeam(words, of) ? of : (m.side[of as keyof typeof m.side] ?? wordOf(of, m))}
    </span>
  );
}
