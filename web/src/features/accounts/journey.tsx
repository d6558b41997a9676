//! One account on one line: marketing's touches above, sales' below, the stages as bands behind, deals
//! as bars with their amounts. A mark's place is its instant; nothing here is counted.

import { scaleTime } from "d3-scale";
import { cellOf, nameOf, type Rows } from "@/lib/answer";
import { sideOfTeam, stageOf, useWords, type Words } from "@/lib/book";
import type { Cell } from "@/lib/cell";
import { moment } from "@/lib/format";
import { useLocale, useMessages, wordOf } from "@/lib/i18n";
import { ChartFrame, chartCss as chart, hue } from "@/ui/chart/frame";
import css from "./journey.module.css";

const TOP = 24;
const LANE = 66;
const MIDDLE = TOP + LANE;
const DEALS = MIDDLE + LANE + 10;
const DEAL = 24;
const FOOT = 24;

interface Dot {
  at: Date;
  side: string;
  row: Cell[];
  kind: string;
  /** Marks of one day of one lane stand above each other. */
  level: number;
}

interface Band {
  stage: string;
  from: Date;
  until: Date;
}

interface DealBar {
  key: string;
  from: Date;
  until: Date;
  steps: { at: Date; text: string }[];
  isWon: boolean;
  isLost: boolean;
}

const dateOf = (answer: Rows, row: Cell[]): Date | null => {
  const text = cellOf(answer, row, "when");
  const date = typeof text === "string" ? new Date(text) : null;
  return date && !Number.isNaN(date.getTime()) ? date : null;
};

function dots(answer: Rows, words: Words): Dot[] {
  const level = new Map<string, number>();
  return answer.rows.flatMap((row) => {
    const at = dateOf(answer, row);
    if (!at || nameOf(answer, row, "what") !== "touch") return [];
    const team = nameOf(answer, row, "team");
    const side = sideOfTeam(words, team) ?? team;
    const lane = side === "sales" ? "sales" : "marketing";
    const day = `${lane}${at.toISOString().slice(0, 10).slice(0, 10)}`;
    const place = level.get(day) ?? 0;
    level.set(day, place + 1);
    const kind = /touch (\w+)/.exec(nameOf(answer, row, "detail"))?.[1] ?? "touch";
    return [{ at, side, row, kind, level: place }];
  });
}

function bands(answer: Rows, end: Date): Band[] {
  const found: Band[] = [];
  for (const row of answer.rows) {
    const at = dateOf(answer, row);
    const what = nameOf(answer, row, "what");
    const stage = nameOf(answer, row, "stage");
    if (!at) continue;
    // A stage that is only implied was passed in that instant.
    if (what === "enters") found.push({ stage, from: at, until: end });
    if (what === "leaves") {
      const open = found.findLast((band) => band.stage === stage && band.until === end);
      if (open) open.until = at;
    }
    if (what.startsWith("pursuit ends"))
      for (const band of found) if (band.until === end) band.until = at;
  }
  return found.filter((band) => band.until > band.from);
}

function deals(answer: Rows, end: Date): DealBar[] {
  const found = new Map<string, DealBar>();
  for (const row of answer.rows) {
    const at = dateOf(answer, row);
    if (!at || nameOf(answer, row, "what") !== "deal") continue;
    const key = nameOf(answer, row, "deal");
    const detail = nameOf(answer, row, "detail");
    const amount = /amount ([\d.]+ [A-Z]{3})/.exec(detail)?.[1];
    const bar = found.get(key) ?? {
      key,
      from: at,
      until: end,
      steps: [],
      isWon: false,
      isLost: false,
    };
    if (amount && bar.steps.at(-1)?.text !== amount) bar.steps.push({ at, text: amount });
    if (/status won/.test(detail)) [bar.isWon, bar.until] = [true, at];
    if (/status lost/.test(detail)) [bar.isLost, bar.until] = [true, at];
    found.set(key, bar);
  }
  return [...found.values()];
}

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
const size = (kind: string) => SIZES[kind] ?? 4.5;

