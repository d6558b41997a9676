//! What was told of past windows beside what came, and what is told of the one to come: a bar from one
//! in ten cases to nine in ten, a stroke in its middle, a dot for what came. From zero; what is still
//! to come is hatched.

import { scaleBand, scaleLinear } from "d3-scale";
import type { Origin } from "@/lib/address";
import { type Cell, type Column, extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale } from "@/lib/i18n";
import { ChartFrame, chartCss as css, Mark } from "./frame";

export interface Told {
  name: string;
  low: Cell;
  mid: Cell;
  high: Cell;
  /** What came; none of the window that is still to come. */
  came: Cell;
  isAhead?: boolean;
  origin?: Origin | undefined;
  tip: string;
}

interface FanProps {
  told: readonly Told[];
  column: Column;
  summary: string;
}

const HEIGHT = 250;
const TOP = 24;
const FOOT = 24;
/** The room that a label takes, and half of its words. */
const ROOM = 66;
const HALF = 28;
const DOT = 4;

export function Fan({ told, column, summary }: FanProps) {
  const locale = useLocale();
  const most = Math.max(...told.flatMap((one) => [extent(one.high) ?? 0, extent(one.came) ?? 0]));
  const y = scaleLinear([0, most || 1], [HEIGHT - FOOT, TOP]);
  const shortly = (cell: Cell) => show(cell, column.type, locale, "short").text;
  return (
    <ChartFrame summary={summary} height={HEIGHT} least={Math.max(told.length * 20, 280)}>
      {(width) => {
        const x = scaleBand(
          told.map((one) => one.name),
          [0, width],
        ).padding(0.3);
        const tops = told.map((one) =>
          Math.min(y(extent(one.high) ?? 0), y(extent(one.came) ?? 0) - DOT),
        );
        // Words that are wider than their bar stand above all bars that they reach over.
        const reach = Math.ceil(HALF / x.step() - 0.5);
        const every = Math.ceil(ROOM / Math.max(width / told.length, 1));
        return (
          <>
            <line x1={0} x2={width} y1={y(0)} y2={y(0)} className={css.axis} />
            {told.map((one, at) => {
              const left = x(one.name) ?? 0;
              const [low, mid, high, came] = [one.low, one.mid, one.high, one.came].map(extent);
              const middle = left + x.bandwidth() / 2;
              const words = Math.min(Math.max(middle, HALF), width - HALF);
              const isLabelled = (told.length - 1 - at) % every === 0;
              const said = one.isAhead ? `≈ ${shortly(one.mid)}` : shortly(one.came);
              const above = Math.min(...tops.slice(Math.max(at - reach, 0), at + reach + 1));
              return (
                <Mark
                  key={one.name}
                  origin={one.origin}
                  tip={one.tip}
                  label={one.tip.split("\n").join(", ")}
                  texts={
                    isLabelled ? (
                      <>
                        <text x={words} y={above - 7} className={`${css.figure} ${css.middle}`}>
                          {said}
                        </text>
                        <text x={words} y={HEIGHT - 6} className={`${css.quiet} ${css.middle}`}>
                          {one.name}
                        </text>
                      </>
                    ) : null
                  }
                >
                  <rect x={left} y={0} width={x.bandwidth()} height={HEIGHT} fill="transparent" />
                  <rect
                    x={left}
                    y={y(high ?? 0)}
                    width={x.bandwidth()}
                    height={y(low ?? 0) - y(high ?? 0)}
                    rx={2}
                    className={one.isAhead ? "" : css["soft-mark"]}
                    {...(one.isAhead ? { fill: "url(#hatch-mark)" } : {})}
                  />
                  <line
                    x1={left}
                    x2={left + x.bandwidth()}
                    y1={y(mid ?? 0)}
                    y2={y(mid ?? 0)}
                    className={css.mid}
                  />
                  {typeof came === "number" ? (
                    <circle cx={middle} cy={y(came)} r={DOT} className={css.came} />
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
