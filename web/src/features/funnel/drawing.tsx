//! The one drawing: from first inquiry to won, both teams' stages under their band, what went on as a
//! ribbon, what left otherwise below the line. Heights are linear from zero and of one scale.

import { scaleLinear } from "d3-scale";
import { show } from "@/lib/format";
import { type Locale, type Messages, useLocale, useMessages, wordOf } from "@/lib/i18n";
import { ChartFrame, chartCss as chart, hatchOf, hue, Mark } from "@/ui/chart/frame";
import css from "./drawing.module.css";
import { type DrawnStage, height, type Told, underName } from "./shape";

const BAND = 22;
const HEAD = 62;
const BODY = 190;
const LEAK_GAP = 10;
const LEAK_MOST = 54;
const LEAST = 118;

interface DrawingProps {
  stages: DrawnStage[];
  summary: string;
  chosen: string | undefined;
  choose: (id: string) => void;
  /** Typical time in a stage, by its id. */
  times: Map<string, string>;
  /** Whether what is drawn flows from stage to stage; who is where at an instant does not. */
  hasRibbons: boolean;
}

interface Placed {
  stage: DrawnStage;
  left: number;
  width: number;
  bar: number;
  top: number;
  base: number;
  /** By how much all that left is drawn shorter, so that the longest has room: 1 where it has. */
  fit: number;
}

export function FunnelDrawing(props: DrawingProps) {
  const { stages, summary, chosen, choose, times, hasRibbons } = props;
  const m = useMessages();
  const locale = useLocale();
  const most = Math.max(
    ...stages.map((stage) => height(stage.volume?.cell) + height(stage.standing?.cell)),
    ...stages.map((stage) => height(stage.before)),
    1,
  );
  const y = scaleLinear([0, most], [0, BODY]);
  // Heights keep the scale of the columns; where one would leave the drawing, all stages shrink alike
  // and the break is drawn.
  const deepest = Math.max(
    ...stages.map((stage) => stage.leaks.reduce((sum, leak) => sum + y(height(leak.cell)) + 1, 0)),
    1,
  );
  const fit = Math.min(1, LEAK_MOST / deepest);
  const lines = Math.max(0, ...stages.map((stage) => Math.min(stage.leaks.length, LINES + 1)));
  const below = lines > 0 ? LEAK_GAP + LEAK_MOST + 12 + lines * 15 : 8;
  return (
    <ChartFrame summary={summary} height={BAND + HEAD + BODY + below} least={stages.length * LEAST}>
      {(width) => {
        const each = width / Math.max(stages.length, 1);
        const placed: Placed[] = stages.map((stage, at) => ({
          stage,
          left: at * each,
          width: each,
          bar: Math.min(each * 0.46, 96),
          base: BAND + HEAD + BODY,
          fit,
          top: BAND + HEAD + BODY - y(height(stage.volume?.cell) + height(stage.standing?.cell)),
        }));
        return (
          <>
            <Bands placed={placed} m={m} />
            {(hasRibbons ? placed : []).map((one, at) => (
              <Ribbon
                key={one.stage.id}
                from={one}
                to={placed[at + 1]}
                y={y}
                locale={locale}
                m={m}
              />
            ))}
            <line
              x1={0}
              x2={width}
              y1={BAND + HEAD + BODY}
              y2={BAND + HEAD + BODY}
              className={chart.axis}
            />
            {placed.map((one) => (
              <StageColumn
                key={one.stage.id}
                placed={one}
                y={y}
                time={times.get(one.stage.id)}
                isChosen={chosen === one.stage.id}
                choose={choose}
              />
            ))}
          </>
        );
      }}
    </ChartFrame>
  );
}

/** Whose stages these are: one band for neighbours of one team's side, a knot where it changes hands. */
function Bands({ placed, m }: { placed: Placed[]; m: Messages }) {
  const runs: { side: string | null; team: string | null; left: number; right: number }[] = [];
  for (const { stage, left, width } of placed) {
    const last = runs.at(-1);
    if (last && last.side === stage.side) last.right = left + width;
    else runs.push({ side: stage.side, team: stage.team, left, right: left + width });
  }
  return (
    <g>
      {runs.map((run, at) => (
        <g key={run.left}>
          <rect
            x={run.left + (at === 0 ? 0 : 9)}
            y={0}
            width={Math.max(
              run.right - run.left - (at === 0 ? 0 : 9) - (at < runs.length - 1 ? 9 : 0),
              0,
            )}
            height={BAND - 4}
            rx={4}
            className={hue(run.side, "soft")}
          />
          <text
            x={run.left + (at === 0 ? 0 : 9) + 9}
            y={13}
            className={css.band}
            data-side={run.side ?? "unknown"}
          >
            {m.side[(run.side ?? "unknown") as keyof Messages["side"]] ?? run.side}
          </text>
          {at < runs.length - 1 ? (
            <g data-tip={m.funnel.handoff}>
              <rect
                x={run.right - 9}
                y={0}
                width={18}
                height={BAND - 4}
                className={hue("joint", "soft")}
              />
              <circle cx={run.right} cy={(BAND - 4) / 2} r={4} className={hue("joint")} />
            </g>
          ) : null}
        </g>
      ))}
    </g>
  );
}

