//! One account on one line: marketing's touches above, sales' below, the stages as bands behind, deals
//! as bars with their amounts. A mark's place is its instant; every mark leads to its line, which says
//! where it comes from; nothing here is counted.

import { scaleTime } from "d3-scale";
import { writeSearch } from "@/lib/address";
import { nameOf, type Rows } from "@/lib/answer";
import { stageOf, useWords, type Words } from "@/lib/book";
import { moment, money, show } from "@/lib/format";
import { type Messages, useLocale, useMessages, wordIn } from "@/lib/i18n";
import { detailOf } from "@/lib/i18n/templated";
import {
  type Band,
  bands,
  type DealBar,
  type Dot,
  dateOf,
  deals,
  dots,
  ENDED,
  flags,
  type Lane,
  peopleIn,
  personOf,
  placeOf,
} from "@/lib/journey";
import { ChartFrame, chartCss as chart, hue, Mark } from "@/ui/chart/frame";
import { useHere } from "@/ui/here";
import { Flags, type Issue } from "./flags";
import css from "./journey.module.css";

const TOP = 24;
const LEFT = 76;
const LEAST_LANE = 44;
const MOST_LANE = 118;
const STEP = 11;
const DEAL = 24;
const FOOT = 24;

/** What two people did together shows larger than what one saw alone. */
const SIZES: Record<string, number> = {
  meeting: 6,
  demo: 6.5,
  call: 5,
  webinar: 5,
  event_visit: 5.5,
  call_attempt: 3.5,
  email_click: 3.5,
  ad_click: 3.5,
};
const size = (kind: string) => (Object.hasOwn(SIZES, kind) ? SIZES[kind] : undefined) ?? 4.5;

interface JourneyProps {
  answer: Rows;
  /** Up to when the sources show everything: what is open stands until then. */
  horizon: string | null | undefined;
  /** What a line earns under each model, by where it comes from. */
  earns: ReadonlyMap<string, string>;
  /** What is wrong with what the journey rests on. */
  issues: readonly Issue[];
}

/** A lane: where its first mark stands and which way the others go from there. */
interface Placed {
  lane: Lane;
  first: number;
  way: 1 | -1;
  step: number;
  label: number;
}

/** Lanes as high as their fullest day; the third is there only if somebody else did something. */
function placed(touches: readonly Dot[]): { lanes: Placed[]; middle: number; bottom: number } {
  const room = (lane: Lane) => {
    const levels = touches.filter((dot) => dot.lane === lane).map((dot) => dot.level + 1);
    const most = Math.max(1, ...levels);
    const high = Math.min(Math.max(most * STEP + 20, LEAST_LANE), MOST_LANE);
    return { high, step: Math.min(STEP, (high - 20) / most) };
  };
  const [above, below, others] = [room("marketing"), room("sales"), room("others")];
  const middle = TOP + above.high;
  const end = middle + below.high;
  const lanes: Placed[] = [
    { lane: "marketing", first: middle - 14, way: -1, step: above.step, label: middle - 12 },
    { lane: "sales", first: middle + 14, way: 1, step: below.step, label: middle + 18 },
  ];
  if (!touches.some((dot) => dot.lane === "others")) return { lanes, middle, bottom: end };
  lanes.push({ lane: "others", first: end + 16, way: 1, step: others.step, label: end + 20 });
  return { lanes, middle, bottom: end + others.high };
}

