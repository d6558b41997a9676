//! Which rows of a long list are seen, and where they stand: places on the screen, no figures.

/** How high a row is. */
export const ROW = 32;
/** Rows drawn above and below those that are seen. */
const OVER = 12;
/** Browsers draw nothing beyond some ten million pixels: a longer list runs ahead of its scrollbar. */
const MOST = 8_000_000;

export interface Seen {
  /** The first row to be drawn, and the one after the last. */
  from: number;
  until: number;
  /** What moves a row from where it would stand if all were drawn to where it is looked at. */
  shift: number;
  /** Of the list as the scrollbar has it. */
  height: number;
}

/** What is seen of so many rows through a window so high, scrolled so far down. */
export function seen(of: number, top: number, window: number): Seen {
  const whole = of * ROW;
  const height = Math.min(whole, MOST);
  const most = Math.max(height - window, 0);
  const place = Math.min(Math.max(top, 0), most);
  const offset = height === whole ? place : Math.round((place / most) * (whole - window));
  return {
    from: Math.max(Math.floor(offset / ROW) - OVER, 0),
    until: Math.min(Math.ceil((offset + window) / ROW) + OVER, of),
    shift: place - offset,
    height,
  };
}