export function Journey({ answer }: { answer: Rows }) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const all = answer.rows.map((row) => dateOf(answer, row)).filter((at): at is Date => at !== null);
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last) return null;
  const touches = dots(answer, words);
  const stages = bands(answer, last);
  const bars = deals(answer, last);
  const height = DEALS + bars.length * DEAL + FOOT;
  const count = (side: string) => touches.filter((dot) => dot.side === side).length;
  const summary = m.accounts.summary(
    String(count("marketing")),
    String(count("sales")),
    String(bars.length),
  );
  const x = (width: number) => scaleTime([first, last], [70, width - 16]);
  return (
    <ChartFrame summary={summary} height={height} least={760}>
      {(width) => {
        const at = x(width);
        return (
          <>
            <Bands bands={stages} at={at} words={words} />
            <text x={0} y={MIDDLE - LANE / 2} className={css.lane} data-side="marketing">
              {m.side.marketing}
            </text>
            <text x={0} y={MIDDLE + LANE / 2 + 6} className={css.lane} data-side="sales">
              {m.side.sales}
            </text>
            <line x1={70} x2={width - 16} y1={MIDDLE} y2={MIDDLE} className={chart.axis} />
            {touches.map((dot, index) => {
              const isBelow = dot.side === "sales";
              const y = isBelow ? MIDDLE + 14 + dot.level * 11 : MIDDLE - 14 - dot.level * 11;
              const tip = [
                wordOf(dot.kind, m),
                moment(dot.at.toISOString(), locale, words.zone),
                nameOf(answer, dot.row, "detail"),
                nameOf(answer, dot.row, "rep"),
              ]
                .filter((line) => line !== "–")
                .join("\n");
              return (
                <circle
                  key={index}
                  cx={at(dot.at)}
                  cy={y}
                  r={size(dot.kind)}
                  className={`${hue(dot.side)} ${css.dot}`}
                  data-tip={tip}
                />
              );
            })}
            {bars.map((bar, place) => (
              <DealLine key={bar.key} bar={bar} y={DEALS + place * DEAL} at={at} />
            ))}
            <Ticks at={at} height={height} />
          </>
        );
      }}
    </ChartFrame>
  );
}

type Scale = ReturnType<typeof scaleTime<number>>;

function Bands({
  bands: found,
  at,
  words,
}: {
  bands: Band[];
  at: Scale;
  words: ReturnType<typeof useWords>;
}) {
  return (
    <g>
      {found.map((band, place) => {
        const stage = stageOf(words, band.stage);
        const [left, right] = [at(band.from), at(band.until)];
        const name = stage?.name ?? band.stage;
        const hasRoom = right - left > name.length * 6.2 + 8;
        return (
          <g key={place} data-tip={`${name}\n${stage?.means.trim() ?? ""}`}>
            <rect
              x={left}
              y={TOP - 6}
              width={Math.max(right - left - 1, 0.5)}
              height={LANE * 2 + 6}
              className={`${hue(stage?.side, "soft")} ${css.band}`}
            />
            {hasRoom ? (
              <text x={left + 5} y={TOP - 11} className={chart.quiet}>
                {name}
              </text>
            ) : null}
          </g>
        );
      })}
    </g>
  );
}

function DealLine({ bar, y, at }: { bar: DealBar; y: number; at: Scale }) {
  const m = useMessages();
  const [left, right] = [at(bar.from), at(bar.until)];
  const last = bar.steps.at(-1)?.text ?? "";
  const end = bar.isWon ? m.deals.won : bar.isLost ? m.deals.lost : "";
  const steps = bar.steps.map((step) => step.text).join(" → ");
  // A label that has no room at the bar's right stands at its left.
  const isLate = right > (at.range()[1] ?? 0) - 150;
  return (
    <g data-tip={`${bar.key}${end ? `: ${end.toLowerCase()}` : ""}\n${steps}`}>
      <rect
        x={left}
        y={y}
        width={Math.max(right - left, 2)}
        height={10}
        rx={2}
        className={bar.isLost ? chart["soft-mark"] : chart["fill-mark"]}
      />
      {bar.steps.slice(1).map((step) => (
        <line
          key={step.text}
          x1={at(step.at)}
          x2={at(step.at)}
          y1={y - 2}
          y2={y + 12}
          className={css.step}
        />
      ))}
      <text
        x={isLate ? left - 6 : right + 6}
        y={y + 9}
        className={`${chart.figure} ${isLate ? chart.end : ""}`}
      >
        {bar.key} {last} {end}
      </text>
    </g>
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
    <g>
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
