//! Acts: a button that sends something, says so while it is on its way, and shows what was refused.

import type { ReactNode } from "react";
import { useMessages } from "@/lib/i18n";
import { useAct } from "./act";
import css from "./acts.module.css";
import { Sheet } from "./sheet";
import { Trouble } from "./state";

/** What is refused stays with the button that asked for it. */
export function useActing() {
  const { error, isBusy, run } = useAct();
  return { error, isActing: isBusy, run };
}

interface AskProps {
  title: string;
  /** What will be, in words. */
  children: ReactNode;
  yes: string;
  act: () => Promise<unknown>;
  /** Something else that one may do instead. */
  other?: { name: string; act: () => Promise<unknown> };
  close: () => void;
}

/** Asks once before something is done that others see at once. */
export function Ask({ title, children, yes, act, other, close }: AskProps) {
  const m = useMessages();
  const { error, isActing, run } = useActing();
  const go = async (what: () => Promise<unknown>) => {
    if (await run(what)) close();
  };
  return (
    <Sheet title={title} close={close}>
      <div className={css.text}>{children}</div>
      {error ? <Trouble error={error} /> : null}
      <p className={css.acts}>
        <button
          type="button"
          className={`${css.button} ${css.main}`}
          disabled={isActing}
          onClick={() => void go(act)}
        >
          {yes}
        </button>
        {other ? (
          <button
            type="button"
            className={css.button}
            disabled={isActing}
            onClick={() => void go(other.act)}
          >
            {other.name}
          </button>
        ) : null}
        <button type="button" className={css.button} onClick={close}>
          {m.settings.cancel}
        </button>
      </p>
    </Sheet>
  );
}

export { css as actsCss };
