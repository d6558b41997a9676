//! What somebody types, once they stop for a moment: nobody is asked at every letter.

import { useEffect, useState } from "react";

/** How long nobody has typed before it is looked for, in milliseconds. */
const PAUSE = 250;

export function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const wait = setTimeout(() => setPaused(text), PAUSE);
    return () => clearTimeout(wait);
  }, [text]);
  return paused;
}
