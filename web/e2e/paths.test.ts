//! The main path of each page, as somebody walks it who came with its question.

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launch, open, owner, type Seat, settled, textOf } from "./browser";

let browser: Browser;
let here: Seat;
let page: Page;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  here = await owner(browser);
  page = here.page;
});
afterEach(async () => {
  await here.context.close();
});

const word = (name: string) => new URL(page.url()).searchParams.get(name);

/** Until the address has, or has not, a word. */
async function says(name: string, value: string | null): Promise<void> {
  await expect.poll(() => word(name)).toBe(value);
  await settled(page);
}

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });

async function chosen(menu: string | RegExp, item: string): Promise<void> {
  await button(menu).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** A figure's records are as many as it says; the drawer closes again. */
async function records(link: ReturnType<Page["locator"]>): Promise<string> {
  const said = (await link.innerText()).trim();
  await link.click();
  const count = page.locator("[data-records-count]");
  await expect.poll(() => count.getAttribute("data-records-count")).toBe(said.replaceAll(",", ""));
  await page.keyboard.press("Escape");
  await expect.poll(() => count.count()).toBe(0);
  return said;
}

const number = (text: string) => Number(text.replaceAll(",", ""));
const added = (sum: number, text: string) => sum + number(text);

/** The columns of the only chart: what each says, and how high it is drawn. */
const columns = () =>
  page.$$eval("figure a[data-mark]", (all) =>
    all.map((one) => {
      const [name = "", said = ""] = (one.getAttribute("aria-label") ?? "").split(": ");
      const height = one.querySelector("rect:last-of-type")?.getBoundingClientRect().height ?? 0;
      return { name, said, height };
    }),
  );

describe("the main path of", () => {
  it("this week: what waits, its records, and on to the handoffs", async () => {
    await open(here, "/");
    const figures = page.locator("main [data-figure]");
    expect(await figures.count()).toBeGreaterThan(8);
    const counts = page.locator("main li a[data-rec]", { hasText: /^[\d,]+$/ });
    await records(counts.first());
    await page.getByRole("link", { name: "Handoffs →" }).click();
    await page.waitForURL((url) => url.pathname === "/handoffs");
  });

  it("the funnel: a stage, a split, a condition, another view", async () => {
    await open(here, "/funnel?period=2025-Q3");
    await page
      .getByRole("button", { name: /^Accepted by sales/ })
      .first()
      .click();
    await says("step", "sal");
    expect(await page.locator("aside h3").innerText()).toBe("Accepted by sales");
    await chosen("split by …", "Channel");
    await says("by", "channel");
    const table = page.getByRole("table", { name: "All figures" });
    expect(await table.innerText()).toContain("webinar");
    await button("that …").click();
    await page.getByRole("textbox", { name: /Only those that/ }).fill("person.country = 'DE'");
    await page.keyboard.press("Enter");
    await says("where", "person.country = 'DE'");
    await button("Snapshot").click();
    await says("view", "snapshot");
    expect(await button("Snapshot").getAttribute("aria-pressed")).toBe("true");
    await page.goBack();
    await says("view", null);
    // What is refused says what to do.
    await button("Remove").click();
    await button("that …").click();
    await page.getByRole("textbox", { name: /Only those that/ }).fill("person.hat = 1");
    await page.keyboard.press("Enter");
    await settled(page);
    expect(await page.getByRole("alert").first().innerText()).toMatch(/E0124[\s\S]*What to do/);
  });

  it("handoffs: kept promises, by region", async () => {
    await open(here, "/handoffs?period=2025-Q3");
    await records(page.locator("table a[data-rec]", { hasText: /^[\d,]+$/ }).first());
    await chosen("split by …", "Region person");
    await says("by", "person.region");
    expect(await textOf(page)).toContain("qualified");
  });

  it("deals: the bridge as a table, won instead of lost, what is stale", async () => {
    await open(here, "/deals?period=2025-Q3");
    await button("Show as a table").first().click();
    await says("table", "moves");
    const bridge = page.getByRole("table", { name: "From one pipeline to the next" });
    await records(bridge.locator("a[data-rec]").first());
    await button("Won").click();
    await says("show", "won");
    await button("Show as a chart").click();
    await says("table", null);
  });

  it("accounts: found by name, on one line, and a deal's key opens its own", async () => {
    await open(here, "/accounts");
    const search = page.getByRole("searchbox", { name: "Find an account" });
    await search.fill("A-02");
    const first = page.locator("section button", { hasText: "A-02" }).first();
    const key = /A-02\d\d/.exec(await first.locator("small").innerText())?.[0] ?? "";
    await first.click();
    await says("of", key);
    expect(await page.locator("main figure svg circle").count()).toBeGreaterThan(0);
    await search.fill("O-00222");
    await page.keyboard.press("Enter");
    await says("of", "O-00222");
    expect(await textOf(page)).toContain("O-00222");
  });

  it("credit: who earns, under each model, by campaign, of open deals", async () => {
    await open(here, "/credit?period=all");
    const heads = await page.locator("main h2").allInnerTexts();
    expect(heads[0]).toBe("Touched by marketing");
    expect(heads[1]).toMatch(/earns most under/);
    expect(await page.locator("[data-headline] a[data-rec]").count()).toBeGreaterThan(3);
    await button("Campaign").first().click();
    await says("by", "campaign");
    await button("Open deals").click();
    await says("of", "open");
    expect(await page.locator("table a[data-rec]").count()).toBeGreaterThan(3);
  });

  it("a campaign: from what all of them cost to one, its parts, and its months as drawn", async () => {
    await open(here, "/credit?period=2024");
    const costs = page.getByRole("table", { name: "What it cost" });
    await costs.getByRole("link", { name: "C-2024", exact: true }).click();
    await says("campaign", "C-2024");
    expect(new URL(page.url()).pathname).toBe("/campaign");
    const head = page.locator("dl > div", { hasText: "Assigned leads" });
    const assigned = await records(head.locator("a[data-rec]").first());
    const parts = page.getByRole("table", { name: "Its parts" });
    // Each counts once in the whole, which stands first and, ruled off, last.
    const own = await parts.locator('a[data-rec*="column=assigned"]').allInnerTexts();
    expect(own.length).toBeGreaterThan(3);
    expect(own.slice(1, -1).reduce(added, 0)).toBe(number(assigned));
    expect([own.at(0), own.at(-1)]).toEqual([assigned, assigned]);
    await page.getByRole("group", { name: "Month by month" }).getByRole("button").nth(1).click();
    await says("show", "assigned");
    const drawn = await columns();
    const year = drawn.filter((one) => one.name.endsWith(" 2024"));
    expect(year).toHaveLength(12);
    expect(year.map((one) => one.said).reduce(added, 0)).toBe(number(assigned));
    // Heights are linear from zero.
    const most = Math.max(...drawn.map((one) => number(one.said)));
    const high = Math.max(...drawn.map((one) => one.height));
    expect(high).toBeGreaterThan(100);
    for (const { said, height } of drawn) {
      expect(Math.abs(height - (high * number(said)) / most)).toBeLessThan(1.5);
    }
    await page.locator("figure a[data-mark]").first().click();
    const count = page.locator("[data-records-count]");
    await expect.poll(() => count.getAttribute("data-records-count")).toBe(drawn[0]?.said);
  });

  it("metrics: found, over months, as a table", async () => {
    await open(here, "/metrics?period=2025-Q3");
    await page.getByRole("searchbox", { name: "Find a metric" }).fill("revenue");
    await page.getByRole("navigation", { name: "Catalogue" }).getByRole("button").first().click();
    await expect.poll(() => word("of")).toBeTruthy();
    await open(here, "/metrics?of=revenue&period=2025-Q3");
    await button("Month").first().click();
    await says("show", "month");
    await button("Show as a table").first().click();
    await says("table", "time");
    expect(await page.getByRole("table", { name: "Over time" }).innerText()).toContain("Jul 2025");
  });

  it("the charter: what a stage means, and every word of it", async () => {
    await open(here, "/charter");
    expect(await textOf(page)).toContain("The score reached 50");
  });

  it("data health: what is missing, and its records", async () => {
    await open(here, "/health");
    const found = page.getByRole("table", { name: /missing or contradictory/ });
    await records(found.locator("a[data-rec]", { hasText: /^[\d,]+$/ }).first());
  });

  it("settings: dark, and German, and both are kept", async () => {
    await open(here, "/settings");
    await button("Dark").first().click();
    const html = page.locator("html");
    await expect.poll(() => html.getAttribute("data-mantine-color-scheme")).toBe("dark");
    await button("Deutsch").first().click();
    await expect.poll(() => html.getAttribute("lang")).toBe("de");
    await page.reload();
    await settled(page);
    expect(await html.getAttribute("lang")).toBe("de");
    expect(await html.getAttribute("data-mantine-color-scheme")).toBe("dark");
  });
});

describe("on every page", () => {
  it("a comparison is turned on and off, and changes no figure", async () => {
    const path = "/handoffs?period=2025-Q3";
    await open(here, path);
    const figures = () =>
      page.$$eval("[data-figure] > :first-child", (all) => all.map((one) => one.textContent));
    const told = () => page.locator("[data-figure]", { hasText: /was / });
    const before = await figures();
    expect(await told().count()).toBe(0);
    await chosen("Compare", "The period before");
    await says("compare", "previous");
    expect(await told().count()).toBeGreaterThan(5);
    expect(await figures()).toEqual(before);
    await chosen("The period before", "A year before");
    await says("compare", "year-ago");
    await chosen("A year before", "No comparison");
    await says("compare", null);
    expect(await told().count()).toBe(0);
    expect(await figures()).toEqual(before);
    // The same by its key.
    await page.keyboard.press("c");
    await says("compare", "previous");
    await page.keyboard.press("c");
    await says("compare", null);
    expect(await figures()).toEqual(before);
  });

  it("another period is one choice away, and stays from page to page", async () => {
    await open(here, "/funnel?period=2025-Q3");
    await button(/^Period: /).click();
    await button("Q1 2025").click();
    await says("period", "2025-Q1");
    await page.getByRole("link", { name: "Deals" }).click();
    await page.waitForURL((url) => url.pathname === "/deals");
    await says("period", "2025-Q1");
  });

  it("what is not known is said, with the way back", async () => {
    await page.goto(`${here.url}/no-such-page`);
    await page.getByText("There is no such page").waitFor();
    await page.getByRole("link", { name: "To this week" }).click();
    await page.waitForURL((url) => url.pathname === "/");
    await open(here, "/funnel?period=1999");
    expect(await textOf(page)).toContain("Nothing here in this period");
    await button("Look at all time").click();
    await says("period", "all");
    expect(await page.locator("table a[data-rec]").count()).toBeGreaterThan(5);
  });
});
