//! A page: its question as the title, what it looks at as a sentence, its parts below.

import { Menu, Popover } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { useWords } from "@/lib/book";
import { useMessages, wordOf } from "@/lib/i18n";
import { useHere, useWhen } from "./here";
import css from "./page.module.css";

interface PageProps {
  question: string;
  sentence?: ReactNode;
  tabs?: ReactNode;
  children: ReactNode;
}

export function Page({ question, sentence, tabs, children }: PageProps) {
  const m = useMessages();
  useEffect(() => {
    document.title = `${question} · ${m.name}`;
  }, [question, m]);
  return (
    <>
      <header className={css.head}>
        <div>
          <h1>{question}</h1>
          {sentence ? <p className={css.sentence}>{sentence}</p> : null}
        </div>
        {tabs}
      </header>
      <div className={css.parts}>{children}</div>
    </>
  );
}

export interface Tab {
  id: string;
  name: string;
  means?: string | undefined;
}

interface TabsProps {
  tabs: readonly Tab[];
  now: string;
  put: (id: string) => void;
  label: string;
}

/** A few choices side by side. */
export function Tabs({ tabs, now, put, label }: TabsProps) {
  return (
    <fieldset className={`${css.tabs} screen-only`}>
      <legend className="unseen">{label}</legend>
      {tabs.map(({ id, name, means }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === now}
          data-tip={means}
          onClick={() => put(id)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

interface SentenceProps {
  /** Which units can be counted; none where the question has no choice. */
  units?: readonly ("pursuit" | "person" | "account" | "deal")[];
  hasSplit?: boolean;
  hasWhere?: boolean;
  /** Not where the figures are of no period. */
  hasWhen?: boolean;
  hasCurrency?: boolean;
  /** Dimensions that make no sense here. */
  without?: readonly string[];
  start?: ReactNode;
  /** Choices of the page's own. */
  end?: ReactNode;
}

/** What the page looks at: “all pursuits in Q3, split by channel”. Every word can be changed. */
export function Sentence(props: SentenceProps) {
  const m = useMessages();
  const when = useWhen();
  return (
    <>
      {props.start}
      {props.units ? <Units units={props.units} /> : null}
      {props.hasWhen === false ? null : (
        <span>{when.period ? m.sentence.in(when.name) : when.name}</span>
      )}
      {props.hasSplit === false ? null : <Split without={props.without ?? []} />}
      {props.hasWhere === false ? null : <Where />}
      {props.hasCurrency ? <CurrencyChoice /> : null}
      {props.end}
    </>
  );
}

interface ChoiceProps {
  name: string;
  choices: readonly { id: string; name: string }[];
  put: (id: string) => void;
}

/** A word of the sentence that can be another one. */
export function Choice({ name, choices, put }: ChoiceProps) {
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-start">
      <Menu.Target>
        <button type="button" className={css.word}>
          {name}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((one) => (
          <Menu.Item key={one.id} onClick={() => put(one.id)}>
            {one.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Units({ units }: { units: NonNullable<SentenceProps["units"]> }) {
  const m = useMessages();
  const { address, go } = useHere();
  const now = units.find((unit) => unit === address.unit) ?? units[0] ?? "pursuit";
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-start">
      <Menu.Target>
        <button type="button" className={css.word}>
          {m.sentence.all[now]}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {units.map((unit) => (
          <Menu.Item key={unit} onClick={() => go({ unit: unit === units[0] ? "" : unit })}>
            {m.sentence.all[unit]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Split({ without }: { without: readonly string[] }) {
  const m = useMessages();
  const words = useWords();
  const { address, go } = useHere();
  const dimensions = words.dimensions.filter((one) => !without.includes(one));
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-start">
      <Menu.Target>
        <button type="button" className={`${css.word} ${address.by ? "" : css.open}`}>
          {address.by
            ? m.sentence.by(
                address.by
                  .split(",")
                  .map((one) => m.sentence.inside(wordOf(one, m)))
                  .join(", "),
              )
            : m.sentence.split}
        </button>
      </Menu.Target>
      <Menu.Dropdown className={css.long}>
        <Menu.Item onClick={() => go({ by: "" })}>{m.sentence.noSplit}</Menu.Item>
        <Menu.Divider />
        {dimensions.map((one) => (
          <Menu.Item key={one} onClick={() => go({ by: one })}>
            {wordOf(one, m)}
            {one.includes(".") ? <span className={css.of}> {one.split(".")[0]}</span> : null}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Where() {
  const m = useMessages();
  const { address, go } = useHere();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState(address.where ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go({ where: text.trim() });
    setOpen(false);
  };
  return (
    <>
      <Popover
        opened={isOpen}
        onChange={setOpen}
        position="bottom-start"
        width={380}
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button
            type="button"
            className={`${css.word} ${address.where ? "" : css.open}`}
            onClick={() => {
              setText(address.where ?? "");
              setOpen(!isOpen);
            }}
          >
            {address.where ? <code>{address.where}</code> : m.sentence.where}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <form onSubmit={submit} className={css.where}>
            <label>
              <span>{m.sentence.whereTitle}</span>
              <input
                value={text}
                onChange={(event) => setText(event.target.value)}
                maxLength={400}
                spellCheck={false}
              />
            </label>
            <p>{m.sentence.whereHelp}</p>
            <button type="submit">{m.bar.apply}</button>
          </form>
        </Popover.Dropdown>
      </Popover>
      {address.where ? (
        <button
          type="button"
          className={css.remove}
          aria-label={m.sentence.remove}
          onClick={() => go({ where: "" })}
        >
          ×
        </button>
      ) : null}
    </>
  );
}

function CurrencyChoice() {
  const m = useMessages();
  const { address, go } = useHere();
  const words = useWords();
  const now = useCurrency();
  if (!words.currency) return null;
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-start">
      <Menu.Target>
        <button type="button" className={css.word}>
          {now ? m.sentence.currency(now) : m.sentence.eachCurrency}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => go({ currency: "" })}>
          {m.sentence.currency(words.currency)}
        </Menu.Item>
        <Menu.Item onClick={() => go({ currency: "each" })} data-on={address.currency === "each"}>
          {m.sentence.eachCurrencyMeans}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The currency of a page's amounts: the charter's unless each is asked for apart. */
export function useCurrency(): string | undefined {
  const { address } = useHere();
  const words = useWords();
  if (address.currency === "each") return undefined;
  return address.currency ?? words.currency ?? undefined;
}
