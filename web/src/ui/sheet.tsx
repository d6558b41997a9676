//! A sheet over the page, in the middle or at the right edge: the browser's own dialog, which keeps
//! the focus and closes with Escape.

import { IconX } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useMessages } from "@/lib/i18n";
import css from "./sheet.module.css";

const heard = new Set<() => void>();

/** Tells whoever lies over the page that a sheet has come or gone. */
export function onSheets(tell: () => void): () => void {
  heard.add(tell);
  return () => heard.delete(tell);
}

const changed = () => {
  for (const tell of heard) tell();
};

interface SheetProps {
  title: ReactNode;
  close: () => void;
  children: ReactNode;
  place?: "middle" | "edge" | "top";
  isBare?: boolean;
  label?: string;
}

export function Sheet({
  title,
  close,
  children,
  place = "middle",
  isBare = false,
  label,
}: SheetProps) {
  const m = useMessages();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    const before = document.activeElement as HTMLElement | null;
    element.showModal();
    document.body.dataset.held = "";
    changed();
    return () => {
      delete document.body.dataset.held;
      element.close();
      before?.focus?.({ preventScroll: true });
      changed();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself.
    <dialog
      ref={dialog}
      className={`${css.sheet} ${css[place]}`}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div className={css.inner}>
        {isBare ? null : (
          <header className={css.head}>
            <h2>{title}</h2>
            <button
              type="button"
              onClick={close}
              aria-label={m.records.close}
              className={css.close}
            >
              <IconX size={18} />
            </button>
          </header>
        )}
        {children}
      </div>
    </dialog>
  );
}
