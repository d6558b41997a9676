//! A slow network, one that fails, and a list of a million records.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { act, folder, handfast, owned, serve } from "./book";
import { launch, open, owner, seat, settled } from "./browser";

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

const STAGES = `[opening]
deal = true

[[stage]]
id = "open"
name = "Open"
marks = ["open"]
implied = true
opens = true
means = "Talked about."

[[stage]]
id = "won"
name = "Won"
role = "won"
marks = ["won"]
means = "Signed."
`;

const SOURCE = `source = "shop"
zone = "UTC"
currency = "EUR"
observed_until = "2024-12-31"

[[stream]]
name = "deals"
files = ["deals*.csv"]
key = ["deal"]

[[map]]
stream = "deals"
kind = "deal"
file = "deals.deal.sql"
`;

const DEALS = `SELECT _record, required(as_date(closed, '%Y-%m-%d')) AS happened, deal, account,
       as_money(amount, 'EUR') AS amount, 'won' AS status,
       as_date(closed, '%Y-%m-%d') AS created, as_date(closed, '%Y-%m-%d') AS closed
FROM deals
`;

/** A book of a million deals, all of them won. */
async function large(path: string): Promise<string> {
  const example = join(path, "example");
  await mkdir(join(example, "charter"), { recursive: true });
  await mkdir(join(example, "sources", "shop"), { recursive: true });
  const texts: Record<string, string> = {
    "charter/calendar.toml": 'name = "Shop"\nzone = "UTC"\ncurrency = "EUR"\n',
    "charter/stages.toml": STAGES,
    "charter/attributes.toml": '[deal]\namount = "money"\n',
    "sources/shop/source.toml": SOURCE,
    "sources/shop/deals.deal.sql": DEALS,
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(example, name), text);
  const two = (n: number) => String(n).padStart(2, "0");
  const lines = ["deal,account,amount,closed"];
  for (let n = 0; n < MILLION; n += 1) {
    const key = String(n).padStart(7, "0");
    lines.push(
      `D${key},A${n % 200_000},${n % 977}.50,2024-${two((n % 12) + 1)}-${two((n % 28) + 1)}`,
    );
  }
  const file = join(path, "deals.csv");
  await writeFile(file, `${lines.join("\n")}\n`);
  const book = join(path, "book");
  await handfast("init", book, "--from", example);
  await handfast("import", book, file);
  return book;
}

it("a list of a million records scrolls from end to end", async () => {
  const { path, remove } = await folder();
  const served = await serve(await large(path));
  const cookie = await owned(served);
  const somebody = await seat(browser, { url: served.url, cookie });
  const { page, context } = somebody;
  const rec = encodeURIComponent("kind=metric&of=won&column=won");
  // Over a page that asks nothing itself.
  await open(somebody, `/settings?rec=${rec}`);
  const count = page.locator("[data-records-count]");
  expect(await count.getAttribute("data-records-count")).toBe(String(MILLION));
  const list = page.getByRole("table", { name: "Records" });
  const rows = list.locator('[role="rowgroup"] [role="row"]');
  /** The texts of a record as the list shows it, and its deal as the API has it. */
  const shown = async (place: number) => {
    const row = list.locator(`[aria-rowindex="${place + 2}"]`);
    await row.waitFor();
    const window = await list.boundingBox();
    const box = await row.boundingBox();
    const isInside = box && window && box.y + box.height <= window.y + window.height + 1;
    expect(isInside, `record ${place} stands outside`).toBe(true);
    return row.innerText();
  };
  const told = async (place: number) => {
    const words = `of=won&column=won&after=${place}&limit=1`;
    const given = await act<{ reply: { answer: { rows: string[][] } } }>(
      served.url,
      cookie,
      "GET",
      `/ask/metric/records?${words}`,
    );
    return given.reply.answer.rows[0]?.find((cell) => /^D\d{7}$/.test(cell)) ?? "no such record";
  };
  for (const part of [0, 0.5, 0.123456, 1]) {
    await list.evaluate((one, to) => {
      one.scrollTop = to * (one.scrollHeight - one.clientHeight);
    }, part);
    await settled(page);
    expect(await rows.count()).toBeLessThan(100);
    const indexes = await rows.evaluateAll((all) =>
      all.map((one) => Number(one.getAttribute("aria-rowindex")) - 2),
    );
    const place = part === 1 ? MILLION - 1 : (indexes[Math.floor(indexes.length / 2)] ?? -1);
    expect(Math.abs(place / (MILLION - 1) - part)).toBeLessThan(0.001);
    expect(await shown(place)).toContain(await told(place));
  }
  // By keys, from the end to the start and a page down.
  await list.focus();
  await page.keyboard.press("Home");
  await settled(page);
  expect(await shown(0)).toContain(await told(0));
  await page.keyboard.press("PageDown");
  await settled(page);
  expect(await list.evaluate((one) => one.scrollTop)).toBeGreaterThan(100);
  expect(somebody.said).toEqual([]);
  await context.close();
  await served.stop();
  await remove();
});
