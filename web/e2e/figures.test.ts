//! A figure is as many records as it says; a frozen link says the same; texts of others stay texts.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOrigin } from "@/lib/address";
import { brokenPolicy, guest, launch, look, open, server } from "./browser";

/** Texts that would be more than texts on a page that is careless. */
const HOSTILE = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "javascript:alert(1)",
  "{{constructor.constructor('alert(1)')()}}",
  "<svg onload=alert(1)>",
  "' onfocus=alert(1) autofocus='",
];

const WORDS = [
  "period",
  "where",
  "by",
  "as-of",
  "of",
  "step",
  "currency",
  "unit",
  "view",
  "rec",
  "sort",
  "table",
  "show",
];

describe.skipIf(!server)("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.each([
    "/funnel?period=2025-Q3",
    "/funnel?period=2025-Q3&view=cohort",
    "/funnel?period=2025-Q3&view=snapshot&unit=account",
    "/handoffs?period=2025-Q3",
    "/deals?period=2025-Q3&table=moves,reasons",
    "/health",
  ])("each count of %s is as many records", async (path) => {
    const context = await look(browser);
    const { page } = await guest(context);
    await open(page, path);
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
    await context.close();
  });

  it("the drawer opens from a figure, is an address, and closes with Escape", async () => {
    const context = await look(browser);
    const { page } = await guest(context);
    await open(page, "/funnel?period=2025-Q3");
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
    await context.close();
  });

  it("keys lead everywhere", async () => {
    const context = await look(browser);
    const { page } = await guest(context);
    await open(page, "/");
    for (const [key, path] of [
      ["f", "/funnel"],
      ["d", "/deals"],
      ["c", "/credit"],
      ["w", "/"],
    ]) {
      await page.keyboard.press("g");
      await page.keyboard.press(key ?? "");
      await page.waitForURL((url) => url.pathname === path);
    }
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").waitFor();
    await page.keyboard.type("win rate");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === "/metrics");
    await context.close();
  });

  it("no text of others becomes more than a text", async () => {
    const context = await look(browser);
    const { page, said } = await guest(context);
    for (const text of HOSTILE) {
      for (const path of ["/funnel", "/metrics", "/accounts", "/credit"]) {
        const words = WORDS.map((word) => `${word}=${encodeURIComponent(text)}`).join("&");
        await page.goto(`${server}${path}?${words}`);
        await page.waitForLoadState("networkidle");
        expect(await brokenPolicy(page)).toEqual([]);
      }
    }
    expect(said.filter((one) => one.startsWith("dialog") || one.startsWith("error"))).toEqual([]);
    await context.close();
  });

  it("speaks German to those who ask for it", async () => {
    const context = await look(browser, { locale: "de-DE" });
    const { page } = await guest(context);
    await open(page, "/funnel?period=2025-Q3");
    expect(await page.locator("h1").textContent()).toContain("verloren");
    expect(await page.locator("html").getAttribute("lang")).toBe("de");
    await context.close();
  });
});
