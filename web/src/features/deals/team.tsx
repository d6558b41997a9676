//! A team in the hue of its side.

import { sideOfTeam, useWords } from "@/lib/book";
import { useMessages } from "@/lib/i18n";
import css from "./deal.module.css";

export function Team({ of }: { of: string }) {
  const m = useMessages();
  const words = useWords();
  if (!of || of === "–") return <>–</>;
  // Some tables say the side alone; a team of that name says the same.
  const isSide = Object.hasOwn(m.side, of);
  const side = sideOfTeam(words, of) ?? (isSide ? of : "unknown");
  return (
    <span className={css.team} data-side={side}>
      {isSide && !sideOfTeam(words, of) ? m.side[of as keyof typeof m.side] : of}
    </span>
  );
}
