//! Tables as somebody wants them: without some columns, wider or narrower, and as files that stand as
//! the page does; and flags where an account's story contradicts itself.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { button, house, panel, press, ruled } from "./acts";
import { guest, launch, open, settled } from "./browser";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const PAGE = "/credit?by=campaign";

describe("a table", () => {
  it("hides a column in its link, and shows it again", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, PAGE);
    const models = page
      .locator("main section")
      .filter({ has: page.locator("table") })
      .first();
    const heads = models.locator("thead th");
    const before = await heads.allInnerTexts();
    await button(models, "Columns").click();
    await page.getByRole("checkbox").last().uncheck();
    await expect.poll(() => heads.count()).toBe(before.length - 1);
    expect(new URL(page.url()).searchParams.get("hide")).toMatch(/^credit\.\w+$/);
    await page.reload();
    await settled(page);
    expect(await heads.allInnerTexts()).toEqual(before.slice(0, -1));
    await button(models, "1 column hidden").click();
    await press(page, "Show all");
    await expect.poll(() => heads.count()).toBe(before.length);
    await somebody.context.close();
  });

  it("keeps widths that keys or a pointer gave its columns", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, PAGE);
    const head = page.locator("main thead th").nth(1);
    const width = async () => Math.round((await head.boundingBox())?.width ?? 0);
    const before = await width();
    await head.getByRole("button").focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press("Shift+ArrowRight");
    await expect.poll(width).toBeGreaterThan(before + 30);
    const wide = await width();
    await page.reload();
    await settled(page);
    await expect.poll(width).toBe(wide);
    const edge = await head.locator("[data-edge]").boundingBox();
    const [x, y] = [(edge?.x ?? 0) + 6, (edge?.y ?? 0) + 4];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(width).toBeGreaterThan(wide + 40);
    await head.getByRole("button").focus();
    await page.keyboard.press("Shift+Home");
    await expect.poll(width).toBe(before);
    await somebody.context.close();
  });

  it("is taken as a file in its order and without what is hidden", async () => {
    const built = await house();
    const somebody = await ruled(browser, built);
    const { page } = somebody;
    await open(somebody, `${PAGE}&sort=credit.campaign`);
    const models = panel(page, /./)
      .filter({ has: page.locator("table") })
      .first();
    const names = await models.locator("tbody th").allInnerTexts();
    const href = await models.getByRole("link", { name: "CSV", exact: true }).getAttribute("href");
    expect(href).toContain("order=campaign");
    // One currency is said once, above the figures, and is no column of the file either.
    const without = (id: string) => {
      const url = new URL(href ?? "", page.url());
      const own = url.searchParams.get("hide");
      url.searchParams.set("hide", [own, id].filter(Boolean).join(","));
      return url.href;
    };
    const lines = await page.evaluate(async (from) => {
      const text = await (await fetch(from)).text();
      return text.trim().split("\r\n");
    }, without("touches"));
    expect(lines[0]).not.toContain("touches");
    const heads = await models.locator("thead th").allInnerTexts();
    const hasCurrency = heads.some((head) => /^currency/i.test(head));
    expect(lines[0]?.split(",").includes("currency")).toBe(hasCurrency);
    const told = lines.slice(1).map((line) => (line.split(",")[0] ?? "").replace(/^"|"$/g, ""));
    expect(told.length).toBeGreaterThan(5);
    expect(told).toEqual(names.map((name) => (name === "–" ? "" : name)));
    const wrong = await page.evaluate(
      async (from) => (await fetch(from)).status,
      without("nonsense"),
    );
    expect(wrong).toBe(400);
    await somebody.context.close();
    await built.stop();
  });
});
