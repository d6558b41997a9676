//! What leads from one figure to another, step by step: rises full, falls hatched, from zero. Where a
//! step begins and ends on the screen is a place; every figure is the answer's own.

import { scaleBand, scaleLinear } from "d3-scale";
import type { Origin } from "@/lib/address";
import { type Cell, type Column, extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale } from "@/lib/i18n";
import { short } from "./bars";
import { ChartFrame, chartCss as css, Mark } from "./frame";

export interface Step {
  name: string;
  cell: Cell;
  /** A standing figure (start, end), not a change. */
  isEnd?: boolean;
  origin?: Origin | undefined;
  tip?: string | undefined;
}

interface WaterfallProps {
  steps: Step[];
  column: Column;
  summary: string;
}

const ROW = 28;
const THICK = 16;
const FIGURE = 88;

interface Placed {
  from: number;
  to: number;
}

/** Where each step lies on the scale. */
function placed(steps: readonly Step[]): Placed[] {
  let at = 0;
  return steps.map((step) => {
    const value = extent(step.cell) ?? 0;
    const from = step.isEnd ? 0 : at;
    at = step.isEnd ? value : at + value;
    return { from, to: at };
  });
}

export function Waterfall({ steps, column, summary }: WaterfallProps) {
  const locale = useLocale();
  const places = placed(steps);
  const ends = places.flatMap((place) => [place.from, place.to]);
  const low = Math.min(...ends, 0);
  const high = Math.max(...ends, 0);
  const height = steps.length * ROW + 6;
  const y = scaleBand(
    steps.map((_, at) => at),
    [0, height - 6],
  ).padding(0);
  const longest = Math.max(...steps.map((step) => step.name.length), 0);
  return (
    <ChartFrame summary={summary} height={height}>
      {(width) => {
        const left = Math.min(longest * 6.6 + 14, width * 0.34);
        const x = scaleLinear([low, high === low ? low + 1 : high], [left, width - FIGURE]);
        return (
          <>
            <line x1={x(0)} x2={x(0)} y1={0} y2={height - 6} className={css.axis} />
            {steps.map((step, at) => {
              const place = places[at] ?? { from: 0, to: 0 };
              const top = (y(at) ?? 0) + (ROW - THICK) / 2;
              const [start, stop] = [
                x(Math.min(place.from, place.to)),
                x(Math.max(place.from, place.to)),
              ];
              const shown = show(step.cell, column.type, locale, "short");
              const isFall = !step.isEnd && place.to < place.from;
              const shape = step.isEnd ? css.ends : isFall ? css.fall : css.rise;
              const isRise = !step.isEnd && place.to > place.from;
              return (
                <Mark
                  key={`${at} ${step.name}`}
                  origin={step.origin}
                  tip={step.tip ?? `${shown.exact}\n${step.name}`}
                  label={`${step.name}: ${shown.exact}`}
                  texts={
                    <>
                      <text
                        x={left - 10}
                        y={top + THICK / 2 + 4}
                        className={`${step.isEnd ? css.strong : css.text} ${css.end}`}
                      >
                        {short(step.name, left)}
                      </text>
                      <text x={stop + 8} y={top + THICK / 2 + 4} className={css.figure}>
                        {isRise ? `+${shown.text}` : shown.text}
                      </text>
                    </>
                  }
                >
                  <rect x={0} y={y(at)} width={width} height={ROW} fill="transparent" />

                  <rect
                    x={start}
                    y={top}
                    width={Math.max(stop - start, 1)}
                    height={THICK}
                    rx={2}
                    className={shape}
                  />
                  {at + 1 < steps.length ? (
                    <line
                      x1={x(place.to)}
                      x2={x(place.to)}
                      y1={top + THICK}
                      y2={top + ROW}
                      className={css.join}
                    />
                  ) : null}
                </Mark>
              );
            })}
          </>
        );
      }}
    </ChartFrame>
  );
}
