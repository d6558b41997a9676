//! What all charts share: one sentence for those who do not see it, arrow keys from mark to mark,
//! their width, and the link of a mark to its records.

import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from "react";
import type { Origin } from "@/lib/address";
import { useRecordsLink } from "../here";
import css from "./chart.module.css";

interface FrameProps {
  summary: string;
  height: number;
  children: (width: number) => ReactNode;
  /** Below this the chart scrolls sideways instead of shrinking. */
  least?: number;
}

const FIRST_GUESS = 720;

export function ChartFrame({ summary, height, children, least = 280 }: FrameProps) {
  const frame = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(FIRST_GUESS);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const see = new ResizeObserver(() => setWidth(element.clientWidth));
    see.observe(element);
    return () => see.disconnect();
  }, []);
  const drawn = Math.max(width, least);
  return (
    <figure ref={frame} className={css.frame} onKeyDown={byArrow} aria-label={summary}>
      <svg
        width={drawn}
        height={height}
        viewBox={`0 0 ${drawn} ${height}`}
        className={css.svg}
        role="group"
        aria-label={summary}
      >
        <Hatches />
        {children(drawn)}
      </svg>
    </figure>
  );
}

function byArrow(event: KeyboardEvent<HTMLElement>): void {
  const step =
    event.key === "ArrowRight" || event.key === "ArrowDown"
      ? 1
      : event.key === "ArrowLeft" || event.key === "ArrowUp"
        ? -1
        : 0;
  if (step === 0) return;
  const marks = [...event.currentTarget.querySelectorAll<SVGElement>("[data-mark]")];
  const at = marks.indexOf(document.activeElement as unknown as SVGElement);
  const next = marks[at + step];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

const HATCHED = ["mark", "marketing", "sales", "joint", "partner", "product", "unknown"];

/** The hatching of a side's hue. */
export const hatchOf = (side: string | null): string =>
  `hatch-${HATCHED.find((one) => one === side) ?? "unknown"}`;

/** Hatching for what is not over yet and for what nobody knows. */
function Hatches() {
  return (
    <defs>
      {HATCHED.map((of) => (
        <pattern
          key={of}
          id={`hatch-${of}`}
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="5" height="5" className={css[`soft-${of}`]} />
          <rect width="2" height="5" className={css[`fill-${of}`]} />
        </pattern>
      ))}
    </defs>
  );
}

interface MarkProps {
  origin?: Origin | undefined;
  /** Where it leads, if not to records. */
  to?: { href: string; go: () => void } | undefined;
  tip: string;
  label: string;
  /** Words drawn over the shape: the label says them already, and more exactly. */
  texts?: ReactNode;
  children: ReactNode;
}

/** A mark that can be pointed at, reached by keyboard and opened. */
export function Mark({ origin, to, tip, label, texts, children }: MarkProps) {
  const link = useRecordsLink();
  const lead = to ? { href: to.href, onClick: plainly(to.go) } : null;
  if (!origin && !lead) {
    return (
      <>
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: one reads its tip, and it does nothing. */}
        <g
          data-mark
          data-tip={tip}
          className={css.plain}
          tabIndex={0}
          role="img"
          aria-label={label}
        >
          {children}
        </g>
        {texts ? (
          <g aria-hidden="true" className={css.texts}>
            {texts}
          </g>
        ) : null}
      </>
    );
  }
  return (
    <>
      <a
        data-mark
        data-tip={tip}
        aria-label={label}
        className={css.mark}
        {...(lead ?? (origin ? link(origin) : {}))}
      >
        {children}
      </a>
      {texts ? (
        <g aria-hidden="true" className={css.texts}>
          {texts}
        </g>
      ) : null}
    </>
  );
}

/** A plain click goes here; one that opens a new tab is the browser's. */
export function plainly(go: () => void) {
  return (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go();
  };
}

/** The class of a side's hue; whoever belongs to nobody is grey. */
export function hue(
  side: string | null | undefined,
  kind: "fill" | "soft" | "line" = "fill",
): string {
  const known = side && `${kind}-${side}` in css ? side : "unknown";
  return css[`${kind}-${known}`] ?? "";
}

export const chartCss = css;
