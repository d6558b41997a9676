//! What stands where figures do not: a refusal with its remedy, nothing yet, and waiting.

import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { Refused, Unreachable } from "@/api/client";
import { type Messages, useMessages, useRefusals } from "@/lib/i18n";
import { placeOf, refusalOf } from "@/lib/refusal";
import css from "./state.module.css";

export function Trouble({ error, again }: { error: unknown; again?: (() => void) | undefined }) {
  const m = useMessages();
  if (error instanceof Refused) return <Problem error={error} again={again} />;
  const isAway = error instanceof Unreachable;
  return (
    <section className={css.trouble} role="alert">
      <h2>{isAway ? m.state.offline : m.state.fault}</h2>
      <p>{isAway ? m.state.offlineFix : m.state.faultFix}</p>
      {again ? <Again again={again} /> : null}
    </section>
  );
}

function Problem({ error, again }: { error: Refused; again?: (() => void) | undefined }) {
  const m = useMessages();
  const isHere = useRefusals();
  const { code, place, status, request_id } = error.problem;
  const { title, matters, fix, own } = refusalOf(error.problem, m);
  const isFault = status >= 500;
  const isBusy = status === 503;
  // Whoever listens would hear it in two languages.
  if (!isHere) return null;
  return (
    <section className={css.trouble} role="alert">
      <p className={css.code}>
        {heads(status, m)}
        {code ? (
          <span>
            {" · "}
            <a href={`/errors/${code}`} target="_blank" rel="noreferrer">
              {code}
            </a>
          </span>
        ) : null}
      </p>
      <h2>{title}</h2>
      <dl>
        <Said word={m.state.where} text={placeOf(place)} />
        <Said word={m.state.matters} text={matters} />
        <Said word={m.state.fix} text={fix ?? (isFault && !isBusy ? m.state.faultFix : null)} />
        <Said word={m.state.own} text={own.join("; ")} lang="en" />
      </dl>
      {isFault && request_id ? <p className={css.code}>{m.state.request(request_id)}</p> : null}
      {isFault && again ? <Again again={again} /> : null}
    </section>
  );
}

function heads(status: number, m: Messages): string {
  if (status === 403) return m.state.forbidden;
  if (status === 503) return m.state.busy;
  return status >= 500 ? m.state.fault : m.state.refused;
}

interface SaidProps {
  word: string;
  text: string | null | undefined;
  lang?: string;
}

function Said({ word, text, lang }: SaidProps) {
  if (!text) return null;
  return (
    <>
      <dt>{word}</dt>
      <dd lang={lang}>{text}</dd>
    </>
  );
}

function Again({ again }: { again: () => void }) {
  const m = useMessages();
  return (
    <button type="button" className={css.button} onClick={again}>
      {m.state.again}
    </button>
  );
}

interface EmptyProps {
  title: string;
  /** The first heading of a page that has nothing else. */
  head?: "h1" | "h2";
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ title, head: Head = "h2", children, action }: EmptyProps) {
  return (
    <div className={css.empty}>
      <Head>{title}</Head>
      {children ? <p>{children}</p> : null}
      {action}
    </div>
  );
}

/** Nothing for 200 ms, then a quiet shape of what will come, of the size that it will have. */
export function Waiting({ height, said }: { height: number; said?: string | undefined }) {
  const m = useMessages();
  return (
    <div className={css.waiting} style={{ height }} role="status">
      <span className={said ? css.long : "unseen"}>{said ?? m.state.loading}</span>
    </div>
  );
}

interface AnsweredProps<T> {
  query: UseQueryResult<T>;
  height: number;
  children: (data: T) => ReactNode;
}

/**
 * A query's answer, or what stands in its place. While another is on its way the old one stays,
 * whole and as it was asked, and does nothing.
 */
export function Answered<T>({ query, height, children }: AnsweredProps<T>) {
  const m = useMessages();
  const kept = useRef<ReactNode>(null);
  if (query.data !== undefined) {
    const shown = children(query.data);
    kept.current = shown;
    return <>{shown}</>;
  }
  if (query.isError) return <Trouble error={query.error} again={() => void query.refetch()} />;
  if (kept.current === null) {
    // What takes long is asked for again by itself, and whoever waits is told so.
    const isLong = query.failureReason instanceof Refused;
    return <Waiting height={height} said={isLong ? m.state.long : undefined} />;
  }
  return (
    <div className={css.stale} inert aria-busy="true">
      {kept.current}
    </div>
  );
}