interface ColumnProps {
  placed: Placed;
  y: (value: number) => number;
  time: string | undefined;
  isChosen: boolean;
  choose: (id: string) => void;
}

function StageColumn({ placed, y, time, isChosen, choose }: ColumnProps) {
  const m = useMessages();
  const locale = useLocale();
  const { stage, left, bar, top, base } = placed;
  const entered = y(height(stage.volume?.cell));
  const standing = y(height(stage.standing?.cell));
  const before = stage.before === undefined ? null : y(height(stage.before));
  const shown = stage.volume ? show(stage.volume.cell, stage.volume.column.type, locale) : null;
  return (
    <g>
      <StageHead placed={placed} isChosen={isChosen} choose={choose} time={time} />
      {stage.standing && standing > 0 ? (
        <TellMark told={stage.standing} name={stage.name} m={m} locale={locale}>
          <rect
            x={left}
            y={base - standing}
            width={bar}
            height={standing}
            className={hue(stage.side, "soft")}
          />
        </TellMark>
      ) : null}
      {stage.volume ? (
        <TellMark
          told={stage.volume}
          name={stage.name}
          m={m}
          locale={locale}
          more={growth(stage, m, locale)}
          texts={
            <text x={left} y={top - 8} className={css.count}>
              {stage.volume.column.type === "ratio" ? partOf(stage.volume, locale) : shown?.text}
              {stage.estimate === undefined ? null : (
                <tspan className={css.estimate} dx={6} data-estimate>
                  {show(stage.estimate, "estimated_share", locale).text}
                </tspan>
              )}
            </text>
          }
        >
          <rect x={left} y={top - 22} width={bar} height={22} fill="transparent" />
          <rect
            x={left}
            y={top}
            width={bar}
            height={Math.max(entered, height(stage.volume.cell) > 0 ? 1 : 0)}
            rx={1.5}
            {...(stage.isUnripe
              ? { fill: `url(#${hatchOf(stage.side)})`, "data-unripe": "" }
              : { className: hue(stage.side) })}
          />
        </TellMark>
      ) : null}
      {before !== null ? (
        <rect
          x={left - 2.5}
          y={base - standing - before}
          width={bar + 5}
          height={before}
          className={chart.before}
          data-before
        />
      ) : null}
      <Leaks placed={placed} y={y} m={m} locale={locale} choose={choose} />
    </g>
  );
}

/** What a tip adds where a share can still grow: that, and its estimate with the interval. */
function growth(stage: DrawnStage, m: Messages, locale: Locale): string[] {
  if (!stage.isUnripe) return [];
  const { estimate } = stage;
  const said = estimate === undefined ? [] : [show(estimate, "estimated_share", locale).exact];
  return [m.figure.unripe, ...said];
}

/** Of a share the part stands above the column and the share beside the name. */
function partOf(told: Told, locale: Locale): string {
  return show(height(told.cell), "count", locale).text;
}

function StageHead({ placed, isChosen, choose, time }: Omit<ColumnProps, "y">) {
  const m = useMessages();
  const locale = useLocale();
  const { stage, left, width } = placed;
  const isShare = stage.volume?.column.type === "ratio";
  const most = Math.floor((width - 12) / 7);
  const name = stage.name.length > most ? `${stage.name.slice(0, most - 1)}…` : stage.name;
  const promised =
    stage.maxDays === null ? null : show({ days: stage.maxDays }, "days", locale).text;
  const limit = promised && m.funnel.limit(promised);
  const under = isShare && stage.volume ? show(stage.volume.cell, "ratio", locale).text : time;
  const press = () => choose(isChosen ? "" : stage.id);
  return (
    <>
      <g
        role="button"
        tabIndex={0}
        className={css.head}
        aria-pressed={isChosen}
        aria-label={stage.name}
        data-tip={[stage.name, stage.means.trim(), limit].filter(Boolean).join("\n")}
        onClick={press}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            press();
          }
        }}
      >
        <rect x={left - 4} y={BAND} width={width - 4} height={36} rx={5} className={css.room} />
      </g>
      <g aria-hidden="true" className={chart.texts}>
        <text x={left} y={BAND + 15} className={css.name}>
          {name}
        </text>
        <text x={left} y={BAND + 30} className={chart.quiet}>
          {underName(under, promised)}
        </text>
      </g>
    </>
  );
}

