//! What the page asks: a plan, the same by month and by groups, and every goal with what came of it.

import { useAsk } from "@/api/queries";
import { asked, type Question } from "@/lib/address";
import { rowsOf } from "@/lib/answer";
import { useWords } from "@/lib/book";
import { goalsAhead } from "@/lib/plan";
import { useHere, useWhen } from "@/ui/here";
import { useCurrency } from "@/ui/page";

export interface Asking {
  /** Of everything. */
  whole: Question;
  /** Up to the end of each month. */
  months: Question;
  /** By the page's groups, where it has some. */
  split: Question | null;
  goals: Question;
}

export function useAsking(): Asking {
  const { base } = useWhen();
  const { address } = useHere();
  const currency = useCurrency();
  const { by, goal, of, where } = address;
  const words = { period: of, goal, where, currency };
  return {
    whole: asked("plan", base, words),
    months: asked("plan", base, words, { by: "month" }),
    split: by ? asked("plan", base, words, { by }) : null,
    // Goals are of all pursuits, whatever the page looks at.
    goals: asked("targets", base, { currency }),
  };
}

/** Grains that goals are written for, and plans asked. */
const GRAINS = new Set(["month", "quarter", "year"]);

/** Periods that a plan can be of: those of goals first, then all that are not over. */
export function usePeriods(goals: Question): string[] {
  const { periods } = useWords();
  const query = useAsk(goals);
  const answer = rowsOf(query.data);
  const open = periods.filter((one) => one.stands !== "over" && GRAINS.has(one.grain));
  return [...new Set([...(answer ? goalsAhead(answer) : []), ...open.map((one) => one.name)])];
}
