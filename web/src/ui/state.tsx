//! What stands where figures do not: a refusal with its remedy, nothing yet, and waiting.

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Refused, Unreachable } from "@/api/client";
import { useMessages } from "@/lib/i18n";
import css from "./state.module.css";

export function Trouble({ error, again }: { error: unknown; again?: (() => void) | undefined }) {
  const m = useMessages();
  if (error instanceof Refused) return <Problem error={error} again={again} />;
  const isAway = error instanceof Unreachable;
  return (
    <section className={css.trouble} role="alert">
      <h3>{isAway ? m.state.offline : m.state.fault}</h3>
      <p>{isAway ? m.state.offlineFix : m.state.faultFix}</p>
      {again ? <Again again={again} /> : null}
    </section>
  );
}

function Problem({ error, again }: { error: Refused; again?: (() => void) | undefined }) {
  const m = useMessages();
  const { code, title, place, matters, fix, status, request_id } = error.problem;
  const isFault = status >= 500;
  return (
    <section className={css.trouble} role="alert">
      <p className={css.code}>
        {status === 403 ? m.state.forbidden : isFault ? m.state.fault : m.state.refused}
        {code ? <span> · {code}</span> : null}
      </p>
      <h3>{title}</h3>
      <dl>
        <Said word={m.state.where} text={place} />
        <Said word={m.state.matters} text={matters} />
        <Said word={m.state.fix} text={fix ?? (isFault ? m.state.faultFix : null)} />
      </dl>
      {isFault && request_id ? <p className={css.code}>{m.state.request(request_id)}</p> : null}
      {isFault && again ? <Again again={again} /> : null}
    </section>
  );
}

function Said({ word, text }: { word: string; text: string | null | undefined }) {
  if (!text) return null;
  return (
    <>
      <dt>{word}</dt>
      <dd>{text}</dd>
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
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className={css.empty}>
      <h3>{title}</h3>
      {children ? <p>{children}</p> : null}
      {action}
    </div>
  );
}

/** Nothing for 200 ms, then a quiet shape of what will come, of the size that it will have. */
export function Waiting({ height }: { height: number }) {
  const m = useMessages();
  return (
    <div className={css.waiting} style={{ height }} role="status">
      <span className="unseen">{m.state.loading}</span>
    </div>
  );
}

interface AnsweredProps<T> {
  query: UseQueryResult<T>;
  height: number;
  children: (data: T) => ReactNode;
}

/** A query's answer, or what stands in its place. */
export function Answered<T>({ query, height, children }: AnsweredProps<T>) {
  if (query.data !== undefined && !query.isPlaceholderData) return <>{children(query.data)}</>;
  if (query.isError) return <Trouble error={query.error} again={() => void query.refetch()} />;
  if (query.data !== undefined) return <div className={css.stale}>{children(query.data)}</div>;
  return <Waiting height={height} />;
}
