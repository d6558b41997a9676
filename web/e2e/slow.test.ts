//! A slow network, one that fails, and a list of a million records.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launch, open, owner, settled } from "./browser";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** About what a train gives: 80 KiB a second, and 300 ms before anything comes. */
const TRAIN = {
  offline: false,
  latency: 300,
  downloadThroughput: 80 << 10,
  uploadThroughput: 40 << 10,
};

it.each(["/", "/funnel?period=2025-Q3", "/credit?period=all"])(
  "%s comes over a slow network without a jump and without an error",
  async (path) => {
    const somebody = await owner(browser);
    const { page, context, said } = somebody;
    await page.addInitScript(() => {
      const moves: { by: number; what: string[] }[] = [];
      Object.assign(window, { moves, held: 0 });
      new PerformanceObserver((list) => {
        for (const one of list.getEntries()) {
          const shift = one as unknown as { value: number; sources: { node: Element | null }[] };
          const what = shift.sources.map(({ node }) => node?.nodeName + (node?.className ?? ""));
          moves.push({ by: shift.value, what });
        }
      }).observe({ type: "layout-shift", buffered: true });
      new MutationObserver(() => {
        const waits = document.querySelectorAll('[role="status"]').length;
        const known = window as unknown as { held: number };
        known.held = Math.max(known.held, waits);
      }).observe(document, { childList: true, subtree: true });
    });
    const network = await context.newCDPSession(page);
    await network.send("Network.enable");
    await network.send("Network.emulateNetworkConditions", TRAIN);
    await open(somebody, path);
    const { moves, held } = await page.evaluate(() => {
      const known = window as unknown as { moves: { by: number; what: string[] }[]; held: number };
      return { moves: known.moves, held: known.held };
    });
    expect(held, "nothing stood where figures were to come").toBeGreaterThan(0);
    const all = moves.reduce((sum, move) => sum + move.by, 0);
    // What search engines call good is 0.1; a page that reserves its room has next to nothing.
    expect(all, JSON.stringify(moves)).toBeLessThan(0.05);
    expect(await page.locator("[data-figure]").count()).toBeGreaterThan(5);
    expect(said).toEqual([]);
    await context.close();
  },
);

it("a server that is away is said, and trying again brings the page", async () => {
  const somebody = await owner(browser);
  const { page, context } = somebody;
  await open(somebody, "/charter");
  await page.route("**/api/v1/ask/**", (route) => route.abort());
  await page.getByRole("link", { name: "Funnel" }).click();
  const alert = page.getByRole("alert").first();
  await alert.waitFor({ timeout: 30_000 });
  expect(await alert.innerText()).toContain("The server cannot be reached");
  await page.unroute("**/api/v1/ask/**");
  await page.getByRole("button", { name: "Try again" }).first().click();
  await page.locator("table a[data-rec]").first().waitFor();
  await context.close();
});

const MILLION = 1_000_000;

interface Page {
  of: number;
  after: number;
  reply: { answer: { rows: unknown[][] } };
}

it("a list of a million records scrolls from end to end", async () => {
  const somebody = await owner(browser);
  const { page, context } = somebody;
  // A real answer's columns; its rows are made up here, for no book of the tests has a million.
  await page.route("**/api/v1/ask/*/records?*", async (route) => {
    const words = new URL(route.request().url()).searchParams;
    const given = await route.fetch({
      url: route
        .request()
        .url()
        .replace(/&after=\d+/, ""),
    });
    const real = (await given.json()) as Page;
    const [row = []] = real.reply.answer.rows;
    const [after, limit] = ["after", "limit"].map((word) => Number(words.get(word) ?? 0));
    const many = Math.min(limit ?? 0, MILLION - (after ?? 0));
    real.of = MILLION;
    real.after = after ?? 0;
    real.reply.answer.rows = Array.from({ length: many }, (_, at) => [
      `record ${(after ?? 0) + at}`,
      ...row.slice(1),
    ]);
    await route.fulfill({ response: given, json: real });
  });
  await open(somebody, "/funnel?period=2025-Q3");
  await page.locator("table a[data-rec]").first().click();
  await settled(page);
  const count = page.locator("[data-records-count]");
  expect(await count.getAttribute("data-records-count")).toBe(String(MILLION));
  const list = page.getByRole("table", { name: "Records" });
  const rows = list.locator('[role="rowgroup"] [role="row"]');
  /** A record stands in the list's window, and is the one of its place. */
  const shown = async (place: number) => {
    const row = list.locator(`[aria-rowindex="${place + 2}"]`);
    expect(await row.innerText()).toContain(`record ${place}`);
    const [frame, box] = [await list.boundingBox(), await row.boundingBox()];
    const isInside = box && frame && box.y + box.height <= frame.y + frame.height + 2;
    const told = `record ${place} at ${JSON.stringify(box)} in ${JSON.stringify(frame)}`;
    expect(isInside, told).toBe(true);
  };
  for (const part of [0, 0.5, 0.123456, 1]) {
    await list.evaluate((one, to) => {
      one.scrollTop = to * (one.scrollHeight - one.clientHeight);
    }, part);
    await settled(page);
    expect(await rows.count()).toBeLessThan(100);
    const places = await rows.evaluateAll((all) =>
      all.map((one) => Number(one.getAttribute("aria-rowindex")) - 2),
    );
    const place = part === 1 ? MILLION - 1 : (places[Math.floor(places.length / 2)] ?? -1);
    expect(Math.abs(place / (MILLION - 1) - part)).toBeLessThan(0.001);
    await shown(part === 0 ? 0 : place);
  }
  // By keys, from the end to the start.
  await list.focus();
  await page.keyboard.press("Home");
  await settled(page);
  await shown(0);
  expect(somebody.said).toEqual([]);
  await context.close();
});
