//! What the pages before the application share: a mark, a word, a form.

import type { ReactNode } from "react";
import { useMessages } from "@/lib/i18n";
import css from "./frame.module.css";

export function EntryFrame({ title, children }: { title: string; children: ReactNode }) {
  const m = useMessages();
  return (
    <main className={css.frame}>
      <div className={css.box}>
        <p className={css.mark}>
          <img src="/mark.svg" alt="" width={28} height={28} /> {m.name}
        </p>
        <h1>{title}</h1>
        {children}
        <p className={css.stays}>{m.entry.stays}</p>
      </div>
    </main>
  );
}