export function Journey({ answer, horizon, earns, issues }: JourneyProps) {
  const lead = useLine();
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const all = answer.rows.map((row) => dateOf(answer, row)).filter((at): at is Date => at !== null);
  const [first, latest] = [all[0], all.at(-1)];
  if (!first || !latest) return <p className={css.undated}>{m.accounts.undated}</p>;
  const seen = horizon ? new Date(horizon) : latest;
  const last = new Date(Math.max(seen.getTime(), latest.getTime()));
  const touches = dots(answer, words.teams);
  const stages = bands(answer, last);
  const bars = deals(answer, last);
  const flagged = flags(answer);
  const { lanes, middle, bottom } = placed(touches);
  const height = bottom + 10 + bars.length * DEAL + FOOT;
  const count = (side: string) =>
    show(touches.filter((dot) => dot.side === side).length, "count", locale).text;
  const summary = m.accounts.summary(
    count("marketing"),
    count("sales"),
    show(bars.length, "count", locale).text,
    show(peopleIn(answer), "count", locale).text,
  );
  return (
    <ChartFrame summary={summary} height={height} least={760}>
      {(width) => {
        const at = scaleTime([first, last], [LEFT, width - 16]);
        return (
          <>
            <Bands bands={stages} at={at} words={words} bottom={bottom} />
            {lanes.map((lane) => (
              <text key={lane.lane} x={0} y={lane.label} className={css.lane} data-side={lane.lane}>
                {lane.lane === "others" ? m.accounts.others : m.side[lane.lane]}
              </text>
            ))}
            <line x1={LEFT} x2={width - 16} y1={middle} y2={middle} className={chart.axis} />
            {touches.map((dot) => (
              <Touch key={dot.line} dot={dot} answer={answer} lanes={lanes} at={at} earns={earns} />
            ))}
            <Flags flags={flagged} answer={answer} issues={issues} at={at} y={middle} lead={lead} />
            {bars.map((bar, place) => (
              <DealLine key={bar.key} bar={bar} y={bottom + 10 + place * DEAL} at={at} />
            ))}
            <Ticks at={at} height={height} />
          </>
        );
      }}
    </ChartFrame>
  );
}

type Scale = ReturnType<typeof scaleTime<number>>;

/** Leads to a line below the drawing. */
export function useLine(): (line: number) => { href: string; go: () => void } {
  const { address, go } = useHere();
  return (line) => {
    const step = String(line + 1);
    return {
      href: writeSearch({ ...address, step }),
      go: () => go({ step }, { replace: true }),
    };
  };
}

interface TouchProps {
  dot: Dot;
  answer: Rows;
  lanes: readonly Placed[];
  at: Scale;
  earns: ReadonlyMap<string, string>;
}

function Touch({ dot, answer, lanes, at, earns }: TouchProps) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const lead = useLine();
  const lane = lanes.find((one) => one.lane === dot.lane);
  const row = answer.rows[dot.line] ?? [];
  if (!lane) return null;
  const side = wordIn(m.side, dot.side) ?? dot.side;
  const kind = kindWord(dot.kind);
  const when = moment(dot.at.toISOString(), locale, words.zone);
  const person = personOf(answer, row);
  const lines = [
    `${kind} · ${side}`,
    when,
    person === null ? "" : m.accounts.person(String(person)),
    detailOf(nameOf(answer, row, "detail"), m),
    nameOf(answer, row, "rep"),
    earns.get(placeOf(answer, row)) ?? "–",
  ].filter((line) => line !== "–" && line !== "");
  return (
    <Mark to={lead(dot.line)} tip={lines.join("\n")} label={`${side}, ${kind}, ${when}`}>
      <circle
        cx={at(dot.at)}
        cy={lane.first + lane.way * dot.level * lane.step}
        r={size(dot.kind)}
        className={`${hue(dot.side)} ${css.dot}`}
      />
    </Mark>
  );
}

/** A kind of touch is its source's word: it is shown as it is, but for its dashes. */
const kindWord = (kind: string) => kind.replaceAll("_", " ");

