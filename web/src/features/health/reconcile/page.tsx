//! Totals of the CRM's own report beside ours: what is typed or pasted, what of it cannot be read, and
//! what differs. Nothing is written, and what was typed stays in this browser.

import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { type Reconciled, reconcile } from "@/api/reconcile";
import { useWords } from "@/lib/book";
import { offered, type Period } from "@/lib/calendar";
import { count } from "@/lib/format";
import { useLocale, useMessages } from "@/lib/i18n";
import { readTotals, type Unread } from "@/lib/totals";
import { useAct } from "@/ui/act";
import { Area, Button, Choice, Field, Form, Pair } from "@/ui/field";
import { useHere } from "@/ui/here";
import { Page } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { Beside } from "./beside";
import css from "./page.module.css";

const GRAINS = ["month", "quarter", "year"] as const;
type Grain = (typeof GRAINS)[number];

/** What was typed, in this tab. */
const KEPT = "handfast.totals";

function kept(): string {
  try {
    return sessionStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

type Given = Parameters<typeof reconcile>[0];

export function ReconcilePage() {
  const m = useMessages();
  const { address } = useHere();
  const isPast = Boolean(address["as-of"] || address.charter);
  const doing = useAct();
  const [answer, setAnswer] = useState<Reconciled | null>(null);
  const back = (
    <Link to="/health" search={(now) => now}>
      {m.reconcile.toHealth}
    </Link>
  );
  const compare = (given: Given | null) => {
    // Beside a refusal no earlier comparison stands, which would be of other lines.
    setAnswer(null);
    doing.forget();
    if (given) void doing.run(async () => setAnswer(await reconcile(given)));
  };
  return (
    <Page question={m.reconcile.question} sentence={back}>
      <Panel title={m.reconcile.form} means={m.reconcile.formMeans}>
        {isPast ? <p className={css.past}>{m.book.now}</p> : null}
        <Desk isBusy={doing.isBusy} error={doing.error} compare={compare} />
      </Panel>
      {answer ? <Beside answer={answer} /> : null}
      {answer || doing.error || doing.isBusy ? null : (
        <Panel title={m.reconcile.none}>
          <p className={css.quiet}>{m.reconcile.noneText}</p>
        </Panel>
      )}
    </Page>
  );
}

interface DeskProps {
  isBusy: boolean;
  error: unknown;
  /** Nothing is compared where nothing can be read. */
  compare: (given: Given | null) => void;
}

function Desk({ isBusy, error, compare }: DeskProps) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const { address, go } = useHere();
  const by = GRAINS.find((one) => one === address.by) ?? "month";
  const own = address.currency === "each" ? undefined : address.currency;
  const [typed, setTyped] = useState<string | null>(null);
  const currency = typed ?? own ?? words.currency ?? "";
  const [text, setText] = useState(kept);
  const [unread, setUnread] = useState<Unread[]>([]);
  const [isEmpty, setEmpty] = useState(false);
  useEffect(() => {
    try {
      sessionStorage.setItem(KEPT, text);
    } catch {
      // A browser that keeps nothing still compares.
    }
  }, [text]);
  const put = (next: string) => {
    setText(next);
    setUnread([]);
    setEmpty(false);
  };
  const submit = () => {
    const read = readTotals(text, { locale, currency });
    setUnread(read.unread);
    setEmpty(read.unread.length === 0 && read.totals.length === 0);
    if (typed !== null) go({ currency }, { replace: true });
    const isRead = read.unread.length === 0 && read.totals.length > 0;
    compare(isRead ? { by, currency, lines: read.totals } : null);
  };
  const newest = missing(words.periods, by, text);
  return (
    <Form
      send={m.reconcile.send}
      isBusy={isBusy}
      isOff={text.trim() === "" || !/^[A-Z]{3}$/.test(currency)}
      error={error}
      submit={submit}
      beside={
        newest.length > 0 ? (
          <Button kind="quiet" onClick={() => put(withLines(text, newest))}>
            {m.reconcile.fill}
          </Button>
        ) : null
      }
    >
      <Pair>
        <Choice
          label={m.reconcile.by}
          value={by}
          put={(id) => go({ by: id === "month" ? "" : id }, { replace: true })}
          options={GRAINS.map((id) => ({ id, name: m.reconcile.grains[id] ?? id }))}
        />
        <Field
          label={m.reconcile.currency}
          value={currency}
          put={(next) => setTyped(next.toUpperCase())}
          least={3}
          most={3}
          isRequired
        />
      </Pair>
      <Area
        label={m.reconcile.lines}
        help={m.reconcile.linesMeans}
        value={text}
        put={put}
        rows={8}
        most={20_000}
        placeholder={m.reconcile.examples[by] ?? ""}
        isRequired
      />
      {isEmpty ? (
        <p role="alert" className={css.unread}>
          {m.reconcile.nothing}
        </p>
      ) : null}
      {unread.length > 0 ? <NotRead lines={unread} /> : null}
    </Form>
  );
}

function NotRead({ lines }: { lines: readonly Unread[] }) {
  const m = useMessages();
  const locale = useLocale();
  return (
    <section role="alert" className={css.unread}>
      <h3>{m.reconcile.unread}</h3>
      <ul>
        {lines.map((one) => (
          <li key={one.line}>
            {m.reconcile.line(count(one.line, locale), one.text)} {m.reconcile.why[one.why]}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The newest periods of which no line says anything yet. */
function missing(periods: readonly Period[], by: Grain, text: string): string[] {
  const all = offered(periods);
  const of = { month: all.months, quarter: all.quarters, year: all.years }[by];
  const said = new Set(text.split("\n").map((line) => line.trim().split(/[\s;,|]+/)[0]));
  return of.filter((name) => !said.has(name));
}

function withLines(text: string, names: readonly string[]): string {
  const before = text.trimEnd();
  return [...(before ? [before] : []), ...names.map((name) => `${name}   `)].join("\n");
}
