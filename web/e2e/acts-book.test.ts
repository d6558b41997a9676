//! What becomes of figures that were told: a period is closed, an import is taken back and comes again,
//! a balance does not hold. And a deal over which both teams differ, until it is ruled on.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import {
  button,
  closed,
  complaints,
  field,
  go,
  type House,
  hire,
  house,
  panel,
  press,
  ruled,
  says,
  sheet,
} from "./acts";
import { ask } from "./book";
import { launch, open, type Seat, settled, textOf } from "./browser";

let browser: Browser;
let built: House;
let olga: Seat;
let page: Page;
beforeAll(async () => {
  browser = await launch();
  built = await house();
  olga = await ruled(browser, built);
  page = olga.page;
});
afterAll(async () => {
  await built.stop();
  await browser.close();
});

const QUARTER = "2025-Q3";

/** A figure of the quarter as the terminal says it. */
async function said(metric: string): Promise<number> {
  const { answer } = await ask(built.book, "metric", { of: metric, period: QUARTER });
  const at = answer.columns.findIndex((column) => column.id === metric);
  return Number(answer.rows[0]?.[at]);
}

it("a period is closed, told otherwise after a delivery is taken back, and again as it was", async () => {
  await open(olga, "/periods");
  const won = await said("won");
  await button(page, "Close a period").first().click();
  const form = sheet(page);
  await field(form, "Period").fill(QUARTER);
  await field(form, "Why").fill("The board was told.");
  await button(form, "Close it").click();
  await closed(page);
  await settled(page);
  const close = panel(page, "Closed");
  expect(await close.innerText()).toMatch(/Q3 2025[\s\S]*Olga[\s\S]*The board was told\./);
  // What was kept is what the question says.
  expect(await close.locator("section", { hasText: /^Won/ }).first().innerText()).toContain(
    `${won}`,
  );
  await page.getByText("Every closed figure still says the same").waitFor();
  // Twice is refused where one asks for it.
  await press(page, "Close a period");
  await field(sheet(page), "Period").fill(QUARTER);
  await button(sheet(page), "Close it").click();
  await sheet(page).getByRole("alert").filter({ hasText: "E0461" }).waitFor();
  await page.keyboard.press("Escape");
  await closed(page);

  await go(page, "Data health", "/health");
  // The newest import stands first.
  const late = page.getByRole("region", { name: "Imports" }).locator("tbody tr").first();
  expect(await late.innerText()).toContain("_q3.csv");
  await button(late, "Take back").click();
  await button(sheet(page), "Take back").click();
  await closed(page);
  const fewer = await said("won");
  expect(fewer).toBeLessThan(won);
  await open(olga, "/");
  const alert = page.getByRole("link", { name: /figures? of the closed 2025-Q3/ });
  await alert.click();
  await page.waitForURL((to) => to.pathname === "/periods");
  await settled(page);
  const row = page
    .getByRole("region", { name: "Restated since" })
    .locator("tbody tr")
    .filter({ has: page.getByRole("cell", { name: `${won}`, exact: true }) })
    .first();
  const [told, now, by, because] = await Promise.all(
    [1, 2, 3, 4].map((at) => row.locator("td").nth(at).innerText()),
  );
  expect([told, now, by]).toEqual([`${won}`, `${fewer}`, `−${won - fewer}`]);
  expect(because).toMatch(new RegExp(`^Removed: −${won - fewer}$`));

  await brought();
  await expect.poll(() => said("won")).toBe(won);
  await open(olga, "/periods");
  await page.getByText("Every closed figure still says the same").waitFor();
});

/** The late delivery once more, through the wizard: its source knows what the files are. */
async function brought(): Promise<void> {
  const late = join(inject("demo"), "exports", "late");
  const files = (await readdir(late)).map((name) => join(late, name));
  await go(page, "Data health", "/health");
  await page.getByRole("link", { name: "Import files" }).first().click();
  await page.waitForURL((to) => to.pathname === "/health/import");
  await page.getByLabel("Choose files", { exact: true }).setInputFiles(files);
  await expect.poll(() => button(page, /^Remove crm_/).count()).toBe(files.length);
  await press(page, "Look at them");
  await panel(page, "“crm” reads these files already").waitFor();
  await press(page, "Import into crm");
  await press(page, "Import");
  await panel(page, "Imported").waitFor({ timeout: 60_000 });
}

