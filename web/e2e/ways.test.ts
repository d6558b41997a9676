//! Ways through the application: the tour of a first visit, from a mark of a journey to its line, single
//! letters that rest.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guest, launch, open } from "./browser";

describe("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it("a guest is shown around once, stop by stop, and by the list of keys again", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, "/");
    const tour = page.getByRole("complementary", { name: /tour/i });
    await tour.waitFor();
    for (const path of ["/funnel", "/credit", "/charter"]) {
      await tour.getByRole("button", { name: "Next" }).click();
      await page.waitForURL((url) => url.pathname === path);
    }
    await tour.getByRole("button", { name: "Done" }).click();
    await expect.poll(() => tour.count()).toBe(0);
    await open(somebody, "/");
    expect(await tour.count()).toBe(0);
    await page.keyboard.press("?");
    await page.getByRole("button", { name: /tour/i }).click();
    await tour.waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => tour.count()).toBe(0);
    await somebody.context.close();
  });

  it("a mark of a journey leads to its line by the keyboard alone", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, "/accounts?of=A-0228");
    const marks = page.locator("figure a[data-mark]");
    expect(await marks.count()).toBeGreaterThan(5);
    await marks.first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).searchParams.get("step")).not.toBeNull();
    const step = Number(new URL(page.url()).searchParams.get("step"));
    const row = page.locator("tr[aria-current]");
    await expect.poll(() => row.count()).toBe(1);
    expect(await row.evaluate((one) => [...(one.parentElement?.children ?? [])].indexOf(one))).toBe(
      step - 1,
    );
    await somebody.context.close();
  });

  it("the book of a deal comes to its amount under every model", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, "/credit?period=all&deal=O-00222");
    const told = await page.$$eval("[data-balances]", (all) =>
      all.map((one) => one.getAttribute("data-balances")),
    );
    expect(told.length).toBeGreaterThan(2);
    expect(new Set(told)).toEqual(new Set(["true"]));
    await somebody.context.close();
  });

  it("single letters rest when somebody says so", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, "/funnel?period=2025-Q3");
    await page.keyboard.press("?");
    await page.getByRole("checkbox").uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("c");
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(
      "/funnel?period=2025-Q3",
    );
    await somebody.context.close();
  });
});
