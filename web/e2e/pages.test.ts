//! Every page, in light and dark: nothing that keeps anybody out, no error, no breach of the policy,
//! no wider than a telephone, in both languages.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { barriers } from "./axe";
import { launch, open, owner, type Seat, seat, settled } from "./browser";
import { ADDRESSES, DOORS, PAGES } from "./routes";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** What lies over a page, by what opens it. */
const OVER: Record<string, (seat: Seat) => Promise<void>> = {
  palette: ({ page }) => page.keyboard.press("Control+k"),
  keys: ({ page }) => page.keyboard.press("?"),
  periods: ({ page }) => page.keyboard.press("p"),
  "as-of": ({ page }) => page.keyboard.press("."),
  records: ({ page }) => page.locator("table a[data-rec]").first().click(),
  "a split": ({ page }) => page.getByRole("button", { name: "split by …" }).click(),
  "a person's menu": ({ page }) => page.getByRole("button", { name: "Your account" }).click(),
  "what figures rest on": ({ page }) =>
    page
      .getByRole("button", { name: /^commit \d/ })
      .first()
      .click(),
};

describe.each(["light", "dark"] as const)("in %s", (scheme) => {
  it("every page is open to everybody", async () => {
    const somebody = await owner(browser, { scheme });
    const found: string[] = [];
    for (const path of ADDRESSES) {
      await open(somebody, path);
      found.push(...(await barriers(somebody.page)).map((one) => `${path}: ${one}`));
      const heads = await somebody.page.locator("h1").count();
      if (heads !== 1) found.push(`${path}: ${heads} headings of the first order`);
    }
    expect(found).toEqual([]);
    expect(somebody.said.filter((one) => !isAskedFor(one))).toEqual([]);
    await somebody.context.close();
  });

  it("so is whatever lies over one", async () => {
    const somebody = await owner(browser, { scheme });
    const found: string[] = [];
    for (const [name, show] of Object.entries(OVER)) {
      await open(somebody, "/funnel?period=2025-Q3");
      await show(somebody);
      await settled(somebody.page);
      const over = somebody.page.locator('dialog[open], [role="menu"], [role="dialog"]');
      await over.first().waitFor();
      found.push(...(await barriers(somebody.page)).map((one) => `${name}: ${one}`));
    }
    expect(found).toEqual([]);
    expect(somebody.said).toEqual([]);
    await somebody.context.close();
  });

  it("and every door", async () => {
    const stranger = await seat(browser, { scheme });
    const found: string[] = [];
    for (const path of DOORS) {
      await open(stranger, path);
      found.push(...(await barriers(stranger.page)).map((one) => `${path}: ${one}`));
    }
    expect(found).toEqual([]);
    expect(stranger.said).toEqual([]);
    await stranger.context.close();
  });
});

/** Addresses of what is not there are refused, which a browser's console calls an error. */
const isAskedFor = (said: string) => /console: Failed to load resource.*40[04]/.test(said);

it("knows its pages from the router", () => {
  expect(PAGES.length).toBeGreaterThanOrEqual(10);
  expect(PAGES).toContain("/funnel");
  expect(DOORS).toContain("/sign-in");
});

it("a stranger is led to the door, and from there to where they wanted", async () => {
  const stranger = await seat(browser);
  await stranger.page.goto(`${stranger.url}/deals?period=2025-Q2`);
  await stranger.page.waitForURL((url) => url.pathname === "/sign-in");
  await stranger.page.getByRole("button", { name: "Look around as a guest" }).click();
  await stranger.page.waitForURL((url) => url.pathname === "/deals");
  expect(new URL(stranger.page.url()).searchParams.get("period")).toBe("2025-Q2");
  await settled(stranger.page);
  expect(stranger.said).toEqual([]);
  await stranger.context.close();
});

it("no page is wider than a telephone", async () => {
  const somebody = await owner(browser, { width: 390 });
  const wide: string[] = [];
  for (const path of ADDRESSES) {
    await open(somebody, path);
    const over = await somebody.page.evaluate(
      () => document.documentElement.scrollWidth - innerWidth,
    );
    if (over > 0) wide.push(`${path}: ${over}`);
  }
  expect(wide).toEqual([]);
  await somebody.context.close();
});

it("a page on paper is its figures and what they rest on, within the sheet", async () => {
  // A sheet of A4 is 794 px wide, and its margins take 53 at each side.
  const somebody = await owner(browser, { width: 794 - 2 * 53 });
  const { page } = somebody;
  await page.emulateMedia({ media: "print" });
  for (const path of [
    "/funnel?period=2025-Q3",
    "/credit?period=2025-Q3",
    "/deals?period=2025-Q3",
    "/forecast?period=2025-Q3&horizon=month",
    "/plan?period=2025-Q3",
  ]) {
    await open(somebody, path);
    const isSeen = (of: string) => page.locator(of).first().isVisible();
    expect(await isSeen("h1"), path).toBe(true);
    expect(await isSeen('nav[aria-label="Pages"]'), path).toBe(false);
    expect(await page.getByRole("button", { name: /Find/ }).first().isVisible(), path).toBe(false);
    expect(
      await page
        .getByText(/^commit \d+ · charter/)
        .first()
        .isVisible(),
      path,
    ).toBe(true);
    expect(await page.getByText("Q3 2025").first().isVisible(), path).toBe(true);
    const wide = await page.$$eval(
      "main figure svg",
      (all) =>
        all.map((one) => one.getBoundingClientRect()).filter(({ right }) => right > innerWidth + 1)
          .length,
    );
    expect(wide, path).toBe(0);
  }
  await somebody.context.close();
});

it("every page speaks German to those who ask for it", async () => {
  const [here, there] = [await owner(browser), await owner(browser, { locale: "de-DE" })];
  const same: string[] = [];
  for (const path of PAGES) {
    await open(here, path);
    await open(there, path);
    expect(await there.page.locator("html").getAttribute("lang")).toBe("de");
    const heads = [here, there].map(({ page }) => page.locator("h1").innerText());
    const [english, german] = await Promise.all(heads);
    if (english === german) same.push(`${path}: ${german}`);
  }
  expect(same).toEqual([]);
  expect(there.said).toEqual([]);
  await here.context.close();
  await there.context.close();
});
