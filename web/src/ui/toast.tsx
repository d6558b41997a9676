//! A word at the foot of the page about what was just done, with the way to undo it.

import { useEffect, useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { useMessages } from "@/lib/i18n";
import { onSheets } from "./sheet";
import css from "./toast.module.css";

interface Said {
  id: number;
  text: string;
  undo?: (() => Promise<unknown>) | undefined;
}

/** How long it stays, in milliseconds; longer where it can be undone. */
const STAYS = 4_000;
const STAYS_UNDO = 12_000;

let now: Said | null = null;
let last = 0;
const heard = new Set<() => void>();

function put(said: Said | null): void {
  now = said;
  for (const tell of heard) tell();
}

/** Says what was done. */
export function tell(text: string, undo?: () => Promise<unknown>): void {
  last += 1;
  put({ id: last, text, undo });
}

const hear = (tell: () => void) => {
  heard.add(tell);
  return () => heard.delete(tell);
};

export function Toast() {
  const m = useMessages();
  const said = useSyncExternalStore(hear, () => now);
  const [isHeld, setHeld] = useState(false);
  const place = usePlace();
  useEffect(() => {
    if (!said || isHeld) return;
    const wait = setTimeout(() => put(null), said.undo ? STAYS_UNDO : STAYS);
    return () => clearTimeout(wait);
  }, [said, isHeld]);
  const undo = async () => {
    if (!said?.undo) return;
    const again = said.undo;
    put(null);
    try {
      await again();
    } catch {
      tell(m.toast.notUndone);
    }
  };
  return createPortal(
    <div
      role="group"
      className={said ? css.toast : "unseen"}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <output>{said?.text}</output>
      {said?.undo ? (
        <button type="button" onClick={() => void undo()}>
          {m.toast.undo}
        </button>
      ) : null}
    </div>,
    place,
  );
}

/** A dialog of the browser lies over everything that is not inside of it. */
function usePlace(): Element {
  const [place, setPlace] = useState<Element>(document.body);
  useEffect(() => {
    const look = () => setPlace(document.querySelector("dialog[open]") ?? document.body);
    look();
    return onSheets(look);
  }, []);
  return place;
}
