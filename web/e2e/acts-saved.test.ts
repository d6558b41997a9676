//! What people keep of a page and take along: a note on a figure, a view, files, a link that moves with
//! the book and one that does not.

import { readFile } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  button,
  closed,
  complaints,
  field,
  go,
  type House,
  hire,
  house,
  press,
  ruled,
  sheet,
} from "./acts";
import { launch, open, type Seat, settled, textOf } from "./browser";

let browser: Browser;
let built: House;
let olga: Seat;
let ann: Seat;
let bob: Seat;
beforeAll(async () => {
  browser = await launch();
  built = await house();
  olga = await ruled(browser, built);
  ann = await hire(browser, olga, "Ann", "marketing");
  bob = await hire(browser, olga, "Bob", "sales");
});
afterAll(async () => {
  await built.stop();
  await browser.close();
});

const FUNNEL = "/funnel?period=2025-Q3&by=channel";

const figure = (page: Page) =>
  page.getByRole("table", { name: "All figures" }).locator("a[data-rec]").first();

it("a note on a figure marks it for the other team too, and can be taken away and brought back", async () => {
  await open(ann, FUNNEL);
  await figure(ann.page).click();
  await press(ann.page, "Leave a note on this figure");
  await field(sheet(ann.page), "Note").fill("The trade fair is in this.");
  await press(ann.page, "Leave it", sheet(ann.page));
  await ann.page.keyboard.press("Escape");
  await closed(ann.page);
  await expect.poll(() => figure(ann.page).innerText()).toContain(", 1 note");
  const marked = () => ann.page.getByText(", 1 note").count();
  expect(await marked()).toBe(1);
  await open(bob, FUNNEL);
  await expect.poll(() => figure(bob.page).innerText()).toContain(", 1 note");
  await figure(bob.page).click();
  const note = sheet(bob.page).getByRole("article");
  expect(await note.innerText()).toMatch(/The trade fair is in this\.\s+Ann/);
  expect(await button(note, "Take away").count()).toBe(0);
  await figure(ann.page).click();
  await button(sheet(ann.page), "Take away").click();
  await expect.poll(() => sheet(ann.page).getByRole("article").count()).toBe(0);
  await button(ann.page, "Undo").click();
  await expect.poll(() => sheet(ann.page).getByRole("article").count()).toBe(1);
  await ann.page.keyboard.press("Escape");
  await closed(ann.page);
  expect(await marked()).toBe(1);
});

/** The menu of saved views, by its key. */
async function views(page: Page): Promise<Locator> {
  await page.keyboard.press("v");
  const menu = page.getByRole("dialog");
  // Its part of the program comes when it is first opened.
  await button(menu, "Save this view").waitFor();
  await settled(page);
  return menu;
}

it("a view is kept, opened by whoever it is for, and taken away and brought back", async () => {
  const { page } = ann;
  await open(ann, FUNNEL);
  const menu = await views(page);
  await field(menu, "Name of this page as it stands").fill("Channels, Q3");
  await menu.getByRole("checkbox", { name: "For everybody" }).check();
  await press(page, "Save this view", menu);
  await menu.getByRole("link", { name: /^Channels, Q3/ }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => menu.count()).toBe(0);
  const told = await textOf(page);
  await open(bob, "/");
  await go(bob.page, "Deals", "/deals");
  const others = await views(bob.page);
  expect(await others.innerText()).toMatch(/Of others[\s\S]*Channels, Q3[\s\S]*Ann/);
  await others.getByRole("link", { name: /^Channels, Q3/ }).click();
  await bob.page.waitForURL(`${bob.url}${FUNNEL}`);
  await settled(bob.page);
  expect(await textOf(bob.page)).toBe(told);
  const again = await views(page);
  await button(again, "Take “Channels, Q3” away").click();
  await expect.poll(() => again.getByRole("link").count()).toBe(0);
  // A press beside the menu closes it.
  await button(page, "Undo").click();
  await expect.poll(() => again.count()).toBe(0);
  await (await views(page)).getByRole("link", { name: /^Channels, Q3/ }).waitFor();
});

