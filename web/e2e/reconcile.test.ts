//! The CRM's own totals beside ours: what agrees, what differs, what cannot be read, and the records
//! behind our side. And words of the lexicon, which say what they mean wherever they stand.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { barriers } from "./axe";
import type { Reply } from "./book";
import { launch, open, owner, settled } from "./browser";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const asked = <T>(page: Page, path: string): Promise<T> =>
  page.evaluate(async (to) => (await fetch(`/api/v1${to}`)).json() as Promise<T>, path);

/** Deals won in a quarter, by the question that the page’s figures lead to. */
async function won(page: Page, quarter: string): Promise<number> {
  const { answer } = await asked<Reply>(page, "/ask/metric?of=won&unit=deal&by=quarter");
  const at = answer.columns.findIndex((column) => column.id === "won");
  return Number(answer.rows.find(([name]) => name === quarter)?.[at]);
}

describe("the CRM’s own totals", () => {
  it("stand beside ours, and what differs is marked and leads to its deals", async () => {
    const somebody = await owner(browser);
    const { page } = somebody;
    await open(somebody, "/health");
    await page.getByRole("link", { name: "Compare totals →" }).click();
    await page.waitForURL((url) => url.pathname === "/health/reconcile");
    await page.getByLabel("Totals of each").selectOption("quarter");
    await expect.poll(() => new URL(page.url()).searchParams.get("by")).toBe("quarter");
    const [second, third] = [await won(page, "2025-Q2"), await won(page, "2025-Q3")];
    expect(Math.min(second, third)).toBeGreaterThan(0);
    const lines = page.getByLabel("A line for each period: period, won deals, amount");
    const compare = page.getByRole("button", { name: "Compare", exact: true }).last();
    await lines.fill(`Quarter\tDeals\tAmount\n2025-Q2\t${second}\t–\n2025-Q3\t${third + 1}\t0.01`);
    await compare.click();
    const table = page.getByRole("table", { name: "Against the CRM’s own totals" });
    await table.waitFor();
    await settled(page);
    const rows = table.locator("tbody tr");
    expect(await rows.count()).toBe(2);
    expect(await rows.nth(0).innerText()).toMatch(/Q2 2025[\s\S]*agrees/);
    expect(await rows.nth(1).innerText()).toMatch(/Q3 2025[\s\S]*\+1[\s\S]*differs/);
    expect(await page.locator("main").innerText()).toContain("1 of 2 lines differ");
    expect(await barriers(page)).toEqual([]);
    // Our figure is as many records as it says, of the commit that was compared.
    await rows.nth(1).locator("a[data-rec]").first().click();
    const count = page.locator("[data-records-count]");
    await expect.poll(() => count.getAttribute("data-records-count")).toBe(String(third));
    await page.keyboard.press("Escape");
    await expect.poll(() => count.count()).toBe(0);
    // What was typed is there again after a reload.
    await page.reload();
    await settled(page);
    expect(await lines.inputValue()).toContain("2025-Q3");
    expect(somebody.said).toEqual([]);
    await somebody.context.close();
  });

  it("are not compared where a line cannot be read, and a refusal says what to do", async () => {
    const somebody = await owner(browser, { locale: "de-DE" });
    const { page } = somebody;
    await open(somebody, "/health/reconcile");
    const lines = page.getByLabel("Eine Zeile je Zeitraum: Zeitraum, gewonnene Deals, Betrag");
    const compare = page.getByRole("button", { name: "Abgleichen", exact: true });
    await lines.fill("2025-03  5  12.345,50\n2025-04  viele  1");
    await compare.click();
    expect(await page.getByRole("alert").innerText()).toMatch(/Zeile 2[\s\S]*keine ganze Zahl/);
    expect(await page.getByRole("table").count()).toBe(0);
    await lines.fill("2025-Q1  5  12.345,50");
    await compare.click();
    await expect.poll(() => page.getByRole("alert").innerText()).toContain("E0404");
    expect(await page.getByRole("table").count()).toBe(0);
    await lines.fill("2025-03  5  12.345,50");
    await compare.click();
    await page.getByRole("table").waitFor();
    expect((await page.getByRole("table").innerText()).replaceAll("\u00a0", " ")).toContain(
      "12.345,50 €",
    );
    await somebody.context.close();
  });
});

interface Book {
  charter: { terms: { word: string; means: string }[] };
}

describe("a word of the lexicon", () => {
  it.each(["/charter", "/funnel?period=2025-Q3&step=mql"])(
    "says on %s what it means, to a pointer and to keys",
    async (path) => {
      const somebody = await owner(browser);
      const { page } = somebody;
      await open(somebody, path);
      const { charter } = await asked<Book>(page, "/book");
      const meanings = new Map(charter.terms.map((one) => [one.word.toLowerCase(), one.means]));
      const terms = page.locator("main [data-term]");
      expect(await terms.count()).toBeGreaterThan(0);
      for (const term of (await terms.all()).slice(0, 8)) {
        const means = meanings.get((await term.innerText()).toLowerCase().replace(/\s+/g, " "));
        expect(means).toBeTruthy();
        await term.focus();
        const tip = page.getByRole("tooltip");
        await expect.poll(() => tip.innerText()).toBe(means);
      }
      await page.keyboard.press("Escape");
      // A page that moves takes its tips away: once it stands still, one comes.
      await expect
        .poll(async () => {
          await page.mouse.move(1, 1);
          await terms.first().hover();
          await page.waitForTimeout(400);
          return page.getByRole("tooltip").count();
        })
        .toBe(1);
      expect(await barriers(page)).toEqual([]);
      await somebody.context.close();
    },
  );
});
