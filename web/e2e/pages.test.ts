//! Every page, in light and dark: nothing that keeps anybody out, no error, no breach of the policy.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenPolicy, guest, launch, look, open, PAGES, server } from "./browser";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

interface Violation {
  id: string;
  nodes: { html: string }[];
}

describe.skipIf(!server)("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.each(["light", "dark"] as const)("every page is open to everybody, %s", async (scheme) => {
    const context = await look(browser, { scheme });
    const { page, said } = await guest(context);
    const found: string[] = [];
    for (const path of PAGES) {
      await open(page, path);
      found.push(...(await brokenPolicy(page)).map((one) => `${path}: ${one}`));
      // Through the debugger's door, which the page's policy does not look at.
      await page.evaluate(axe);
      const violations = await page.evaluate(
        (rules) =>
          (
            window as unknown as {
              axe: { run: (of: Document, how: unknown) => Promise<{ violations: Violation[] }> };
            }
          ).axe
            .run(document, { runOnly: rules })
            .then((result) => result.violations),
        RULES,
      );
      for (const { id, nodes } of violations) found.push(`${path}: ${id} ${nodes[0]?.html}`);
    }
    expect(found).toEqual([]);
    expect(said).toEqual([]);
    await context.close();
  });

  it("no page is wider than a telephone", async () => {
    const context = await look(browser, { width: 390 });
    const { page } = await guest(context);
    const wide: string[] = [];
    for (const path of PAGES) {
      await open(page, path);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) wide.push(`${path}: ${over}`);
    }
    expect(wide).toEqual([]);
    await context.close();
  });
});
