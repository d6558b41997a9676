//! A secret that is shown once: to be copied now, for nobody keeps it.

import { useState } from "react";
import { useMessages } from "@/lib/i18n";
import { Button } from "./field";
import css from "./once.module.css";

interface OnceProps {
  title: string;
  means: string;
  secret: string;
  done: () => void;
}

export function Once({ title, means, secret, done }: OnceProps) {
  const m = useMessages();
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setSaid(m.once.copied);
    } catch {
      setSaid(m.once.notCopied);
    }
  };
  return (
    <section className={css.once} aria-label={title}>
      <h3>{title}</h3>
      <p>{means}</p>
      <input
        className={css.secret}
        readOnly
        value={secret}
        aria-label={title}
        data-secret
        onFocus={(event) => event.target.select()}
      />
      <p className={css.acts}>
        <Button kind="main" onClick={() => void copy()}>
          {m.once.copy}
        </Button>
        <Button kind="quiet" onClick={done}>
          {m.once.done}
        </Button>
        <output>{said}</output>
      </p>
    </section>
  );
}
