//! Four stops through the demo: where the quarter stands, where people are lost, who brought it in, and
//! what both teams agreed that the words mean. It lies beside the page, never over it, and can be left
//! at any time; where one is stands in the address.

import { useEffect } from "react";
import { useMessages } from "@/lib/i18n";
import { keep, TOUR } from "@/lib/kept";
import { useHere } from "@/ui/here";
import css from "./tour.module.css";

/** What Escape closes before it ends the tour. */
const OPEN = 'dialog[open], [role="dialog"], [role="menu"]';

const STOPS = ["/", "/funnel", "/credit", "/charter"] as const;

export function Tour({ at, path }: { at: string; path: string }) {
  const m = useMessages();
  const { go } = useHere();
  const place = Math.min(Math.max(Number.parseInt(at, 10) || 1, 1), STOPS.length) - 1;
  const stop = m.tour.stops[place];
  const next = STOPS[place + 1];
  const before = STOPS[place - 1];
  const leave = () => {
    keep(TOUR, "seen");
    go({ tour: "" }, { replace: true });
  };
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || document.querySelector(OPEN)) return;
      keep(TOUR, "seen");
      go({ tour: "" }, { replace: true });
    };
    // Asked before what is open has heard the key, and is gone.
    document.addEventListener("keydown", key, true);
    return () => document.removeEventListener("keydown", key, true);
  }, [go]);
  // Whoever walks away to another page has left the tour's road, and finds the way back here.
  const isHere = path === STOPS[place];
  if (!stop) return null;
  const lead = (to: string, stopAt: number) => go({ tour: String(stopAt + 1) }, { to });
  return (
    <aside className={`${css.card} screen-only`} aria-label={m.tour.name} aria-live="polite">
      <p className={css.count}>{m.tour.count(String(place + 1), String(STOPS.length))}</p>
      <h2>{stop.title}</h2>
      <p>{stop.text}</p>
      <p className={css.try}>{stop.try}</p>
      <p className={css.acts}>
        <button type="button" className={css.skip} onClick={leave}>
          {next ? m.tour.skip : m.tour.done}
        </button>
        <span className={css.space} />
        {before ? (
          <button type="button" onClick={() => lead(before, place - 1)}>
            {m.tour.back}
          </button>
        ) : null}
        {isHere ? null : (
          <button type="button" onClick={() => lead(STOPS[place] ?? "/", place)}>
            {m.tour.there}
          </button>
        )}
        {next ? (
          <button type="button" className={css.next} onClick={() => lead(next, place + 1)}>
            {m.tour.next}
          </button>
        ) : null}
      </p>
    </aside>
  );
}
