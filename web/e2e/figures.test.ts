//! A figure is as many records as it says, on every page that counts.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOrigin } from "@/lib/address";
import { launch, open, owner } from "./browser";

describe("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.each([
    "/funnel?period=2025-Q3",
    "/funnel?period=2025-Q3&view=cohort",
    "/funnel?period=2025-Q3&view=paths",
    "/funnel?period=2025-Q3&view=snapshot&unit=account",
    "/handoffs?period=2025-Q3",
    "/deals?period=2025-Q3&table=moves,reasons",
    "/health",
  ])("each count of %s is as many records", async (path) => {
    const somebody = await owner(browser);
    const { page } = somebody;
    await open(somebody, path);
    await page.locator("table a[data-rec]").first().waitFor();
    const links = await page.$$eval("table a[data-rec]", (all) =>
      all.map((one) => ({ text: one.textContent ?? "", rec: one.getAttribute("data-rec") ?? "" })),
    );
    expect(links.length).toBeGreaterThan(2);
    const wrong: string[] = [];
    for (const { text, rec } of links.slice(0, 60)) {
      // A share's records are its part or its whole; what counts is told as a plain number.
      if (!/^[\d,]+$/.test(text)) continue;
      const origin = readOrigin(rec);
      const words = new URLSearchParams({
        ...origin?.question.words,
        column: origin?.column ?? "",
      });
      for (const cell of origin?.row ?? []) words.append("row", cell);
      const address = `/api/v1/ask/${origin?.question.kind}/records?${words}&limit=1`;
      const of = await page.evaluate(async (to) => (await (await fetch(to)).json()).of, address);
      if (String(of) !== text.replaceAll(",", "")) wrong.push(`${rec}: ${text} and ${of}`);
    }
    expect(wrong).toEqual([]);
    await somebody.context.close();
  });

  it("the drawer opens from a figure, is an address, and closes with Escape", async () => {
    const somebody = await owner(browser);
    const { page } = somebody;
    await open(somebody, "/funnel?period=2025-Q3");
    const link = page.locator("table a[data-rec]").first();
    const said = await link.textContent();
    await link.click();
    const count = page.locator("[data-records-count]");
    await expect.poll(() => count.getAttribute("data-records-count")).toBe(said);
    const address = page.url();
    await page.keyboard.press("Escape");
    await expect.poll(() => count.count()).toBe(0);
    await page.goto(address);
    await expect.poll(() => count.getAttribute("data-records-count")).toBe(said);
    await somebody.context.close();
  });
});
