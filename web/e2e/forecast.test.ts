//! The page of the forecast: its figures are the terminal's, its drawings can be walked through and
//! open what they are of, nothing keeps anybody out, and it fits a telephone and a sheet of paper.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { readOrigin } from "@/lib/address";
import { barriers } from "./axe";
import { ask, type Reply } from "./book";
import { launch, open, owner, settled } from "./browser";
import { differs } from "./reading";

const ADDRESSES = [
  "/forecast",
  "/forecast?horizon=month&show=deals",
  "/forecast?by=team&table=fan,parts,split",
  "/forecast?horizon=month&currency=each&by=deal.product",
];

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const marks = (page: Page) => page.locator("main figure [data-mark]");

/** Every linked figure of a page: what it says, and of which cell it is. */
const figuresOf = (page: Page) =>
  page.$$eval("main [data-figure] a[data-rec]", (all) =>
    all.map((one) => ({
      rec: one.getAttribute("data-rec") ?? "",
      text: one.textContent ?? "",
      exact: one.getAttribute("data-tip")?.split("\n")[0] ?? "",
    })),
  );

function cellOf({ answer }: Reply, column: string, names: readonly string[]): unknown {
  const written = (cell: unknown) => (cell === null ? "–" : String(cell));
  const row =
    names.length === 0
      ? answer.totals
      : answer.rows.find((one) => names.every((name, at) => written(one[at]) === name));
  const at = answer.columns.findIndex((one) => one.id === column);
  if (!row || at < 0) throw new Error(`the terminal has no ${names.join(" · ")} ${column}`);
  return row[at];
}

it("every figure is the terminal's, in money and in deals, split or not", async () => {
  const somebody = await owner(browser);
  const answers = new Map<string, Promise<Reply>>();
  const wrong: string[] = [];
  let compared = 0;
  for (const address of ADDRESSES) {
    await open(somebody, address);
    for (const { rec, text, exact } of await figuresOf(somebody.page)) {
      const origin = readOrigin(rec);
      if (!origin) throw new Error(`no origin: ${rec}`);
      const { kind, words } = origin.question;
      const key = JSON.stringify([kind, Object.entries(words).sort()]);
      const reply = answers.get(key) ?? ask(inject("book"), kind, words);
      answers.set(key, reply);
      const why = differs(cellOf(await reply, origin.column, origin.row), { text, exact });
      if (why) wrong.push(`${address} ${rec}: “${text}” (${exact}): ${why}`);
      compared += 1;
    }
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(80);
  expect(answers.size).toBeGreaterThanOrEqual(6);
  expect(somebody.said).toEqual([]);
  await somebody.context.close();
});

it("what is told is marked as told, and what is won already as counted", async () => {
  const somebody = await owner(browser);
  await open(somebody, "/forecast?horizon=month&show=deals&table=parts");
  const { page } = somebody;
  const row = (name: string) => page.getByRole("row", { name: new RegExp(`^${name}`) });
  const figures = (name: string) => row(name).locator("[data-figure]").allInnerTexts();
  expect((await figures("Won already")).every((text) => /^[\d,.]+$/.test(text))).toBe(true);
  for (const text of await figures("All of it")) expect(text).toMatch(/^≈ [\d,.]+$/);
  // What is still to come to be has no records.
  expect(await row("Still to be created").locator("a[data-rec]").count()).toBe(0);
  expect(await row("All of it").locator("a[data-rec]").count()).toBe(4);
  await somebody.context.close();
});

it("its drawings are walked through by arrows, say what they rest on, and open their records", async () => {
  const somebody = await owner(browser);
  const { page } = somebody;
  await open(somebody, "/forecast?horizon=month&show=deals");
  const tips = await marks(page).evaluateAll((all) =>
    all.map((one) => one.getAttribute("data-tip") ?? ""),
  );
  // Past windows, the one ahead, and five rows of parts.
  expect(tips.length).toBeGreaterThan(10);
  for (const tip of tips) expect(tip).toMatch(/\ncommit \d+ · charter \w+ · known by /);
  expect(tips.filter((tip) => / came\ntold before: ≈ /.test(tip)).length).toBeGreaterThan(4);
  const first = marks(page).first();
  await first.focus();
  await page.keyboard.press("ArrowRight");
  const label = await marks(page).nth(1).getAttribute("aria-label");
  const now = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  expect(await now()).toBe(label);
  await page.keyboard.press("Enter");
  const count = page.locator("[data-records-count]");
  await expect.poll(() => count.count()).toBe(1);
  await settled(page);
  expect(Number(await count.getAttribute("data-records-count"))).toBeGreaterThan(4);
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect.poll(() => count.count()).toBe(0);
  expect(await now()).toBe(label);
  expect(somebody.said).toEqual([]);
  await somebody.context.close();
});

it("is open to everybody, in light and dark, and in German", async () => {
  const found: string[] = [];
  for (const look of [{}, { scheme: "dark" }, { locale: "de-DE" }] as const) {
    const somebody = await owner(browser, look);
    for (const address of ADDRESSES) {
      await open(somebody, address);
      const name = `${JSON.stringify(look)} ${address}`;
      found.push(...(await barriers(somebody.page)).map((one) => `${name}: ${one}`));
    }
    found.push(...somebody.said);
    if ("locale" in look) {
      const text = await somebody.page.locator("main").innerText();
      expect(text).toContain("Was wird gewonnen");
      // No sentence of the server's is left in its own language.
      expect(text).not.toMatch(/\b(?:wins|windows|what happened|told|deals are)\b/);
    }
    await somebody.context.close();
  }
  expect(found).toEqual([]);
});

it("is no wider than a telephone, nor than a sheet", async () => {
  const somebody = await owner(browser, { width: 390 });
  const { page } = somebody;
  for (const address of ADDRESSES) {
    await open(somebody, address);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over, address).toBeLessThanOrEqual(0);
  }
  await somebody.context.close();
  const reader = await owner(browser, { width: 794 - 2 * 53 });
  await reader.page.emulateMedia({ media: "print" });
  await open(reader, "/forecast?horizon=month");
  const wide = await reader.page.$$eval(
    "main figure svg",
    (all) =>
      all.map((one) => one.getBoundingClientRect()).filter(({ right }) => right > innerWidth + 1)
        .length,
  );
  expect(wide).toBe(0);
  await reader.context.close();
});
