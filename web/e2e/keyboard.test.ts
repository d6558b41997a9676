//! By keys alone: in at the door, a condition, the records of a figure, another page, another period.
//! No pointer is moved, and whatever has the focus is seen to have it.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { button, closed, house, panel, ruled, sheet } from "./acts";
import { OWNER, PASSWORD } from "./book";
import { launch, open, owner, seat, settled } from "./browser";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** Presses Tab until what has the focus fits, as somebody without a pointer does. */
async function tabTo(page: Page, selector: string, text = ""): Promise<void> {
  const isThere = () =>
    page.evaluate(
      ([wanted, words]) => {
        const now = document.activeElement;
        return Boolean(now?.matches(wanted) && now.textContent?.includes(words));
      },
      [selector, text] as const,
    );
  for (let presses = 0; presses < 150; presses += 1) {
    if (await isThere()) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never comes to ${selector} ${text}`);
}

it("somebody signs in", async () => {
  const { page, context, said, url } = await seat(browser);
  await page.goto(`${url}/sign-in`);
  await settled(page);
  await tabTo(page, 'input[type="email"]');
  await page.keyboard.type(OWNER.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type("not the password of anybody");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  await tabTo(page, 'input[type="password"]');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL((to) => to.pathname === "/");
  await settled(page);
  // The refusal is what the console tells, and nothing else.
  expect(said.filter((one) => !/401/.test(one))).toEqual([]);
  await context.close();
});

it("somebody filters, opens records, and comes back to where they were", async () => {
  const somebody = await owner(browser);
  const { page } = somebody;
  await open(somebody, "/funnel?period=2025-Q3");
  await tabTo(page, "a", "To the page");
  await page.keyboard.press("Enter");
  await tabTo(page, "button", "that …");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
  await page.keyboard.type("person.country = 'DE'");
  await page.keyboard.press("Enter");
  await expect
    .poll(() => new URL(page.url()).searchParams.get("where"))
    .toBe("person.country = 'DE'");
  await settled(page);
  await tabTo(page, "table a[data-rec]");
  const link = () => page.evaluate(() => document.activeElement?.getAttribute("data-rec"));
  const figure = await link();
  expect(figure).toBeTruthy();
  await page.keyboard.press("Enter");
  await page.locator("dialog[open]").waitFor();
  await settled(page);
  for (let presses = 0; presses < 12; presses += 1) {
    const isInside = await page.evaluate(() => {
      const now = document.activeElement;
      return now === document.body || now?.closest("dialog[open]") !== null;
    });
    expect(isInside, "the focus leaves what lies over the page").toBe(true);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator("dialog[open]").count()).toBe(0);
  expect(await link()).toBe(figure);
  expect(somebody.said).toEqual([]);
  await somebody.context.close();
});

it("keys lead everywhere, and a list says which", async () => {
  const somebody = await owner(browser);
  const { page } = somebody;
  await open(somebody, "/");
  await page.keyboard.press("?");
  const list = page.locator("dialog[open]");
  await list.waitFor();
  const keys = await list.innerText();
  await page.keyboard.press("Escape");
  await expect.poll(() => list.count()).toBe(0);
  for (const [key, path, name] of [
    ["f", "/funnel", "Funnel"],
    ["d", "/deals", "Deals"],
    ["o", "/forecast", "Forecast"],
    ["p", "/plan", "Plan"],
    ["c", "/credit", "Credit"],
    ["w", "/", "This week"],
  ] as const) {
    expect(keys).toContain(name);
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForURL((url) => url.pathname === path);
  }
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type("win rate");
  await page
    .getByRole("option", { name: /win rate/i })
    .first()
    .waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/metrics");
  await settled(page);
  await page.keyboard.press("p");
  await tabTo(page, "button", "Q2 2025");
  await page.keyboard.press("Enter");
  await expect.poll(() => new URL(page.url()).searchParams.get("period")).toBe("2025-Q2");
  await page.keyboard.press("Escape");
  await page.keyboard.press("[");
  await expect.poll(() => new URL(page.url()).searchParams.get("period")).toBe("2025-Q1");
  await page.keyboard.press("]");
  await expect.poll(() => new URL(page.url()).searchParams.get("period")).toBe("2025-Q2");
  expect(somebody.said).toEqual([]);
  await somebody.context.close();
});

it("the first key of a page is that key, and no page after another", async () => {
  const somebody = await owner(browser);
  const { page } = somebody;
  await open(somebody, "/funnel?period=2025-Q3");
  await page.evaluate(() => {
    const key = new KeyboardEvent("keydown", { key: "c", bubbles: true });
    // Half a second after the page began, however slow the machine is.
    Object.defineProperty(key, "timeStamp", { value: 500 });
    document.body.dispatchEvent(key);
  });
  await expect.poll(() => new URL(page.url()).searchParams.get("compare")).toBe("previous");
  expect(new URL(page.url()).pathname).toBe("/funnel");
  await somebody.context.close();
});

it("somebody leaves a note on a figure, and closes a period", async () => {
  const built = await house();
  const olga = await ruled(browser, built);
  const { page } = olga;
  const words = "Two fairs fell into this quarter.";
  await open(olga, "/funnel?period=2025-Q3");
  await tabTo(page, "table a[data-rec]");
  await page.keyboard.press("Enter");
  await sheet(page).waitFor();
  await tabTo(page, "dialog button", "note");
  await page.keyboard.press("Enter");
  await tabTo(page, "dialog textarea");
  await page.keyboard.type(words);
  await tabTo(page, "dialog button[type=submit]");
  await page.keyboard.press("Enter");
  await sheet(page).getByRole("article").getByText(words).waitFor();
  await page.keyboard.press("Escape");
  await closed(page);
  await open(olga, "/periods");
  await tabTo(page, "main button", "Close a period");
  await page.keyboard.press("Enter");
  await sheet(page).waitFor();
  await tabTo(page, "dialog input");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("2025-Q3");
  await page.keyboard.press("Tab");
  await tabTo(page, "dialog :is(input, textarea)");
  await page.keyboard.type("The board was told.");
  await tabTo(page, "dialog button[type=submit]");
  await page.keyboard.press("Enter");
  await closed(page);
  await settled(page);
  expect(await panel(page, "Closed").innerText()).toContain("The board was told.");
  expect(await button(page, "Close a period").count()).toBeGreaterThan(0);
  expect(olga.said).toEqual([]);
  await olga.context.close();
  await built.stop();
});

it("marks of a chart are reached by arrows and opened", async () => {
  const somebody = await owner(browser);
  const { page } = somebody;
  await open(somebody, "/credit?period=all");
  await tabTo(page, "a[data-mark]");
  const label = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  const first = await label();
  await page.keyboard.press("ArrowRight");
  expect(await label()).not.toBe(first);
  await page.keyboard.press("ArrowLeft");
  expect(await label()).toBe(first);
  await page.keyboard.press("Enter");
  await page.locator("dialog[open]").waitFor();
  await somebody.context.close();
});

it.each(["light", "dark"] as const)(
  "whatever has the focus is seen to have it, %s",
  async (scheme) => {
    const somebody = await owner(browser, { scheme });
    const { page } = somebody;
    await open(somebody, "/funnel?period=2025-Q3");
    const unseen: string[] = [];
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      const found = await page.evaluate(() => {
        const now = document.activeElement;
        if (!now || now === document.body) return undefined;
        const style = getComputedStyle(now);
        const isOutlined =
          style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 1;
        // A mark of a chart shows it on its shape.
        const shapes = [...now.querySelectorAll("rect, path, circle")];
        const isDrawn = shapes.some((one) => getComputedStyle(one).stroke !== "none");
        return isOutlined || style.boxShadow !== "none" || isDrawn ? null : now.outerHTML;
      });
      if (found) unseen.push(found.slice(0, 160));
    }
    expect(unseen).toEqual([]);
    await somebody.context.close();
  },
);
