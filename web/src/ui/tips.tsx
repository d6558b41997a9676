//! One tip for the whole page: whatever has `data-tip` shows it on hover, on focus, and under a finger
//! where the finger opens nothing else. It is told to readers of screens as what it describes.

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import css from "./tips.module.css";

interface Tip {
  of: Element;
  lines: string[];
  x: number;
  y: number;
  isBelow: boolean;
}

const TIP = "tip";
const MARGIN = 8;
const WIDTH = 300;

function tipOf(target: EventTarget | null): Tip | null {
  const element = target instanceof Element ? target.closest("[data-tip]") : null;
  const text = element?.getAttribute("data-tip");
  if (!element || !text) return null;
  const box = element.getBoundingClientRect();
  const isBelow = box.top < 120;
  const middle = box.left + Math.min(box.width, 400) / 2;
  const half = WIDTH / 2 + MARGIN;
  const x = Math.max(half, Math.min(window.innerWidth - half, middle));
  return {
    of: element,
    lines: text.split("\n"),
    x,
    y: isBelow ? box.bottom + 6 : box.top - 6,
    isBelow,
  };
}

function isInSight(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const box = target.getBoundingClientRect();
  return box.bottom > 0 && box.top < window.innerHeight;
}

export function Tips() {
  const [tip, setTip] = useState<Tip | null>(null);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const later = (next: Tip | null, wait: number) => {
      clearTimeout(waiting.current);
      waiting.current = setTimeout(() => setTip(next), wait);
    };
    // Whoever comes by keys to what was out of sight scrolls the page by it: the tip goes along.
    let focused: EventTarget | null = null;
    const over = (event: Event) => {
      focused = null;
      const next = tipOf(event.target);
      later(next, next ? 160 : 60);
    };
    const focus = (event: Event) => {
      focused = event.target;
      later(tipOf(focused), 0);
    };
    const away = () => {
      focused = null;
      later(null, 0);
    };
    const scroll = () => later(isInSight(focused) ? tipOf(focused) : null, 0);
    const down = (event: PointerEvent) => {
      focused = null;
      const opens = event.target instanceof Element && event.target.closest("a, button, input");
      later(event.pointerType === "touch" && !opens ? tipOf(event.target) : null, 0);
    };
    const key = (event: KeyboardEvent) => event.key === "Escape" && away();
    document.addEventListener("pointerover", over);
    document.addEventListener("focusin", focus);
    document.addEventListener("pointerdown", down);
    document.addEventListener("keydown", key);
    document.addEventListener("scroll", scroll, true);
    return () => {
      clearTimeout(waiting.current);
      document.removeEventListener("pointerover", over);
      document.removeEventListener("focusin", focus);
      document.removeEventListener("pointerdown", down);
      document.removeEventListener("keydown", key);
      document.removeEventListener("scroll", scroll, true);
    };
  }, []);
  useEffect(() => {
    const of = tip?.of;
    of?.setAttribute("aria-describedby", TIP);
    return () => of?.removeAttribute("aria-describedby");
  }, [tip]);
  const shown = useRef<HTMLDivElement>(null);
  // A tip of many lines stands within the window, whichever side of its mark it is on.
  useLayoutEffect(() => {
    const element = shown.current;
    if (!element || !tip) return;
    element.style.marginTop = "0px";
    const { top, bottom } = element.getBoundingClientRect();
    const out = top < MARGIN ? MARGIN - top : Math.min(window.innerHeight - MARGIN - bottom, 0);
    element.style.marginTop = `${out}px`;
  }, [tip]);
  if (!tip) return null;
  const place = { left: tip.x, top: tip.y };
  return (
    <div
      ref={shown}
      className={`${css.tip} ${tip.isBelow ? css.below : ""}`}
      id={TIP}
      role="tooltip"
      style={place}
    >
      {tip.lines.map((line, at) => (
        <div key={at} className={at === 0 ? css.first : css.rest}>
          {line}
        </div>
      ))}
    </div>
  );
}