function Bands({
  bands: found,
  at,
  words,
  bottom,
}: {
  bands: Band[];
  at: Scale;
  words: Words;
  bottom: number;
}) {
  const locale = useLocale();
  const lead = useLine();
  return (
    <g>
      {found.map((band) => {
        const stage = stageOf(words, band.stage);
        const [left, right] = [at(band.from), at(band.until)];
        const name = stage?.name ?? band.stage;
        const hasRoom = right - left > name.length * 6.2 + 8;
        const span = [band.from, band.until]
          .map((one) => moment(one.toISOString(), locale, words.zone))
          .join(" – ");
        return (
          <Mark
            key={band.line}
            to={lead(band.line)}
            tip={[name, span, stage?.means.trim() ?? ""].filter(Boolean).join("\n")}
            label={`${name}, ${span}`}
            texts={
              hasRoom ? (
                <text x={left + 5} y={TOP - 11} className={chart.quiet}>
                  {name}
                </text>
              ) : null
            }
          >
            <rect
              x={left}
              y={TOP - 6}
              width={Math.max(right - left - 1, 0.5)}
              height={bottom - TOP + 6}
              className={`${hue(stage?.side, "soft")} ${css.band}`}
            />
          </Mark>
        );
      })}
    </g>
  );
}

/** How a deal stands, in our words where it is one of ours. */
export function standing(status: string, m: Messages): string {
  if (status === "won") return m.deals.won;
  if (status === "lost") return m.deals.lost;
  return status === "" ? "" : (wordIn(m.ids, status) ?? status);
}

function DealLine({ bar, y, at }: { bar: DealBar; y: number; at: Scale }) {
  const m = useMessages();
  const locale = useLocale();
  const { address, go } = useHere();
  const [left, right] = [at(bar.from), at(bar.until)];
  const last = bar.steps.at(-1);
  const end = standing(bar.status, m);
  const steps = bar.steps.map((step) => money(step.amount, locale)).join(" → ");
  const amount = last ? money(last.amount, locale, "short") : "";
  // A label that has no room at the bar's right stands at its left.
  const isLate = right > (at.range()[1] ?? 0) - 150;
  const to = {
    href: writeSearch({ ...address, deal: bar.key }),
    go: () => go({ deal: bar.key }, { replace: true }),
  };
  const turns = bar.turns.filter((turn) => ENDED.has(turn.status));
  return (
    <Mark
      to={to}
      tip={[`${bar.key}${end ? `: ${end}` : ""}`, steps, m.accounts.openBook]
        .filter(Boolean)
        .join("\n")}
      label={[bar.key, end, last ? money(last.amount, locale) : ""].filter(Boolean).join(", ")}
      texts={
        <text
          x={isLate ? left - 6 : right + 6}
          y={y + 9}
          className={`${chart.figure} ${isLate ? chart.end : ""}`}
        >
          {[bar.key, amount, end].filter(Boolean).join(" ")}
        </text>
      }
    >
      <rect
        x={left}
        y={y}
        width={Math.max(right - left, 2)}
        height={10}
        rx={2}
        className={bar.status === "lost" ? chart["soft-mark"] : chart["fill-mark"]}
      />
      {bar.steps.slice(1).map((step, nth) => (
        <line
          key={nth}
          x1={at(step.at)}
          x2={at(step.at)}
          y1={y - 2}
          y2={y + 12}
          className={css.step}
        />
      ))}
      {turns.slice(0, ENDED.has(bar.status) ? -1 : undefined).map((turn, nth) => (
        <circle key={nth} cx={at(turn.at)} cy={y + 5} r={3} className={css.turned} />
      ))}
    </Mark>
  );
}

function Ticks({ at, height }: { at: Scale; height: number }) {
  const locale = useLocale();
  const format = new Intl.DateTimeFormat(locale, {
    month: "short",
    year: "2-digit",
    timeZone: "UTC",
  });
  return (
    <g aria-hidden="true">
      {at.ticks(8).map((tick) => (
        <text
          key={tick.getTime()}
          x={at(tick)}
          y={height - 6}
          className={`${chart.quiet} ${chart.middle}`}
        >
          {format.format(tick)}
        </text>
      ))}
    </g>
  );
}
