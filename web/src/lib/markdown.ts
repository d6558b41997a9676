//! The little of Markdown that a written vision needs: headings, paragraphs, lists, quotes, emphasis. It
//! gives blocks of texts, and no markup of others ever reaches the page: what it does not know stays as
//! it was written.

export interface Span {
  text: string;
  kind: "plain" | "strong" | "emphasis" | "code";
}

export type Block =
  | { kind: "heading"; level: number; spans: Span[] }
  | { kind: "paragraph" | "quote"; spans: Span[] }
  | { kind: "list"; isOrdered: boolean; items: Span[][] };

const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const BULLET = /^\s{0,3}[-*+]\s+(.*)$/;
const NUMBER = /^\s{0,3}\d{1,9}[.)]\s+(.*)$/;
const QUOTE = /^\s{0,3}>\s?(.*)$/;

/** What is being read. */
interface Open {
  text: { kind: "paragraph" | "quote"; lines: string[] } | null;
  list: { isOrdered: boolean; items: string[] } | null;
}

export function blocks(text: string): Block[] {
  const found: Block[] = [];
  const now: Open = { text: null, list: null };
  const close = () => {
    const { text, list } = now;
    if (text) found.push({ kind: text.kind, spans: spans(text.lines.join(" ")) });
    if (list) found.push({ kind: "list", ...list, items: list.items.map(spans) });
    now.text = null;
    now.list = null;
  };
  for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
    const heading = HEADING.exec(line);
    const bullet = BULLET.exec(line);
    const number = bullet ? null : NUMBER.exec(line);
    const quote = QUOTE.exec(line);
    if (line.trim() === "") close();
    else if (heading) {
      close();
      const level = heading[1]?.length ?? 1;
      found.push({ kind: "heading", level, spans: spans(heading[2] ?? "") });
    } else if (bullet || number) {
      const isOrdered = bullet === null;
      const item = (bullet ?? number)?.[1] ?? "";
      if (now.list?.isOrdered !== isOrdered) {
        close();
        now.list = { isOrdered, items: [] };
      }
      now.list.items.push(item);
    } else if (now.list && /^\s+\S/.test(line)) {
      const { items } = now.list;
      items.push(`${items.pop()} ${line.trim()}`);
    } else {
      const kind = quote ? "quote" : "paragraph";
      if (now.text?.kind !== kind) {
        close();
        now.text = { kind, lines: [] };
      }
      now.text.lines.push((quote?.[1] ?? line).trim());
    }
  }
  close();
  return found;
}

/** Emphasis within a line; marks that are not closed are signs like any other. */
export function spans(text: string): Span[] {
  const found: Span[] = [];
  const sign = /\*\*([^*]+)\*\*|__([^_]+)__|`([^`]+)`|\*([^*\s][^*]*)\*|\b_([^_\s][^_]*)_\b/g;
  let at = 0;
  for (const match of text.matchAll(sign)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index), kind: "plain" });
    const strong = match[1] ?? match[2];
    const code = match[3];
    const emphasis = match[4] ?? match[5];
    if (strong !== undefined) found.push({ text: strong, kind: "strong" });
    else if (code !== undefined) found.push({ text: code, kind: "code" });
    else found.push({ text: emphasis ?? "", kind: "emphasis" });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ text: text.slice(at), kind: "plain" });
  return found;
}
