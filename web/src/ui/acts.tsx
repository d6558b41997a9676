//! Acts: a button that sends something, says so while it is on its way, and shows what was refused.

import { type ReactNode, useState } from "react";
import { useMessages } from "@/lib/i18n";
import css from "./acts.module.css";
import { Sheet } from "./sheet";
import { Trouble } from "./state";

interface Acting {
  error: unknown;
  isActing: boolean;
  /** Runs an act; what it is refused with is kept until the next one. */
  run: (act: () => Promise<unknown>) => Promise<boolean>;
}

export function useActing(): Acting {
  const [error, setError] = useState<unknown>(null);
  const [isActing, setActing] = useState(false);
  const run = async (act: () => Promise<unknown>): Promise<boolean> => {
    setActing(true);
    setError(null);
    try {
      await act();
      return true;
    } catch (problem) {
      setError(problem);
      return false;
    } finally {
      setActing(false);
    }
  };
  return { error, isActing, run };
}

interface AskProps {
  title: string;
  /** What will be, in words. */
  children: ReactNode;
  yes: string;
  act: () => Promise<unknown>;
  close: () => void;
}

/** Asks once before something is done that others see at once. */
export function Ask({ title, children, yes, act, close }: AskProps) {
  const m = useMessages();
  const { error, isActing, run } = useActing();
  const go = async () => {
    if (await run(act)) close();
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
          onClick={() => void go()}
        >
          {yes}
        </button>
        <button type="button" className={css.button} onClick={close}>
          {m.settings.cancel}
        </button>
      </p>
    </Sheet>
  );
}

export { css as actsCss };
