//! From which stage to which: every way in the period, on, past a stage, back, and out. What leads
//! forward flows from left to right, what leads backward runs below.

import { useAsk } from "@/api/queries";
import { asked, type Question } from "@/lib/address";
import { type Rows, rowsOf } from "@/lib/answer";
import { stageOf, useWords } from "@/lib/book";
import { extent } from "@/lib/cell";
import { show } from "@/lib/format";
import { type Messages, useLocale, useMessages, wordIn, wordOf } from "@/lib/i18n";
import { ChartFrame, chartCss as chart, hue, Mark } from "@/ui/chart/frame";
import { useUncompared } from "@/ui/earlier";
import { useHere, usePeriodName, useWhen } from "@/ui/here";
import { Panel } from "@/ui/panel";
import { Answered, Empty } from "@/ui/state";
import { AnswerTable } from "@/ui/table";
import css from "./paths.module.css";
import { type Arc, laid, type PlacedSpot, type PlacedWay, spotsOf, type Way, waysOf } from "./ways";

const LEAST = 104;
/** The width of a letter of a name, on the safe side. */
const LETTER = 7.2;
/** Ways at least so wide have their number on them. */
const ROOM_FOR_TEXT = 13;

export function Paths() {
  const m = useMessages();
  const when = useWhen();
  const { address } = useHere();
  const words = { ...when.base, period: when.period, where: address.where };
  const question = asked("transitions", words);
  const query = useAsk(when.isKnown ? question : null);
  const before = useAsk(
    when.isKnown && when.before ? asked("transitions", words, { period: when.before }) : null,
  );
  return (
    <>
      <Answered query={query} height={520}>
        {(reply) => {
          const answer = rowsOf(reply) as Rows;
          const ways = waysOf(answer, question);
          if (ways.length === 0) {
            return (
              <Panel title={m.state.emptyTitle}>
                <Empty title={m.state.emptyPeriod(when.name)} />
              </Panel>
            );
          }
          return (
            <>
              <Drawing ways={ways} rests={{ reply, question }} />
              <Panel title={m.funnel.table} means={m.paths.tableMeans}>
                <Table answer={answer} question={question} before={rowsOf(before.data)} />
              </Panel>
            </>
          );
        }}
      </Answered>
      {address.by ? (
        <Split
          question={asked("transitions", words, { by: address.by })}
          before={
            when.before
              ? asked("transitions", words, { by: address.by, period: when.before })
              : null
          }
        />
      ) : null}
    </>
  );
}

interface DrawingProps {
  ways: Way[];
  rests: Parameters<typeof Panel>[0]["rests"];
}

function Drawing({ ways, rests }: DrawingProps) {
  const m = useMessages();
  const locale = useLocale();
  const words = useWords();
  const spots = spotsOf(ways, words, (id) => spotName(id, words, m));
  const last = Math.max(...spots.map((spot) => spot.column), 1);
  // A name at the right edge would be cut: they have as much room as the longest needs.
  const longest = Math.max(
    ...spots.filter((spot) => spot.column === last).map((spot) => spot.name.length),
    4,
  );
  const uncompared = useUncompared();
  const right = Math.min(longest * LETTER + 14, 200);
  const text = (number: number) => show(number, "count", locale).text;
  const { height, untold } = laid(ways, spots, LEAST * (last + 1), right);
  return (
    <Panel title={finding(ways, words, m, text)} means={uncompared(m.paths.means)} rests={rests}>
      <ChartFrame
        summary={m.paths.summary(text(ways.length))}
        height={height + 4}
        least={(last + 1) * LEAST + right}
      >
        {(width) => {
          const { spots: placed, ways: flows, arcs } = laid(ways, spots, width, right);
          return (
            <>
              {flows.map((one) => (
                <Flow key={keyOf(one.way)} one={one} />
              ))}
              {arcs.map((arc) => (
                <Backward key={keyOf(arc.way)} arc={arc} />
              ))}
              {placed.map((spot) => (
                <Bar
                  key={spot.id}
                  spot={spot}
                  isLast={spot.column === last}
                  each={width / (last + 1)}
                />
              ))}
            </>
          );
        }}
      </ChartFrame>
      {untold > 0 ? <p className={css.untold}>{m.paths.untold(text(untold))}</p> : null}
    </Panel>
  );
}

const keyOf = (way: Way) => `${way.from}>${way.to}>${way.kind}`;

/** What the charter calls it, or what the answer's word in brackets means. */
function spotName(id: string, words: ReturnType<typeof useWords>, m: Messages): string {
  return stageOf(words, id)?.name ?? wordIn(m.paths.spots, id) ?? id;
}

/** What stands out beside the way on, in a sentence. */
function finding(
  ways: readonly Way[],
  words: ReturnType<typeof useWords>,
  m: Messages,
  text: (number: number) => string,
): string {
  const most = (kinds: readonly string[]) =>
    [...ways]
      .filter((way) => kinds.includes(way.kind))
      .sort((a, b) => b.size - a.size)
      .at(0);
  const found = most(["skip", "back", "recycled", "returned", "reopened"]) ?? most(["forward"]);
  if (!found) return m.paths.title;
  return m.paths.finding(
    text(found.size),
    kindName(found.kind, m),
    spotName(found.from, words, m),
    spotName(found.to, words, m),
  );
}

const kindName = (kind: string, m: Messages): string => wordIn(m.paths.kinds, kind) ?? kind;