/** A file by its link, whole. */
async function file(page: Page, link: Locator): Promise<{ name: string; bytes: Buffer }> {
  const coming = page.waitForEvent("download");
  await link.click();
  const download = await coming;
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** A part of an archive, by its name. */
function part(archive: Buffer, name: string): string {
  for (let at = archive.indexOf("PK\x03\x04"); at >= 0; ) {
    const [packed, letters, more] = [18, 26, 28].map((of) =>
      of === 18 ? archive.readUInt32LE(at + of) : archive.readUInt16LE(at + of),
    ) as [number, number, number];
    const body = at + 30 + letters + more;
    if (archive.toString("utf8", at + 30, at + 30 + letters) === name) {
      const bytes = archive.subarray(body, packed > 0 ? body + packed : undefined);
      return archive.readUInt16LE(at + 8) === 0
        ? bytes.toString()
        : inflateRawSync(bytes).toString();
    }
    at = archive.indexOf("PK\x03\x04", body + packed);
  }
  throw new Error(`The archive has no ${name}`);
}

it("files hold what the page shows: rows, totals, records", async () => {
  const { page } = ann;
  await open(ann, FUNNEL);
  const table = page.getByRole("table", { name: "All figures" });
  const rows = await table.locator("tbody tr").count();
  expect(rows).toBeGreaterThan(5);
  const exports = page.getByRole("group", { name: "Export" }).last();
  const csv = await file(page, exports.getByRole("link", { name: "CSV" }));
  expect(csv.name).toMatch(/\.csv$/);
  const lines = csv.bytes.toString("utf8").trim().split(/\r?\n/);
  expect(lines.filter((line) => line.includes("webinar")).length).toBeGreaterThan(2);
  const book = await file(page, exports.getByRole("link", { name: "Excel workbook" }));
  expect(book.name).toMatch(/\.xlsx$/);
  const cells = part(book.bytes, "xl/worksheets/sheet1.xml").match(/<row /g) ?? [];
  // A workbook has the rows of the file, whatever stands above them.
  expect(cells.length).toBeGreaterThanOrEqual(lines.length);
  await figure(page).click();
  const count = page.locator("[data-records-count]");
  await count.waitFor();
  const of = Number(await count.getAttribute("data-records-count"));
  const records = await file(page, page.getByRole("link", { name: "These records as CSV" }));
  expect(records.bytes.toString("utf8").trim().split(/\r?\n/)).toHaveLength(of + 1);
});

it("a table that no question answers is a file, too, and the log says who took it", async () => {
  const { page } = ann;
  await open(ann, "/accounts");
  const csv = await file(page, button(page, "CSV of this table"));
  expect(csv.name).toBe("handfast-accounts.csv");
  const lines = csv.bytes.toString("utf8").trim().split(/\r?\n/);
  expect(lines.length).toBeGreaterThan(10);
  await open(olga, "/settings?tab=audit");
  const told = olga.page.getByRole("row").filter({ hasText: "took a table along" });
  await told.first().waitFor();
  expect(await told.count()).toBe(1);
  expect(await told.innerText()).toMatch(
    new RegExp(`Ann[\\s\\S]*accounts[\\s\\S]*${lines.length - 1}`),
  );
});

it("a live link shows what is known, a frozen one what was known", async () => {
  const { page } = ann;
  await ann.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(ann, FUNNEL);
  const copied = async (item: RegExp) => {
    await page.getByLabel("Share", { exact: true }).click();
    await page.getByRole("menuitem", { name: item }).click();
    await expect.poll(() => page.getByRole("menu").count()).toBe(0);
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const live = await copied(/^Copy a live link/);
  expect(live).toBe(`${ann.url}${FUNNEL}`);
  const frozen = await copied(/^Copy a frozen link/);
  const seq = new URL(frozen).searchParams.get("as-of");
  expect(seq).toMatch(/^\d+$/);
  await bob.page.goto(live);
  await settled(bob.page);
  expect(await button(bob.page, "As of: Live").count()).toBe(1);
  await bob.page.goto(frozen);
  await settled(bob.page);
  expect(await button(bob.page, `As of: As of commit ${seq}`).count()).toBe(1);
  // The newest delivery is taken back: only one of the two links hears of it.
  const figures = () =>
    bob.page.$$eval("main table [data-figure]", (all) => all.map((one) => one.textContent));
  const before = await figures();
  expect(before.length).toBeGreaterThan(20);
  await open(olga, "/health");
  await press(olga.page, "Take back", olga.page.locator("tr", { hasText: "_q3.csv" }));
  await button(sheet(olga.page), "Take back").click();
  await closed(olga.page);
  await olga.page.getByRole("alert").filter({ hasText: "Import taken back" }).waitFor();
  await bob.page.reload();
  await settled(bob.page);
  expect(await figures()).toEqual(before);
  await bob.page.goto(live);
  await settled(bob.page);
  await expect.poll(figures).not.toEqual(before);
  expect(complaints(olga, ann, bob)).toEqual([]);
});
