//! A text with its lines numbered, to be changed as text: a charter is a file that both teams read.

import { useEffect, useRef } from "react";
import css from "./editor.module.css";

interface EditorProps {
  label: string;
  text: string;
  put: (text: string) => void;
  /** A line to be looked at. */
  line: number | null;
}

export function Editor({ label, text, put, line }: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const count = text.split("\n").length;
  useEffect(() => {
    const element = area.current;
    if (!element || line === null) return;
    const before = element.value.split("\n").slice(0, line - 1);
    const start = before.join("\n").length + (line > 1 ? 1 : 0);
    const end = element.value.indexOf("\n", start);
    element.focus();
    element.setSelectionRange(start, end < 0 ? element.value.length : end);
    const height = Number.parseFloat(getComputedStyle(element).lineHeight);
    element.scrollTop = Math.max(0, (line - 4) * height);
  }, [line]);
  const scroll = () => {
    if (area.current && gutter.current) gutter.current.scrollTop = area.current.scrollTop;
  };
  return (
    <div className={css.editor}>
      <div ref={gutter} className={css.gutter} aria-hidden="true">
        {Array.from({ length: count }, (_, at) => (
          <div key={at} data-on={line === at + 1 ? "" : undefined}>
            {at + 1}
          </div>
        ))}
      </div>
      <textarea
        ref={area}
        className={css.area}
        aria-label={label}
        value={text}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        maxLength={1_000_000}
        onScroll={scroll}
        onChange={(event) => put(event.target.value)}
      />
    </div>
  );
}
