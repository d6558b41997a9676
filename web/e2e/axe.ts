//! What keeps somebody from reading a page, as axe sees it.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const script = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Figures of a chart are drawn where they belong, which is not inside a landmark's text. */
const WITHOUT = { region: { enabled: false } };

interface Found {
  violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
}

interface Axe {
  run: (of: Document, how: unknown) => Promise<Found>;
}

/** Each rule that is broken, with the first place where it is. */
export async function barriers(page: Page): Promise<string[]> {
  // Through the debugger's door, which the page's policy does not look at.
  await page.evaluate(script);
  const how = { runOnly: RULES, rules: WITHOUT, resultTypes: ["violations"] };
  const { violations } = await page.evaluate(
    (options) => (window as unknown as { axe: Axe }).axe.run(document, options),
    how,
  );
  return violations.map(({ id, nodes }) => {
    const [first] = nodes;
    const why = first?.failureSummary?.replace(/\s+/g, " ") ?? "";
    return `${id} ×${nodes.length}: ${first?.html.slice(0, 200)} ${why.slice(0, 300)}`;
  });
}
