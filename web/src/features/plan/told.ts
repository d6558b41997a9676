//! What the parts of the page are told of a plan, and what they call its days and lines.

import type { Reply } from "@/api/queries";
import type { Question } from "@/lib/address";
import { stageName, useWords } from "@/lib/book";
import { calledBy, type Window } from "@/lib/forecast";
import { useMessages, wordIn } from "@/lib/i18n";
import type { Lines } from "@/lib/plan";
import { LINES } from "@/lib/said";
import { useHere, usePeriodName } from "@/ui/here";

export interface Told {
  reply: Reply;
  question: Question;
  lines: Lines;
}

/** The days of a plan, by the name that was chosen or that the calendar has for them. */
export function useCalled(): (window: Window | null) => string {
  const { periods } = useWords();
  const { address } = useHere();
  const periodName = usePeriodName();
  return (window) => {
    if (address.of) return periodName(address.of);
    return window ? periodName(calledBy(periods, window.from, window.until)) : "";
  };
}

/** What a line of a plan is called: a stage as the charter calls it. */
export function useLineName(): (line: string) => string {
  const m = useMessages();
  const words = useWords();
  const own: ReadonlySet<string> = new Set(LINES);
  return (line) =>
    (own.has(line) ? wordIn(m.plan.lines, line) : undefined) ?? stageName(words, line);
}
