//! A text that people wrote, set to be read. Its markup is ours: nothing of it becomes HTML by itself.

import { type Block, blocks, type Span } from "@/lib/markdown";
import css from "./prose.module.css";

export function Prose({ text }: { text: string }) {
  return (
    <div className={css.prose}>
      {blocks(text).map((block, at) => (
        <Part key={at} block={block} />
      ))}
    </div>
  );
}

function Part({ block }: { block: Block }) {
  if (block.kind === "heading") {
    // The page and its parts have the first two levels.
    return block.level === 1 ? (
      <h3>
        <Spans spans={block.spans} />
      </h3>
    ) : (
      <h4>
        <Spans spans={block.spans} />
      </h4>
    );
  }
  if (block.kind === "list") {
    const items = block.items.map((spans, at) => (
      <li key={at}>
        <Spans spans={spans} />
      </li>
    ));
    return block.isOrdered ? <ol>{items}</ol> : <ul>{items}</ul>;
  }
  if (block.kind === "quote") {
    return (
      <blockquote>
        <Spans spans={block.spans} />
      </blockquote>
    );
  }
  return (
    <p>
      <Spans spans={block.spans} />
    </p>
  );
}

function Spans({ spans }: { spans: readonly Span[] }) {
  return spans.map((span, at) => {
    if (span.kind === "strong") return <strong key={at}>{span.text}</strong>;
    if (span.kind === "emphasis") return <em key={at}>{span.text}</em>;
    if (span.kind === "code") return <code key={at}>{span.text}</code>;
    return <span key={at}>{span.text}</span>;
  });
}
