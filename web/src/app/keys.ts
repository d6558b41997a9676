//! Keys for everything: `⌘K` and `/` find, `g f` goes to the funnel, `[` and `]` move the period.

import { useEffect, useRef } from "react";
import type { Address } from "@/lib/address";
import { type Period, running, shifted } from "@/lib/calendar";
import { read, SINGLE_KEYS } from "@/lib/kept";
import { PAGES } from "./pages";
import type { Over } from "./shell";

type Go = (words: Partial<Address>, how?: { to?: string }) => void;

/** How long after `g` its page may follow. */
const PATIENCE = 1200;

/** Before any key: a page counts its time from nought, so that nought is a moment of it. */
const NEVER = Number.NEGATIVE_INFINITY;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function useKeys(
  go: Go,
  address: Address,
  show: (over: Over) => void,
  periods: readonly Period[],
): void {
  const leader = useRef(NEVER);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        show("palette");
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      // What lies over the page has keys of its own.
      if (document.querySelector('dialog[open], [role="menu"], [role="dialog"]')) return;
      // Whoever speaks to their computer, or types with one hand, may want no single letter to act.
      if (read(SINGLE_KEYS) === "off" && event.key !== "?") return;
      if (event.timeStamp - leader.current < PATIENCE) {
        leader.current = NEVER;
        const page = PAGES.find((one) => one.key === event.key);
        if (page) go({}, { to: page.path });
        return;
      }
      one(event);
    };
    const one = (event: KeyboardEvent) => {
      const period = address.period ?? running(periods) ?? "";
      const move = (by: number) => {
        const next = shifted(periods, period, by);
        if (next) go({ period: next });
      };
      const press = (name: string) =>
        document.querySelector<HTMLElement>(`[data-key="${name}"]`)?.click();
      const acts: Record<string, () => void> = {
        g: () => {
          leader.current = event.timeStamp;
        },
        "?": () => show("keys"),
        "/": () => show("palette"),
        "[": () => move(-1),
        "]": () => move(1),
        p: () => press("period"),
        ".": () => press("as-of"),
        v: () => press("views"),
        c: () => go({ compare: address.compare ? "" : "previous" }),
      };
      const found = acts[event.key];
      if (!found) return;
      event.preventDefault();
      found();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, [go, address, show, periods]);
}