it("a balance that does not hold is red here and told on the first page, until it is taken back", async () => {
  await open(olga, "/periods");
  const balances = panel(page, "Balances somebody vouches for");
  const vouch = async (metric: string, value: string) => {
    await button(page, "Vouch for a balance").first().click();
    await field(sheet(page), "Metric").fill(metric);
    await field(sheet(page), "Period").fill(QUARTER);
    await field(sheet(page), "Balance").fill(value);
    await button(sheet(page), "Vouch").click();
    await closed(page);
    await settled(page);
  };
  const won = await said("won");
  await vouch("won", `${won}`);
  await vouch("won", `${won + 1}`);
  const [good, bad] = ["holds", "does not hold"].map((name) =>
    balances.getByRole("cell", { name, exact: true }),
  );
  const colour = (of: typeof good) => of?.evaluate((one) => getComputedStyle(one).color);
  expect(await colour(bad)).not.toBe(await colour(good));
  const [red = 0, green = 0, blue = 0] =
    ((await colour(bad)) ?? "").match(/[\d.]+/g)?.map(Number) ?? [];
  expect(red).toBeGreaterThan(2 * Math.max(green, blue));
  await open(olga, "/");
  const told = page.getByRole("link", { name: /^Vouched for was/ });
  expect(await told.allInnerTexts()).toEqual([
    `Vouched for was won 2025-Q3 = ${won + 1}; the book says ${won}`,
  ]);
  await told.click();
  await page.waitForURL((to) => to.pathname === "/periods");
  await settled(page);
  await press(page, "Take back", balances.locator("tr", { hasText: "does not hold" }));
  await field(sheet(page), "Why").fill("Counted twice.");
  await button(sheet(page), "Take back").click();
  await closed(page);
  await expect.poll(() => bad?.count()).toBe(0);
  expect(await good?.count()).toBe(1);
});

it("what was closed is opened again, and stays in the log", async () => {
  await open(olga, "/periods");
  const close = panel(page, "Closed");
  await press(page, "Open again", close);
  expect(await button(sheet(page), "Open again").isDisabled()).toBe(true);
  await field(sheet(page), "Why").fill("Finance found a deal.");
  await button(sheet(page), "Open again").click();
  await closed(page);
  await close.getByText("Opened again by Olga: Finance found a deal.").waitFor();
  expect(await button(close, "Open again").count()).toBe(0);
  expect(complaints(olga)).toEqual([]);
});

it("both teams tell their side of a deal, and it is ruled on", async () => {
  const ann = await hire(browser, olga, "Ann", "marketing");
  const bob = await hire(browser, olga, "Bob", "sales");
  await open(ann, "/deals?period=2025-Q3");
  await field(ann.page, "Find a deal").fill("O-00222");
  await ann.page.getByRole("link", { name: "O-00222" }).click();
  await says(ann.page, "of", "O-00222");
  await open(bob, "/deals?of=O-00222");
  const place = await toldBy(ann.page, "demand", "They wrote after the webinar.");
  expect(await textOf(ann.page)).toContain(place);
  // The other side sees it as it is told.
  await bob.page.getByRole("heading", { name: "Deal O-00222 is disputed" }).waitFor();
  await toldBy(bob.page, "ae-north", "We had called them since March.");
  await open(olga, "/deals?of=O-00222");
  await press(page, "Rule on it");
  await field(page, "Ruling").fill("The webinar came first.");
  await field(page, "What is decided for later drafts").selectOption("sourced");
  await field(page, "Brought by").selectOption("marketing");
  await press(page, "Rule");
  for (const { page } of [ann, bob, olga]) {
    await page.getByRole("heading", { name: "Deal O-00222 was ruled on" }).waitFor();
    const text = await textOf(page);
    for (const said of ["since March", "after the webinar", "The webinar came first."])
      expect(text).toContain(said);
  }
  // The same stands in the credit book of the deal.
  await open(olga, "/credit?period=all&deal=O-00222");
  expect(await textOf(page)).toContain("The webinar came first.");
  expect(complaints(olga, ann, bob)).toEqual([]);
  for (const { context } of [ann, bob]) await context.close();
});

/** Somebody tells their team's side, with the first line that shows it; gives the line's place. */
async function toldBy(page: Page, team: string, story: string): Promise<string> {
  await press(page, "Tell our side");
  await field(page, "For team").selectOption(team);
  await field(page, "What happened").fill(story);
  const line = page.getByRole("checkbox", { name: /shows it$/ }).first();
  const place = ((await line.getAttribute("aria-label")) ?? "").replace(" shows it", "");
  await line.check();
  await press(page, "Tell it");
  await expect.poll(() => field(page, "What happened").count()).toBe(0);
  await page.getByText(story).waitFor();
  return place;
}
