//! The second step: what the files are. How each was read and why, what its rows and columns are taken
//! for, and what only people can say.

import { type FormEvent, useState } from "react";
import type { Answers, Asking, ColumnSaid, Looked, LookedSource, Text } from "@/api/intake";
import { useMessages, wordIn } from "@/lib/i18n";
import { saidIn } from "@/lib/i18n/templated";
import { actsCss } from "@/ui/acts";
import { useHere } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Span } from "@/ui/span";
import { Empty } from "@/ui/state";
import { Columns } from "./columns";
import css from "./wizard.module.css";
import { answersOf, openOf, readerOf } from "./words";

const ROWS = [
  "lead",
  "deal",
  "account",
  "history",
  "touch",
  "spend",
  "link",
  "rep",
  "campaign",
  "reference",
] as const;
const UNITS = ["whole", "micros"] as const;
const DATES = ["dmy", "mdy"] as const;
const MARKS = ["point", "comma"] as const;
const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "latin-1"] as const;
const DELIMITERS = ["comma", "semicolon", "tab", "bar"] as const;
/** Rows of names, as the server counts them. */
const HEADERS = ["0", "1", "2"] as const;
/** Lines above the header that the server passes over at most. */
const MOST_LINES = 100;

interface MappingProps {
  looked: Looked;
  source: LookedSource | undefined;
  texts: readonly Text[];
  edit: (texts: Text[]) => void;
  /** What somebody said that columns are. */
  said: readonly ColumnSaid[];
  say: (said: ColumnSaid[]) => void;
}

export function Mapping({ looked, source, texts, edit, said, say }: MappingProps) {
  const m = useMessages();
  const { address, go } = useHere();
  const open = openOf(looked, answersOf(address));
  const reader = readerOf(looked);
  if (looked.files.length === 0) {
    return <Empty title={m.wizard.nothing}>{m.wizard.nothingText}</Empty>;
  }
  return (
    <>
      {reader ? <Already source={reader} /> : null}
      {open.length > 0 ? <Questions open={open} /> : null}
      {looked.sources.length > 1 ? <Which looked={looked} now={source} /> : null}
      <Span of="two-thirds">
        <div className={css.stack}>
          {looked.files.map((file) => (
            <Columns key={file.file} file={file} said={said} say={say} />
          ))}
        </div>
      </Span>
      <Span of="third">
        <div className={css.stack}>
          {source ? <Recognised source={source} /> : null}
          <Said source={source} />
        </div>
      </Span>
      {source ? <Texts texts={texts} edit={edit} /> : null}
      <p className={actsCss.acts}>
        <button
          type="button"
          className={`${actsCss.button} ${actsCss.main}`}
          disabled={open.length > 0 || !source}
          onClick={() => go({ step: "preview", ...(source ? { source: source.name } : {}) })}
        >
          {m.wizard.toPreview}
        </button>
        {open.length > 0 ? <span className={css.quiet}>{m.wizard.answerFirst}</span> : null}
      </p>
    </>
  );
}

function Already({ source }: { source: string }) {
  const m = useMessages();
  const { go } = useHere();
  return (
    <Panel title={m.wizard.already(source)} means={m.wizard.alreadyMeans}>
      <p className={actsCss.acts}>
        <button
          type="button"
          className={`${actsCss.button} ${actsCss.main}`}
          onClick={() => go({ step: "import", source })}
        >
          {m.wizard.importInto(source)}
        </button>
      </p>
    </Panel>
  );
}

/** What the files do not say, and no guess may. */
function Questions({ open }: { open: readonly Asking[] }) {
  const m = useMessages();
  const { go } = useHere();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const said: Answers = {};
    for (const { field } of open) {
      const value = String(form.get(field) ?? "").trim();
      if (value) said[field] = value;
    }
    go(said, { replace: true });
  };
  return (
    <Panel title={m.wizard.asks} means={m.wizard.asksMeans}>
      <form className={css.form} onSubmit={submit}>
        {open.map((one) => (
          <fieldset key={one.field}>
            <legend>{saidIn(m.lists.reasons, one.text)}</legend>
            {one.choices.length > 0 ? (
              one.choices.map((choice) => (
                <label key={choice} className={css.choice}>
                  <input type="radio" name={one.field} value={choice} required />
                  {wordIn(m.wizard.choices, choice) ?? choice}
                </label>
              ))
            ) : (
              <input
                name={one.field}
                required
                maxLength={80}
                aria-label={saidIn(m.lists.reasons, one.text)}
              />
            )}
          </fieldset>
        ))}
        <button type="submit" className={`${actsCss.button} ${actsCss.main}`}>
          {m.bar.apply}
        </button>
      </form>
    </Panel>
  );
}

/** Files of several systems make several sources, one after the other. */
function Which({ looked, now }: { looked: Looked; now: LookedSource | undefined }) {
  const m = useMessages();
  const { go } = useHere();
  return (
    <Panel title={m.wizard.which} means={m.wizard.whichMeans}>
      <p className={actsCss.acts}>
        {looked.sources.map((source) => (
          <button
            key={source.name}
            type="button"
            className={actsCss.button}
            aria-pressed={source === now}
            onClick={() => go({ source: source.name }, { replace: true })}
          >
            {source.name}: {source.files.join(", ")}
          </button>
        ))}
      </p>
    </Panel>
  );
}

