//! Notes on figures: which ones a figure has, known once for a whole page.

import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { askQuery, client, useVersion } from "@/api/queries";
import { type Note, notesQuery } from "@/api/saved";
import { keyOf, type Origin, type Question } from "@/lib/address";

type Find = (origin: Origin) => readonly Note[];

const NONE: readonly Note[] = [];
const NotesContext = createContext<Find>(() => NONE);

/**
 * A figure's question as notes name it. What is asked of the newest commit is the same question
 * tomorrow, whatever commit answered it.
 */
export function textOf(question: Question, text: string): string {
  if (question.words["as-of"]) return text;
  return text.replace(/ as-of=\S+ known=/, " as-of=latest known=");
}

/** Whether two rows go by the same names. */
export const isRow = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((cell, at) => cell === b[at]);

export function NotesProvider({ children }: { children: ReactNode }) {
  const version = useVersion();
  const notes = useQuery(notesQuery).data;
  const find = useMemo((): Find => {
    if (!notes || notes.length === 0) return () => NONE;
    const texts = new Map<string, string | undefined>();
    return (origin) => {
      const key = keyOf(origin.question);
      if (!texts.has(key)) {
        const reply = client.getQueryData(askQuery(origin.question, version).queryKey);
        // A figure stands on the page, so its answer is there; if not yet, it is looked for again.
        if (!reply) return NONE;
        texts.set(key, textOf(origin.question, reply.question.text));
      }
      const text = texts.get(key);
      const found = notes.filter(
        (note) =>
          note.question === text && note.column === origin.column && isRow(note.row, origin.row),
      );
      return found.length > 0 ? found : NONE;
    };
  }, [notes, version]);
  return <NotesContext.Provider value={find}>{children}</NotesContext.Provider>;
}

export const useNotes = (): Find => useContext(NotesContext);
