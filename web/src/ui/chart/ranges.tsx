//! Ranges by row: as much as comes in nine of ten cases full from zero, what may come besides
//! hatched, the middle a stroke, and all three figures at the end.

import { scaleLinear } from "d3-scale";
import type { Origin } from "@/lib/address";
import { type Cell, type Column, extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale } from "@/lib/i18n";
import { short } from "./bars";
import { ChartFrame, chartCss as css, Mark } from "./frame";

export interface Range {
  name: string;
  /** The ends of eight of ten cases, and the middle of all. */
  low: Cell;
  mid: Cell;
  high: Cell;
  origin?: Origin | undefined;
  /** Counted, and no estimate: there is one figure. */
  isCounted?: boolean;
  tip: string;
}

interface RangesProps {
  ranges: readonly Range[];
  column: Column;
  summary: string;
}

const ROW = 30;
const THICK = 14;
const FIGURE = 176;
/** Below this there is no room for a bar between its name and its figures. */
const LEAST = 380;

export function Ranges({ ranges, column, summary }: RangesProps) {
  const locale = useLocale();
  const most = Math.max(...ranges.map((one) => extent(one.high) ?? 0), 0);
  const longest = Math.max(...ranges.map((one) => one.name.length), 0);
  const text = (cell: Cell) => show(cell, column.type, locale, "short").text;
  return (
    <ChartFrame summary={summary} height={ranges.length * ROW + 4} least={LEAST}>
      {(width) => {
        const left = Math.min(longest * 6.6 + 14, width * 0.34);
        const x = scaleLinear([0, most || 1], [left, Math.max(width - FIGURE, left + 40)]);
        return ranges.map((one, at) => {
          const [low, mid, high] = [one.low, one.mid, one.high].map(extent);
          const isKnown = typeof low === "number" && typeof high === "number";
          const [start, stop] = [x(low ?? 0), x(high ?? 0)];
          const middle = x(mid ?? 0);
          const top = at * ROW + (ROW - THICK) / 2;
          const line = at * ROW + ROW / 2 + 4;
          return (
            <Mark
              key={one.name}
              origin={one.origin}
              tip={one.tip}
              label={one.tip.split("\n").join(", ")}
              texts={
                <>
                  <text x={left - 10} y={line} className={`${css.text} ${css.end}`}>
                    {short(one.name, left)}
                  </text>
                  <text x={stop + 8} y={line} className={css.figure}>
                    {!isKnown || one.isCounted ? text(one.mid) : `≈ ${text(one.mid)}`}
                    {isKnown && !one.isCounted ? (
                      <tspan className={css.quiet} dx={6}>
                        {text(one.low)} – {text(one.high)}
                      </tspan>
                    ) : null}
                  </text>
                </>
              }
            >
              <rect x={0} y={at * ROW} width={width} height={ROW} fill="transparent" />
              {isKnown ? (
                <>
                  <rect
                    x={left}
                    y={top}
                    width={start - left}
                    height={THICK}
                    rx={2}
                    className={css["fill-mark"]}
                  />
                  <rect
                    x={start}
                    y={top}
                    width={stop - start}
                    height={THICK}
                    fill="url(#hatch-mark)"
                  />
                  {one.isCounted ? null : (
                    <line
                      x1={middle}
                      x2={middle}
                      y1={top - 3}
                      y2={top + THICK + 3}
                      className={css.mid}
                    />
                  )}
                </>
              ) : null}
            </Mark>
          );
        });
      }}
    </ChartFrame>
  );
}