/** The source that is proposed, and why. */
function Recognised({ source }: { source: LookedSource }) {
  const m = useMessages();
  const title = source.pack ? m.wizard.recognised(source.pack.title) : m.wizard.proposed;
  return (
    <Panel title={title} means={source.pack ? m.wizard.recognisedMeans : m.wizard.proposedMeans}>
      <dl className={css.streams}>
        {source.streams.map((stream) => (
          <div key={stream.stream}>
            <dt>{stream.stream}</dt>
            <dd>
              {m.wizard.rowsAre(wordIn(m.wizard.rows, stream.rows) ?? stream.rows)}{" "}
              <span className={css.quiet}>{saidIn(m.lists.reasons, stream.why)}</span>
              {stream.stages.length > 0 ? (
                <p className={css.labels}>
                  {m.wizard.labels}{" "}
                  {stream.stages.map((one) => `${one.stage} (${one.rows})`).join(", ")}
                </p>
              ) : null}
              {stream.won.length > 0 ? (
                <p className={css.labels}>
                  {m.deals.won}: {stream.won.join(", ")}
                </p>
              ) : null}
              {stream.lost.length > 0 ? (
                <p className={css.labels}>
                  {m.deals.lost}: {stream.lost.join(", ")}
                </p>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
      {source.notes.length > 0 ? (
        <ul className={css.notes}>
          {source.notes.map((note) => (
            <li key={note}>{saidIn(m.lists.reasons, note)}</li>
          ))}
        </ul>
      ) : null}
    </Panel>
  );
}

/** What was guessed, to be changed. */
function Said({ source }: { source: LookedSource | undefined }) {
  const m = useMessages();
  const { address, go } = useHere();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    go(
      {
        name: text("name"),
        zone: text("zone"),
        currency: text("currency").toUpperCase(),
        unit: text("unit"),
        dates: text("dates"),
        decimal: text("decimal"),
        encoding: text("encoding"),
        delimiter: text("delimiter"),
        skip_rows: text("skip_rows"),
        header_rows: text("header_rows"),
        rows: text("rows"),
      },
      { replace: true },
    );
  };
  return (
    <Panel title={m.wizard.change} means={m.wizard.changeMeans}>
      <form className={css.form} onSubmit={submit} key={JSON.stringify(answersOf(address))}>
        {source?.is_taken ? <p className={css.alert}>{m.wizard.taken(source.name)}</p> : null}
        <label>
          <span>{m.wizard.name}</span>
          <input
            name="name"
            defaultValue={address.name ?? ""}
            placeholder={source?.name}
            maxLength={60}
            pattern="[a-z][a-z0-9_\-]*"
          />
        </label>
        <Choice
          name="rows"
          label={m.wizard.rowsOfAll}
          words={ROWS}
          named={m.wizard.rows}
          now={address.rows}
        />
        <Choice
          name="dates"
          label={m.wizard.dates}
          words={DATES}
          named={m.wizard.choices}
          now={address.dates}
        />
        <label>
          <span>{m.wizard.zone}</span>
          <input
            name="zone"
            defaultValue={address.zone ?? ""}
            placeholder="Europe/Berlin"
            maxLength={60}
            list="zones"
          />
        </label>
        <datalist id="zones">
          {Intl.supportedValuesOf("timeZone").map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <label>
          <span>{m.wizard.currency}</span>
          <input
            name="currency"
            defaultValue={address.currency ?? ""}
            placeholder="EUR"
            maxLength={3}
            pattern="[A-Za-z]{3}"
          />
        </label>
        <Choice
          name="unit"
          label={m.wizard.unit}
          words={UNITS}
          named={m.wizard.choices}
          now={address.unit}
        />
        <Choice
          name="decimal"
          label={m.wizard.decimal}
          words={MARKS}
          named={m.wizard.marks}
          now={address.decimal}
        />
        <Choice
          name="encoding"
          label={m.wizard.encoding}
          words={ENCODINGS}
          named={m.wizard.choices}
          now={address.encoding}
        />
        <Choice
          name="delimiter"
          label={m.wizard.delimiter}
          words={DELIMITERS}
          named={m.wizard.choices}
          now={address.delimiter}
        />
        <Choice
          name="header_rows"
          label={m.wizard.headerRows}
          words={HEADERS}
          named={m.wizard.headers}
          now={address.header_rows}
        />
        <label>
          <span>{m.wizard.skipRows}</span>
          <input
            name="skip_rows"
            type="number"
            min={0}
            max={MOST_LINES}
            defaultValue={address.skip_rows ?? ""}
            placeholder={m.wizard.asGuessed}
          />
        </label>
        <button type="submit" className={actsCss.button}>
          {m.bar.apply}
        </button>
      </form>
    </Panel>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  words: readonly string[];
  named: Record<string, string>;
  now: string | undefined;
}

function Choice({ name, label, words, named, now }: ChoiceProps) {
  const m = useMessages();
  return (
    <label>
      <span>{label}</span>
      <select name={name} defaultValue={now ?? ""}>
        <option value="">{m.wizard.asGuessed}</option>
        {words.map((word) => (
          <option key={word} value={word}>
            {wordIn(named, word) ?? word}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The mapping itself is text. Whoever knows better writes it; the preview says what it does. */
function Texts({ texts, edit }: { texts: readonly Text[]; edit: (texts: Text[]) => void }) {
  const m = useMessages();
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel
      title={m.wizard.texts}
      means={m.wizard.textsMeans}
      actions={
        <button
          type="button"
          className={actsCss.button}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? m.wizard.hideTexts : m.wizard.showTexts}
        </button>
      }
    >
      {isOpen
        ? texts.map((one, at) => (
            <label key={one.path} className={css.text}>
              <span>
                <code>{one.path}</code>
              </span>
              <textarea
                value={one.text}
                spellCheck={false}
                rows={Math.min(one.text.split("\n").length + 1, 24)}
                onChange={(event) =>
                  edit(
                    texts.map((old, place) =>
                      place === at ? { ...old, text: event.target.value } : old,
                    ),
                  )
                }
              />
            </label>
          ))
        : null}
    </Panel>
  );
}
