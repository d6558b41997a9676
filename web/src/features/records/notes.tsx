//! Notes on the figure whose records are open: what others say of it, and a word of one's own.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay, useSession } from "@/api/queries";
import { dropNote, keepNote, type Note, notesQuery } from "@/api/saved";
import type { Origin } from "@/lib/address";
import { useMessages } from "@/lib/i18n";
import { useAct } from "@/ui/act";
import { Area, Button, Form } from "@/ui/field";
import { Moment } from "@/ui/moment";
import { isRow, textOf } from "@/ui/notes";
import { Trouble } from "@/ui/state";
import { tell } from "@/ui/toast";
import css from "./notes.module.css";

interface NotesProps {
  origin: Origin;
  /** The question's text, as its answer has it. */
  text: string;
}

export function Notes({ origin, text }: NotesProps) {
  const m = useMessages();
  const mayNote = useMay("note");
  const isPerson = useSession()?.kind === "person";
  const question = textOf(origin.question, text);
  const all = useQuery(notesQuery).data ?? [];
  const [isWriting, setWriting] = useState(false);
  const notes = all.filter(
    (note) =>
      note.question === question && note.column === origin.column && isRow(note.row, origin.row),
  );
  if (notes.length === 0 && !(mayNote && isPerson)) return null;
  return (
    <section className={css.notes} aria-label={m.notes.title}>
      {notes.map((note) => (
        <One key={note.id} note={note} />
      ))}
      {isWriting ? (
        <Write origin={origin} question={question} close={() => setWriting(false)} />
      ) : mayNote && isPerson ? (
        <Button kind="quiet" onClick={() => setWriting(true)}>
          {m.notes.add}
        </Button>
      ) : null}
    </section>
  );
}

function One({ note }: { note: Note }) {
  const m = useMessages();
  const doing = useAct();
  const drop = async () => {
    const { question, column, row, words } = note;
    if (!(await doing.run(() => dropNote(note.id)))) return;
    tell(m.notes.dropped, () => keepNote({ question, column, row, words }));
  };
  return (
    <article className={css.note}>
      <p className={css.words}>{note.words}</p>
      <p className={css.told}>
        {note.by ?? m.notes.gone} · <Moment at={note.at} />
        {note.is_own ? (
          <button type="button" disabled={doing.isBusy} onClick={() => void drop()}>
            {m.notes.drop}
          </button>
        ) : null}
      </p>
      {doing.error ? <Trouble error={doing.error} /> : null}
    </article>
  );
}

interface WriteProps {
  origin: Origin;
  question: string;
  close: () => void;
}

function Write({ origin, question, close }: WriteProps) {
  const m = useMessages();
  const doing = useAct();
  const [words, setWords] = useState("");
  const submit = async () => {
    const given = { question, column: origin.column, row: [...origin.row], words: words.trim() };
    if (!(await doing.run(() => keepNote(given)))) return;
    close();
    tell(m.notes.kept);
  };
  return (
    <Form
      send={m.notes.keep}
      isBusy={doing.isBusy}
      isOff={words.trim() === ""}
      error={doing.error}
      submit={() => void submit()}
      beside={
        <Button kind="quiet" onClick={close}>
          {m.settings.cancel}
        </Button>
      }
    >
      <Area label={m.notes.words} value={words} put={setWords} help={m.notes.seen} isRequired />
    </Form>
  );
}