/** What a way says when it is pointed at or read aloud. */
function useTold(one: PlacedWay): { tip: string; label: string } {
  const m = useMessages();
  const locale = useLocale();
  const { way } = one;
  const number = show(way.cell ?? null, "count", locale).exact;
  const time = extent(way.median) === null ? null : show(way.median ?? null, "days", locale).text;
  const line = `${one.from.name} → ${one.to.name}`;
  const kind = kindName(way.kind, m);
  const parts = [`${line}: ${number}`, kind, time === null ? null : m.paths.after(time)];
  return { tip: parts.filter(Boolean).join("\n"), label: parts.filter(Boolean).join(", ") };
}

/** Whose a way is: that of the stage left, both teams' where it changes hands. */
function sideOf(from: PlacedSpot, to: PlacedSpot): string | null {
  if (from.side && to.side && from.side !== to.side) return "joint";
  return from.side ?? to.side;
}

function Flow({ one }: { one: PlacedWay }) {
  const told = useTold(one);
  const locale = useLocale();
  const [x0, x1] = [one.from.x1 ?? 0, one.to.x0 ?? 0];
  const middle = (x0 + x1) / 2;
  const half = one.width / 2;
  const shape = `M${x0},${one.y0 - half} C${middle},${one.y0 - half} ${middle},${one.y1 - half} ${x1},${one.y1 - half}
    V${one.y1 + half} C${middle},${one.y1 + half} ${middle},${one.y0 + half} ${x0},${one.y0 + half} Z`;
  const side = sideOf(one.from, one.to);
  const isSkip = one.way.kind === "skip";
  return (
    <Mark
      origin={one.way.origin}
      {...told}
      texts={
        one.width >= ROOM_FOR_TEXT ? (
          <text x={x0 + 6} y={one.y0 + 4} className={css.number}>
            {show(one.way.cell ?? null, "count", locale).text}
          </text>
        ) : null
      }
    >
      <path
        d={shape}
        className={`${hue(side, "soft")} ${isSkip ? `${css.skip} ${hue(side, "line")}` : css.flow}`}
      />
    </Mark>
  );
}

function Backward({ arc }: { arc: Arc }) {
  const m = useMessages();
  const locale = useLocale();
  const told = useTold(arc);
  const [x0, x1] = [arc.from.x1 ?? 0, arc.to.x0 ?? 0];
  const bend = 26;
  const shape = `M${x0},${arc.y0} C${x0 + bend},${arc.y0} ${x0 + bend},${arc.lane} ${x0},${arc.lane}
    H${x1} C${x1 - bend},${arc.lane} ${x1 - bend},${arc.y1} ${x1},${arc.y1}`;
  const number = show(arc.way.cell ?? null, "count", locale).text;
  return (
    <Mark
      origin={arc.way.origin}
      {...told}
      texts={
        <text
          x={(x0 + x1) / 2}
          y={arc.lane - arc.width / 2 - 4}
          className={`${css.arcName} ${chart.middle}`}
        >
          ← {number} {kindName(arc.way.kind, m)}
        </text>
      }
    >
      <path
        d={shape}
        strokeWidth={arc.width}
        className={`${css.arc} ${hue(sideOf(arc.from, arc.to), "line")}`}
      />
    </Mark>
  );
}

interface BarProps {
  spot: PlacedSpot;
  isLast: boolean;
  each: number;
}

function Bar({ spot, isLast, each }: BarProps) {
  const [x0, x1, y0, y1] = [spot.x0 ?? 0, spot.x1 ?? 0, spot.y0 ?? 0, spot.y1 ?? 0];
  const most = Math.max(Math.floor((each - 18) / LETTER), 4);
  const isCut = !isLast && spot.name.length > most;
  const name = isCut ? `${spot.name.slice(0, most - 1)}…` : spot.name;
  return (
    <g data-tip={spot.name}>
      <rect
        x={x0}
        y={y0}
        width={x1 - x0}
        height={Math.max(y1 - y0, 1)}
        rx={1.5}
        className={hue(spot.side)}
      />
      <g aria-hidden="true" className={chart.texts}>
        {isLast ? (
          <text x={x1 + 6} y={(y0 + y1) / 2 + 4} className={css.name}>
            {name}
          </text>
        ) : (
          <text x={x0} y={y0 - 7} className={css.name}>
            {name}
          </text>
        )}
      </g>
    </g>
  );
}

interface TableProps {
  answer: Rows;
  question: ReturnType<typeof asked>;
  before?: Rows | undefined;
}

function Table({ answer, question, before }: TableProps) {
  const m = useMessages();
  const periodName = usePeriodName();
  const words = useWords();
  return (
    <AnswerTable
      name="paths"
      answer={answer}
      question={question}
      before={before}
      nameOf={(text, column) => {
        if (column.id === "from" || column.id === "to") return spotName(text, words, m);
        if (column.id === "kind") return kindName(text, m);
        return column.type === "period" ? periodName(text) : text;
      }}
      caption={`${m.paths.title}: ${wordOf("transitions", m)}`}
      limit={200}
    />
  );
}

function Split({ question, before }: { question: Question; before: Question | null }) {
  const m = useMessages();
  const query = useAsk(question);
  const earlier = rowsOf(useAsk(before).data);
  return (
    <Answered query={query} height={320}>
      {(reply) => (
        <Panel title={m.funnel.table} rests={{ reply, question }}>
          <Table
            answer={rowsOf(reply) as Rows}
            question={question}
            before={before ? earlier : undefined}
          />
        </Panel>
      )}
    </Answered>
  );
}
