//! Bars by row: lengths linear from zero, the name at the left, the exact figure at the bar's end.

import { scaleLinear } from "d3-scale";
import type { Origin } from "@/lib/address";
import { type Cell, type Column, extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale } from "@/lib/i18n";
import { ChartFrame, chartCss as css, Mark } from "./frame";

export interface Bar {
  name: string;
  cell: Cell;
  before?: Cell | undefined;
  /** A class of `frame`: the hue of whose it is. */
  hue?: string | undefined;
  origin?: Origin | undefined;
  tip?: string | undefined;
}

interface BarsProps {
  bars: Bar[];
  column: Column;
  summary: string;
  /** Of shares: the bar of all is as long as the chart. */
  whole?: number;
}

const ROW = 26;
const THICK = 14;
const FIGURE = 96;

export function Bars({ bars, column, summary, whole }: BarsProps) {
  const locale = useLocale();
  const lengths = bars.flatMap((bar) => [extent(bar.cell) ?? 0, extent(bar.before) ?? 0]);
  const most = whole ?? Math.max(...lengths, 0);
  const longest = Math.max(...bars.map((bar) => bar.name.length), 0);
  return (
    <ChartFrame summary={summary} height={bars.length * ROW + 4}>
      {(width) => {
        const left = Math.min(longest * 6.6 + 14, width * 0.38);
        const scale = scaleLinear([0, most || 1], [0, Math.max(width - left - FIGURE, 40)]);
        return bars.map((bar, at) => {
          const shown = show(bar.cell, column.type, locale);
          const value = extent(bar.cell);
          const y = at * ROW + (ROW - THICK) / 2;
          const length = value === null ? 0 : Math.max(scale(value), value > 0 ? 1 : 0);
          const before = extent(bar.before);
          const tip = bar.tip ?? `${bar.name}: ${shown.exact}`;
          return (
            <Mark
              key={`${at} ${bar.name}`}
              origin={bar.origin}
              tip={tip}
              label={`${bar.name}: ${shown.exact}`}
              texts={
                <>
                  <text
                    x={left - 10}
                    y={at * ROW + ROW / 2 + 4}
                    className={`${css.text} ${css.end}`}
                  >
                    {short(bar.name, left)}
                  </text>
                  <text
                    x={left + Math.max(length, before === null ? 0 : scale(before)) + 8}
                    y={at * ROW + ROW / 2 + 4}
                    className={css.figure}
                  >
                    {shown.text}
                  </text>
                </>
              }
            >
              <rect x={0} y={at * ROW} width={width} height={ROW} fill="transparent" />

              <rect
                x={left}
                y={y}
                width={length}
                height={THICK}
                rx={2}
                className={bar.hue ?? css["fill-mark"]}
              />
              {before !== null ? (
                <rect
                  x={left}
                  y={y - 2}
                  width={Math.max(scale(before), 1)}
                  height={THICK + 4}
                  rx={2}
                  className={css.before}
                  data-before
                />
              ) : null}
            </Mark>
          );
        });
      }}
    </ChartFrame>
  );
}

/** A name cut to its room; the tip has all of it. */
export function short(name: string, room: number): string {
  const most = Math.max(Math.floor((room - 12) / 6.4), 6);
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
