//! What a figure rests on, in a line for its tip: the commit and the charter that gave its answer, and
//! by which clock things count as known.

import { createContext, type ReactNode, useContext, useMemo } from "react";
import { askQuery, client, type Reply, useVersion } from "@/api/queries";
import { keyOf, type Question } from "@/lib/address";
import { type Messages, useMessages, wordIn } from "@/lib/i18n";

interface Rests {
  key: string;
  text: string;
}

const RestsContext = createContext<Rests | null>(null);

export function restsOf({ lineage, question }: Reply, m: Messages): string {
  const hash = lineage.charter.replace(/^\w+:/, "").slice(0, 7);
  const known = wordIn(m.figure.known, question.known) ?? question.known;
  return `${m.basis.asOf(String(lineage.seq))} · ${m.basis.charter(hash)} · ${known}`;
}

interface ProviderProps {
  rests: { reply: Reply; question: Question } | undefined;
  children: ReactNode;
}

/** For the figures of a part of a page that rests on one answer. */
export function RestsProvider({ rests, children }: ProviderProps) {
  const m = useMessages();
  const outer = useContext(RestsContext);
  const [reply, question] = [rests?.reply, rests?.question];
  const own = useMemo(
    () => (reply && question ? { key: keyOf(question), text: restsOf(reply, m) } : null),
    [reply, question, m],
  );
  return <RestsContext.Provider value={own ?? outer}>{children}</RestsContext.Provider>;
}

const keys = new WeakMap<Question, string>();

/** The same question, written out once for all of its figures. */
function keyFor(question: Question): string {
  const known = keys.get(question);
  if (known !== undefined) return known;
  const key = keyOf(question);
  keys.set(question, key);
  return key;
}

/** What the figure of a question rests on: that of its part of the page, else of its own answer. */
export function useRests(question: Question | undefined): string {
  const m = useMessages();
  const version = useVersion();
  const near = useContext(RestsContext);
  if (near && (!question || keyFor(question) === near.key)) return near.text;
  const reply = question && client.getQueryData(askQuery(question, version).queryKey);
  return reply ? restsOf(reply, m) : "";
}
