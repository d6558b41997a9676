//! A figure is as many records as it says, on every page that counts.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOrigin } from "@/lib/address";
import { launch, open, owner } from "./browser";
import { COUNTING } from "./routes";

/** Figures of a page that are held against their records, each of another column where there are such. */
const MOST = 30;

interface Said {
  text: string;
  under: string;
  rec: string;
}

/** How many records a figure says to have: a number of its own, or the part of a share. */
function counted({ text, under }: Said): number | null {
  const said = /^[\d,]+$/.test(text) ? text : /^([\d,]+) \/ [\d,]+$/.exec(under)?.[1];
  return said ? Number(said.replaceAll(",", "")) : null;
}

/** The figures of a page, of each column some. */
async function figuresOf(page: Page): Promise<Said[]> {
  const all = await page.$$eval("main [data-figure]", (found) =>
    found.map((one) => ({
      text: one.querySelector("a[data-rec]")?.firstChild?.textContent ?? "",
      under: one.querySelector("[data-under]")?.textContent ?? "",
      rec: one.querySelector("a[data-rec]")?.getAttribute("data-rec") ?? "",
    })),
  );
  const told = all.filter((one) => one.rec && counted(one) !== null);
  const nth = new Map<string, number>();
  const placed = told.map((one) => {
    const origin = readOrigin(one.rec);
    const column = `${origin?.question.kind} ${origin?.column}`;
    nth.set(column, (nth.get(column) ?? 0) + 1);
    return { one, place: nth.get(column) ?? 0 };
  });
  placed.sort((a, b) => a.place - b.place);
  return placed.slice(0, MOST).map(({ one }) => one);
}

function addressOf(rec: string): string {
  const origin = readOrigin(rec);
  const words = new URLSearchParams({ ...origin?.question.words, column: origin?.column ?? "" });
  for (const cell of origin?.row ?? []) words.append("row", cell);
  return `/api/v1/ask/${origin?.question.kind}/records?${words}&limit=1`;
}

describe("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.each(COUNTING)(
    "each count of %s is as many records, and so is the part of a share",
    async (path) => {
      const somebody = await owner(browser);
      const { page } = somebody;
      await open(somebody, path);
      const figures = await figuresOf(page);
      // Where nothing is compared nothing is shown to be so.
      expect(figures.length).toBeGreaterThan(0);
      const found = await page.evaluate(
        (all) => Promise.all(all.map(async (to) => (await (await fetch(to)).json()).of as number)),
        figures.map(({ rec }) => addressOf(rec)),
      );
      const wrong = figures.flatMap((one, at) =>
        found[at] === counted(one) ? [] : [`${one.rec}: ${one.text} ${one.under} and ${found[at]}`],
      );
      expect(wrong).toEqual([]);
      await somebody.context.close();
    },
  );

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
