//! Models beside each other: one column of bars for each, the rows in that model's own order, a line
//! from each row's place to its place in the next. Where lines cross, the order flips.

import { scaleLinear } from "d3-scale";
import type { Question } from "@/lib/address";
import { cellOf, columnOf, nameOf, type Rows } from "@/lib/answer";
import { type Cell, type Column, extent, isObject } from "@/lib/cell";
import { show } from "@/lib/format";
import { useLocale, useMessages, valueAs, wordOf } from "@/lib/i18n";
import { short } from "@/ui/chart/bars";
import { ChartFrame, chartCss as chart, Mark } from "@/ui/chart/frame";
import { namesOf } from "@/ui/table";
import css from "./models.module.css";

const MOST_ROWS = 8;
const MOST_MODELS = 6;
const ROW = 30;
const HEAD = 26;
const NAME = 112;
const GAP = 34;

interface ModelsProps {
  answer: Rows;
  question: Question;
  by: string;
}

interface Entry {
  name: string;
  row: Cell[];
  cell: Cell;
}

/** The share of all that an estimated model gives a row, if it is one. */
function shareOf(answer: Rows, model: Column, row: Cell[]): Cell | null {
  const column = columnOf(answer, `${model.id}_share`);
  return column?.type === "estimated_share" ? (cellOf(answer, row, column.id) ?? null) : null;
}

/** Where the interval of a share reaches on the scale of amounts: places for drawing alone. */
function intervalOf(
  answer: Rows,
  model: Column,
  row: Cell[],
): { low: number; high: number } | null {
  const share = shareOf(answer, model, row);
  const whole = extent(cellOf(answer, answer.totals ?? undefined, model.id));
  if (!isObject(share) || whole === null) return null;
  const { low, high } = share;
  if (typeof low !== "number" || typeof high !== "number") return null;
  return { low: low * whole, high: high * whole };
}

interface WhiskerProps {
  band: { low: number; high: number } | null;
  x: (value: number) => number;
  y: number;
}

function Whisker({ band, x, y }: WhiskerProps) {
  if (!band) return null;
  const [from, to] = [x(band.low), x(band.high)];
  return (
    <path
      d={`M${from},${y + 5} V${y + 13} M${from},${y + 9} H${to} M${to},${y + 5} V${y + 13}`}
      className={css.whisker}
      data-whisker
    />
  );
}

export function Models({ answer, question, by }: ModelsProps) {
  const m = useMessages();
  const locale = useLocale();
  const models = answer.columns.filter((column) => column.type === "money").slice(0, MOST_MODELS);
  if (models.length === 0) return null;
  const size = (entry: Entry) => extent(entry.cell) ?? 0;
  const ranked = models.map((model) =>
    answer.rows
      .map(
        (row): Entry => ({
          name: nameOf(answer, row, by),
          row,
          cell: cellOf(answer, row, model.id) ?? null,
        }),
      )
      .sort((a, b) => size(b) - size(a))
      .slice(0, MOST_ROWS),
  );
  const reach = (model: Column, entry: Entry) => intervalOf(answer, model, entry.row);
  const ends = models.flatMap((model, at) =>
    (ranked[at] ?? []).map((entry) => reach(model, entry)?.high ?? 0),
  );
  const most = Math.max(...ranked.flat().map(size), ...ends, 1);
  const rows = Math.max(...ranked.map((column) => column.length));
  const height = HEAD + rows * ROW;
  const called = (name: string) => valueAs(by, name, m);
  const said = (model: Column, entry: Entry) => {
    const share = shareOf(answer, model, entry.row);
    return share ? show(share, "estimated_share", locale).exact : "";
  };
  return (
    <ChartFrame summary={m.credit.ranks} height={height} least={models.length * 178}>
      {(width) => {
        const each = (width - GAP * (models.length - 1)) / models.length;
        const room = Math.min(NAME, Math.max(each * 0.5, 84));
        const x = scaleLinear([0, most], [0, Math.max(each - room - 8, 20)]);
        const left = (at: number) => at * (each + GAP);
        const middle = (place: number) => HEAD + place * ROW + ROW / 2;
        return (
          <>
            {ranked.slice(0, -1).map((column, at) =>
              column.map((entry, place) => {
                const next = ranked[at + 1]?.findIndex((one) => one.name === entry.name) ?? -1;
                if (next < 0) return null;
                const [x0, x1] = [left(at) + each + 2, left(at + 1) - 4];
                const flips = next !== place;
                return (
                  <path
                    key={`${place} ${entry.name}`}
                    d={`M${x0},${middle(place)} C${x0 + GAP / 2},${middle(place)} ${x1 - GAP / 2},${middle(next)} ${x1},${middle(next)}`}
                    className={flips ? css.flip : css.stay}
                  />
                );
              }),
            )}
            {ranked.map((column, at) => {
              const model = models[at];
              if (!model) return null;
              return (
                <g key={model.id}>
                  <text x={left(at)} y={14} className={chart.strong} data-tip={model.means}>
                    {wordOf(model.id, m)}
                  </text>
                  {column.map((entry, place) => {
                    const shown = show(entry.cell, model.type, locale, "short");
                    const exact = show(entry.cell, model.type, locale).exact;
                    return (
                      <Mark
                        key={`${place} ${entry.name}`}
                        origin={{
                          question,
                          column: model.id,
                          row: namesOf(answer.columns, entry.row),
                        }}
                        tip={[exact, called(entry.name), said(model, entry), model.means]
                          .filter(Boolean)
                          .join("\n")}
                        label={`${wordOf(model.id, m)}, ${called(entry.name)}: ${exact}`}
                        texts={
                          <>
                            <text x={left(at)} y={middle(place) + 4} className={chart.text}>
                              {short(called(entry.name), room + 8)}
                            </text>
                            <text
                              x={left(at) + room + 5}
                              y={middle(place) + 4}
                              className={chart.figure}
                            >
                              {shown.text}
                            </text>
                          </>
                        }
                      >
                        <rect
                          x={left(at)}
                          y={middle(place) - ROW / 2}
                          width={each}
                          height={ROW}
                          fill="transparent"
                        />

                        <rect
                          x={left(at) + room}
                          y={middle(place) - 9}
                          width={Math.max(x(Math.max(size(entry), 0)), 1)}
                          height={18}
                          rx={2}
                          className={chart["soft-mark"]}
                        />
                        <Whisker
                          band={reach(model, entry)}
                          x={(value) => left(at) + room + x(Math.max(value, 0))}
                          y={middle(place)}
                        />
                      </Mark>
                    );
                  })}
                </g>
              );
            })}
          </>
        );
      }}
    </ChartFrame>
  );
}
