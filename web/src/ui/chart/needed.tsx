//! What is needed, a row for each way to get there: full for five of ten cases, hatched up to nine,
//! a stroke at eight, and a dot where as many come by themselves. Every row has a scale of its own.

import { scaleLinear } from "d3-scale";
import { type Cell, extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale } from "@/lib/i18n";
import { short } from "./bars";
import { ChartFrame, chartCss as css, Mark } from "./frame";

export interface Need {
  name: string;
  even: Cell;
  eight: Cell;
  nine: Cell;
  pace: Cell;
  tip: string;
}

interface NeededProps {
  needs: readonly Need[];
  summary: string;
  /** How many come, in words. */
  pace: (many: string) => string;
}

const ROW = 46;
const THICK = 12;
/** How far below a row's top its bar begins: its words stand above. */
const WORDS = 20;
const DOT = 5;
/** As wide as a figure's sign is, about. */
const SIGN = 6.6;

export function Needed({ needs, summary, pace }: NeededProps) {
  const locale = useLocale();
  const text = (cell: Cell) => show(cell, "count", locale, "short").text;
  return (
    <ChartFrame summary={summary} height={needs.length * ROW + 4} least={260}>
      {(width) =>
        needs.map((one, at) => {
          const [even, eight, nine, comes] = [one.even, one.eight, one.nine, one.pace].map(extent);
          const most = Math.max(even ?? 0, eight ?? 0, nine ?? 0, comes ?? 0);
          const x = scaleLinear([0, most || 1], [0, width - DOT - 2]);
          const figures = [one.even, one.eight, one.nine].map(text).join(" · ");
          const [top, line] = [at * ROW + WORDS, at * ROW + 14];
          const room = width - (figures.length + 2) * SIGN;
          const said = typeof comes === "number" ? pace(text(one.pace)) : "";
          const name = short(one.name, Math.max(room - said.length * SIGN, 60));
          return (
            <Mark
              key={one.name}
              tip={one.tip}
              label={one.tip.split("\n").join(", ")}
              texts={
                <>
                  <text x={0} y={line} className={css.text}>
                    {name}
                    <tspan className={css.quiet} dx={8}>
                      {said}
                    </tspan>
                  </text>
                  <text x={width} y={line} className={`${css.figure} ${css.end}`}>
                    ≈ {figures}
                  </text>
                </>
              }
            >
              <rect x={0} y={at * ROW} width={width} height={ROW} fill="transparent" />
              <line x1={0} x2={width} y1={top + THICK} y2={top + THICK} className={css.grid} />
              {typeof even === "number" ? (
                <rect
                  x={0}
                  y={top}
                  width={x(even)}
                  height={THICK}
                  rx={2}
                  className={css["fill-mark"]}
                />
              ) : null}
              {typeof even === "number" && typeof nine === "number" ? (
                <rect
                  x={x(even)}
                  y={top}
                  width={x(nine) - x(even)}
                  height={THICK}
                  fill="url(#hatch-mark)"
                />
              ) : null}
              {typeof eight === "number" && eight > 0 ? (
                <line
                  x1={x(eight)}
                  x2={x(eight)}
                  y1={top - 2}
                  y2={top + THICK + 2}
                  className={css.mid}
                />
              ) : null}
              {typeof comes === "number" ? (
                <circle
                  cx={Math.max(x(comes), DOT)}
                  cy={top + THICK / 2}
                  r={DOT}
                  className={css.came}
                />
              ) : null}
            </Mark>
          );
        })
      }
    </ChartFrame>
  );
}
