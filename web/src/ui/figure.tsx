//! A figure. The one component that draws numbers: the value, what it is made of, how it stands
//! beside another period, and the way to its records.

import type { ReactNode } from "react";
import type { Origin } from "@/lib/address";
import { type Cell, type Column, extent } from "@/lib/cell";
import { direction, type Room, type Shown, show } from "@/lib/format";
import { unitName, useLocale, useMessages } from "@/lib/i18n";
import css from "./figure.module.css";
import { useRecordsLink } from "./here";
import { useNotes } from "./notes";
import { useRests } from "./rests";

interface FigureProps {
  cell: Cell | undefined;
  column: Column;
  /** The records behind it; without, the figure is no link. */
  origin?: Origin | undefined;
  /** Whose records those are, where they are of another figure than this one. */
  opens?: string | undefined;
  /** The same figure of the period compared with; `undefined` where nothing is compared. */
  was?: Cell | undefined;
  room?: Room;
  size?: "table" | "prose" | "head";
  /** It is how many of a share there are, and its records are the share's. */
  isPart?: boolean;
  /** Its share can still grow. */
  isUnripe?: boolean;
  /** What it may come to. */
  estimate?: Cell | undefined;
  /** Without the numerator and denominator under it, where they stand beside it already. */
  isBare?: boolean | undefined;
  /** It is told and not counted, though its shape does not say so. */
  isEstimate?: boolean | undefined;
  /** So few are behind it, as another cell of its row says. */
  few?: number | undefined;
  /** The head of its column or row has the unit. */
  isUnitSaid?: boolean;
}

export function Figure(props: FigureProps) {
  const { cell, column, was, room = "table", size = "table", isUnripe = false } = props;
  const locale = useLocale();
  const m = useMessages();
  const said = show(cell, column.type, locale, room);
  const shown = props.isEstimate ? estimated(said) : said;
  const few = shown.mark ? undefined : props.few;
  const classes = [
    css.figure,
    css[size],
    shown.mark && css[shown.mark],
    (shown.isSmall || few !== undefined) && css.small,
  ];
  if (isUnripe) classes.push(css.unripe);
  return (
    <span
      className={classes.filter(Boolean).join(" ")}
      data-figure
      data-unripe={isUnripe ? "" : undefined}
    >
      <Linked shown={shown} {...props} />
      {shown.under && !props.isBare ? (
        <span className={css.under} data-under>
          {shown.under}
        </span>
      ) : null}
      {shown.interval ? (
        <span className="unseen" data-interval>
          {m.figure.interval(shown.interval)}
        </span>
      ) : null}
      {few !== undefined && !shown.under && !props.isBare ? (
        <span className={css.under} data-few>
          n = {few}
        </span>
      ) : null}
      {props.estimate !== undefined ? <Estimate cell={props.estimate} /> : null}
      {was !== undefined && !(was === 0 && cell === 0) ? (
        <Was now={cell} was={was} column={column} room={room} />
      ) : null}
    </span>
  );
}

function Linked(props: FigureProps & { shown: Shown }) {
  const { shown, cell, column, origin, opens, isPart, isUnripe } = props;
  const unit = props.isUnitSaid ? null : <Unit column={column} shown={shown} />;
  const m = useMessages();
  const link = useRecordsLink();
  const rests = useRests(origin?.question);
  const find = useNotes();
  const notes = origin ? find(origin) : [];
  const said = [shown.exact, column.means];
  if (shown.isSmall || (props.few !== undefined && !shown.mark)) said.push(m.figure.small);
  if (isUnripe) said.push(m.figure.unripe);
  if (opens) said.push(m.checks.opens(opens));
  if (shown.mark === "unknown") said[0] = `${shown.text} ${m.figure.unknown}`;
  if (shown.mark === "not-applicable") said[0] = `${shown.text} ${m.figure.notApplicable}`;
  const isTellingMore = shown.exact !== shown.text || said.length > 2;
  said.push(rests);
  for (const note of notes) said.push(`${note.by ?? m.notes.gone}: ${note.words}`);
  const tip = said.filter(Boolean).join("\n");
  const isOpen = origin !== undefined && isSaid(cell) && shown.mark !== "not-applicable";
  if (!isOpen) {
    return (
      <span className={css.value} data-tip={tip} {...(isTellingMore ? { tabIndex: 0 } : {})}>
        {shown.text}
        {unit}
      </span>
    );
  }
  return (
    <a
      className={`${css.value} ${css.link}`}
      data-tip={tip}
      {...(isPart ? { "data-part": true } : {})}
      {...link(origin)}
    >
      {shown.text}
      {unit}
      {notes.length > 0 ? (
        <span className={css.noted}>
          <span className="unseen">{m.notes.count(notes.length)}</span>
        </span>
      ) : null}
    </a>
  );
}

/** The mark of what is told and not counted; what nobody knows needs none. */
function estimated(shown: Shown): Shown {
  if (shown.mark === "unknown" || shown.mark === "not-applicable" || shown.isEstimate) return shown;
  return { ...shown, text: `≈ ${shown.text}`, exact: `≈ ${shown.exact}`, isEstimate: true };
}

/** An estimate is marked as one, and has its interval. */
function Estimate({ cell }: { cell: Cell }) {
  const locale = useLocale();
  const shown = show(cell, "estimated_share", locale);
  return (
    <span className={css.estimate} data-estimate data-tip={shown.exact}>
      {shown.text}
    </span>
  );
}

/** What nobody knows has no records that could be opened. */
const isSaid = (cell: Cell | undefined) => cell !== null && cell !== undefined;

/** The unit, where the figure's own shape does not say it. */
function Unit({ column, shown }: { column: Column; shown: Shown }) {
  const m = useMessages();
  const isPlain = column.type === "decimal" || column.type === "number";
  if (!isPlain || !column.unit || shown.mark) return null;
  return <span className={css.unit}> {unitName(column.unit, m)}</span>;
}

interface WasProps {
  now: Cell | undefined;
  was: Cell;
  column: Column;
  room: Room;
}

/** The figure of before, and which of the two is more: a comparison, not a difference. */
function Was({ now, was, column, room }: WasProps) {
  const m = useMessages();
  const locale = useLocale();
  const way = direction(extent(now), extent(was));
  const before = show(was, column.type, locale, room);
  const sign = way === "up" ? "▲" : way === "down" ? "▼" : way === "same" ? "=" : "";
  const word = way === null ? "" : m.figure[way];
  return (
    <span className={css.was} data-was data-tip={m.figure.was(before.exact)}>
      {sign ? (
        <>
          <span aria-hidden="true">{sign} </span>
          <span className="unseen">{word} </span>
        </>
      ) : null}
      {m.figure.was(before.text)}
    </span>
  );
}

/** A term that the lexicon explains, to a pointer and to whoever comes by keys. */
export function Term({ means, children }: { means: string; children: ReactNode }) {
  return (
    <span className={css.term} data-tip={means} data-term tabIndex={0}>
      {children}
    </span>
  );
}