function Leaks({
  placed,
  y,
  m,
  locale,
  choose,
}: {
  placed: Placed;
  y: (n: number) => number;
  m: Messages;
  locale: Locale;
  choose: (id: string) => void;
}) {
  const { stage, left, bar, base, fit } = placed;
  let at = base + LEAK_GAP;
  const shapes = stage.leaks.map((leak) => {
    const size = Math.max(y(height(leak.cell)), 1.5);
    const top = at;
    at += size + 1;
    return { leak, top, size };
  });
  return (
    <g>
      {shapes.map(({ leak, top, size }) => (
        <rect
          key={leak.id}
          x={left}
          y={base + LEAK_GAP + (top - base - LEAK_GAP) * fit}
          width={bar * 0.6}
          height={Math.max(size * fit, 1.5)}
          fill="url(#hatch-unknown)"
          data-tip={`${show(leak.cell, leak.column.type, locale).exact}\n${leak.column.means}`}
        />
      ))}
      {fit < 1 && stage.leaks.length > 0 ? (
        <path d={`M${left - 3},${base + LEAK_GAP / 2} l6,-3 l6,6 l6,-3`} className={css.break} />
      ) : null}
      {largest(stage.leaks).map((leak, line) => (
        <TellMark
          key={leak.id}
          told={leak}
          name={stage.name}
          m={m}
          locale={locale}
          texts={
            <text x={left} y={base + LEAK_GAP + LEAK_MOST + 16 + line * 15} className={css.leak}>
              {show(leak.cell, leak.column.type, locale).text}{" "}
              {(m.funnel as unknown as Record<string, string>)[leak.id] ?? wordOf(leak.id, m)}
            </text>
          }
        >
          <rect
            x={left}
            y={base + LEAK_GAP + LEAK_MOST + 4 + line * 15}
            width={placed.width - 8}
            height={15}
            fill="transparent"
          />
        </TellMark>
      ))}
      {stage.leaks.length > LINES ? (
        <More
          text={m.funnel.more(show(stage.leaks.length - LINES, "count", locale).text)}
          name={stage.name}
          x={left}
          y={base + LEAK_GAP + LEAK_MOST + 4 + LINES * 15}
          width={placed.width - 8}
          press={() => choose(stage.id)}
        />
      ) : null}
    </g>
  );
}

interface MoreProps {
  text: string;
  name: string;
  x: number;
  y: number;
  width: number;
  press: () => void;
}

/** Leads to all ways of a stage, which stand beside the drawing. */
function More({ text, name, x, y, width, press }: MoreProps) {
  return (
    <g
      role="button"
      tabIndex={0}
      className={css.head}
      aria-label={`${name}: ${text}`}
      onClick={press}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          press();
        }
      }}
    >
      <rect x={x} y={y} width={width} height={15} className={css.room} />
      <text x={x} y={y + 12} className={css.leak}>
        {text}
      </text>
    </g>
  );
}

/** How many ways of leaving have a line of their own. */
const LINES = 3;

/** Those with a line of their own; all of them stand beside a chosen stage and in the table. */
const largest = (leaks: Told[]) =>
  [...leaks].sort((a, b) => height(b.cell) - height(a.cell)).slice(0, LINES);

interface TellProps {
  told: Told;
  name: string;
  m: Messages;
  locale: Locale;
  /** Lines that its tip has besides. */
  more?: readonly string[];
  texts?: React.ReactNode;
  children?: React.ReactNode;
}

function TellMark({ told, name, m, locale, more = [], texts, children }: TellProps) {
  const shown = show(told.cell, told.column.type, locale);
  const what = wordOf(told.id, m);
  const said = [shown.exact, ...more, `${name}: ${m.sentence.inside(what)}`, told.column.means];
  const tip = said.join("\n");
  return (
    <Mark origin={told.origin} tip={tip} label={`${name}, ${what}: ${shown.exact}`} texts={texts}>
      {children}
    </Mark>
  );
}

interface RibbonProps {
  from: Placed;
  to: Placed | undefined;
  y: (value: number) => number;
  locale: Locale;
  m: Messages;
}

/** What went on. In a cohort the next column is that itself, so the ribbon narrows to it. */
function Ribbon({ from, to, y, locale, m }: RibbonProps) {
  if (!to) return null;
  const { onward } = from.stage;
  const next = y(height(to.stage.volume?.cell));
  const size = onward
    ? Math.min(y(height(onward.cell)), from.base - from.top)
    : y(height(from.stage.volume?.cell));
  const end = onward ? Math.min(y(height(onward.cell)), next || 0) : next;
  const [x0, x1] = [from.left + from.bar, to.left];
  const middle = (x0 + x1) / 2;
  const shape = `M${x0},${from.top} C${middle},${from.top} ${middle},${to.top} ${x1},${to.top}
    V${to.top + end} C${middle},${to.top + end} ${middle},${from.top + size} ${x0},${from.top + size} Z`;
  const isHandoff = from.stage.side !== to.stage.side;
  const paint = hue(isHandoff ? "joint" : from.stage.side, "soft");
  if (!onward) return <path d={shape} className={`${paint} ${css.ribbon}`} />;
  return (
    <TellMark
      told={onward}
      name={from.stage.name}
      m={m}
      locale={locale}
      texts={
        <text x={x0 + 6} y={from.base - 8} className={css.onward}>
          {show(onward.cell, onward.column.type, locale).text} →
        </text>
      }
    >
      <path d={shape} className={`${paint} ${css.ribbon}`} />
    </TellMark>
  );
}
