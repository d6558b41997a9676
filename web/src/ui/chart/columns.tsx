//! Columns over time: heights linear from zero, what is not over yet hatched, figures above the
//! columns as long as they have room.

import { scaleBand, scaleLinear } from "d3-scale";
import type { Origin } from "@/lib/address";
import { type Cell, type Column, extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale } from "@/lib/i18n";
import { ChartFrame, chartCss as css, Mark } from "./frame";

export interface Bucket {
  name: string;
  cell: Cell;
  origin?: Origin | undefined;
  isRunning?: boolean;
}

interface ColumnsProps {
  buckets: Bucket[];
  column: Column;
  summary: string;
  hue?: string | undefined;
  height?: number;
}

const TOP = 22;
const FOOT = 24;
/** Half of a label's words at the least, how wide half of a letter is, and the room between two. */
const HALF = 26;
const LETTER = 3.1;
const GAP = 10;

/** Half of the longest label: `Sept. 2025` is wider than `Q3 2025`. */
const halfOf = (buckets: readonly Bucket[]): number =>
  Math.max(HALF, ...buckets.map(({ name }) => Math.min(name.length, 16) * LETTER));

/** Of how many columns one is labelled: those at the edges are moved within, towards the next. */
const everyNth = (step: number, half: number): number =>
  Math.ceil((2 * half + GAP + Math.max(half - step / 2, 0)) / step);

export function Columns({ buckets, column, summary, hue, height = 220 }: ColumnsProps) {
  const locale = useLocale();
  const values = buckets.map((bucket) => extent(bucket.cell) ?? 0);
  const most = Math.max(...values, 0);
  const least = Math.min(...values, 0);
  const y = scaleLinear([least, most || 1], [height - FOOT, TOP]);
  return (
    <ChartFrame summary={summary} height={height} least={Math.max(buckets.length * 18, 260)}>
      {(width) => {
        const x = scaleBand(
          buckets.map((bucket) => bucket.name),
          [0, width],
        ).padding(0.28);
        const half = halfOf(buckets);
        const every = everyNth(width / buckets.length, half);
        const tops = values.map((value) => Math.min(y(value), y(0)));
        // Words that are wider than their column stand above all columns that they reach over.
        const reach = Math.ceil(HALF / x.step() - 0.5);
        return (
          <>
            <line x1={0} x2={width} y1={y(0)} y2={y(0)} className={css.axis} />
            {buckets.map((bucket, at) => {
              const value = values[at] ?? 0;
              const shown = show(bucket.cell, column.type, locale, "short");
              const left = x(bucket.name) ?? 0;
              const top = tops[at] ?? 0;
              const above = Math.min(...tops.slice(Math.max(at - reach, 0), at + reach + 1));
              const size = Math.abs(y(value) - y(0));
              // Words at an edge stand within it.
              const middle = left + x.bandwidth() / 2;
              const words = Math.min(Math.max(middle, half), width - half);
              const isLabelled = (buckets.length - 1 - at) % every === 0;
              return (
                <Mark
                  key={`${at} ${bucket.name}`}
                  origin={bucket.origin}
                  tip={`${shown.exact}\n${bucket.name}`}
                  label={`${bucket.name}: ${shown.exact}`}
                  texts={
                    isLabelled ? (
                      <>
                        <text x={words} y={above - 6} className={`${css.figure} ${css.middle}`}>
                          {shown.text}
                        </text>
                        <text x={words} y={height - 6} className={`${css.quiet} ${css.middle}`}>
                          {bucket.name}
                        </text>
                      </>
                    ) : null
                  }
                >
                  <rect x={left} y={0} width={x.bandwidth()} height={height} fill="transparent" />
                  <rect
                    x={left}
                    y={top}
                    width={x.bandwidth()}
                    height={Math.max(size, shown.mark ? 0 : 1)}
                    rx={2}
                    className={bucket.isRunning ? "" : (hue ?? css["fill-mark"])}
                    {...(bucket.isRunning ? { fill: "url(#hatch-mark)" } : {})}
                  />
                </Mark>
              );
            })}
          </>
        );
      }}
    </ChartFrame>
  );
}
