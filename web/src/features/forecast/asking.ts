//! What the page asks: a forecast, the same by groups, and how well such forecasts told past windows.

import { asked, type Question } from "@/lib/address";
import type { Figure } from "@/lib/forecast";
import { useHere, useWhen } from "@/ui/here";
import { useCurrency } from "@/ui/page";

export type Horizon = "month" | "quarter";

/** How far ahead the page looks: a quarter unless the address says so. */
export function useHorizon(): Horizon {
  return useHere().address.horizon === "month" ? "month" : "quarter";
}

/** Which of its two figures is drawn: money, unless deals are asked for. */
export function useFigure(): Figure {
  return useHere().address.show === "deals" ? "deals" : "value";
}

export interface Asking {
  /** Of everything. */
  whole: Question;
  /** By the page's groups, where it has some. */
  split: Question | null;
  /** Past windows. */
  tested: Question;
  /** Open deals of past windows by those groups. */
  calibrated: Question | null;
}

export function useAsking(): Asking {
  const { base } = useWhen();
  const { address } = useHere();
  const currency = useCurrency();
  const horizon = useHorizon();
  const words = { horizon, where: address.where, currency };
  const { by } = address;
  return {
    whole: asked("forecast", base, words),
    split: by ? asked("forecast", base, words, { by }) : null,
    tested: asked("forecast", base, words, { backtest: "true" }),
    calibrated: by ? asked("forecast", base, words, { backtest: "true", by }) : null,
  };
}
