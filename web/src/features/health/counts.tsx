//! What became of rows: mapped, reference, ignored, set aside, and why.

import type { Counts } from "@/api/intake";
import { count } from "@/lib/format";
import { asideOf, useLocale, useMessages } from "@/lib/i18n";
import css from "./intake.module.css";

const KINDS = ["mapped", "reference", "ignored", "set_aside"] as const;

/** The parts of all rows as one thin bar: each as long as it is of the whole. */
export function Share({ counts }: { counts: Counts }) {
  const m = useMessages();
  const locale = useLocale();
  if (counts.rows === 0) return null;
  const said = KINDS.map((kind) => `${m.intake.kinds[kind]} ${count(counts[kind], locale)}`);
  return (
    <span className={css.share} role="img" aria-label={said.join(", ")} data-tip={said.join("\n")}>
      {KINDS.map((kind) => (
        <span key={kind} data-kind={kind} style={{ flexGrow: counts[kind] }} />
      ))}
    </span>
  );
}

/** Counts by reason, the largest first; nothing where there are none. */
export function Reasons({ title, of }: { title: string; of: Record<string, number> }) {
  const m = useMessages();
  const locale = useLocale();
  const reasons = Object.entries(of).sort(([, a], [, b]) => b - a);
  if (reasons.length === 0) return null;
  return (
    <div className={css.reasons}>
      <h4>{title}</h4>
      <ul>
        {reasons.map(([reason, n]) => (
          <li key={reason}>
            <span className={css.figure}>{count(n, locale)}</span> {asideOf(reason, m)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The figures of some rows, one beside the other. */
export function Figures({ counts, fresh }: { counts: Counts; fresh?: number | undefined }) {
  const m = useMessages();
  const locale = useLocale();
  const said: [string, number][] = [
    [m.intake.rows, counts.rows],
    ...(fresh === undefined ? [] : ([[m.intake.fresh, fresh]] as [string, number][])),
    [m.intake.known, counts.known],
    ...KINDS.map((kind): [string, number] => [m.intake.kinds[kind] ?? kind, counts[kind]]),
    [m.intake.facts, counts.facts],
  ];
  return (
    <dl className={css.figures}>
      {said.map(([name, n]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={n === 0 ? css.quiet : ""}>{count(n, locale)}</dd>
        </div>
      ))}
    </dl>
  );
}
