//! Pictures of every page at two widths, light and dark, to be looked at: `cargo xtask browser screens`.
//! They lie in the folder that HANDFAST_SCREENS names, with one page that shows them all.

import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launch, open, owner, type Seat, seat, settled } from "./browser";
import { ADDRESSES, DOORS } from "./routes";

const folder = process.env.HANDFAST_SCREENS ?? join(tmpdir(), "handfast-screens");
const WIDTHS = [1440, 390];
const SCHEMES = ["light", "dark"] as const;

/** What lies over a page. */
const OVER: Record<string, (seat: Seat) => Promise<void>> = {
  records: ({ page }) => page.locator("table a[data-rec]").first().click(),
  palette: ({ page }) => page.keyboard.press("Control+k"),
  keys: ({ page }) => page.keyboard.press("?"),
  periods: ({ page }) => page.keyboard.press("p"),
};

const names: string[] = [];
/** Which picture has which bytes. */
const taken = new Map<string, string>();

const nameOf = (path: string): string =>
  decodeURIComponent(path)
    .replace(/[^\w.-]+/g, "-")
    .replace(/^-|-$/g, "") || "week";

async function take({ page }: Seat, name: string, look: string, isWhole = true): Promise<void> {
  if (!names.includes(name)) names.push(name);
  // A line that somebody came for is in view; the picture is of all of the page.
  if (isWhole) await page.evaluate(() => window.scrollTo(0, 0));
  const path = join(folder, `${name}-${look}.png`);
  const bytes = await page.screenshot({ path, fullPage: isWhole });
  // Two addresses that look alike to the last dot show one of them twice: the other is not there.
  const print = createHash("sha256").update(bytes).digest("hex");
  expect(taken.get(print), `${name}-${look} is the same picture`).toBeUndefined();
  taken.set(print, `${name}-${look}`);
}

let browser: Browser;
beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  browser = await launch();
});

const LOOKS = WIDTHS.flatMap((width) => SCHEMES.map((scheme) => ({ width, scheme })));

it.each(LOOKS)("$width px, $scheme", { timeout: 600_000 }, async ({ width, scheme }) => {
  const look = `${width}-${scheme}`;
  const stranger = await seat(browser, { width, scheme });
  for (const path of DOORS) {
    await open(stranger, path);
    await take(stranger, nameOf(path), look);
  }
  await stranger.context.close();
  const somebody = await owner(browser, { width, scheme });
  for (const path of ADDRESSES) {
    await open(somebody, path);
    await take(somebody, nameOf(path), look);
  }
  for (const [name, show] of Object.entries(OVER)) {
    await open(somebody, "/funnel?period=2025-Q3");
    await show(somebody);
    await somebody.page.locator('dialog[open], [role="menu"], [role="dialog"]').first().waitFor();
    await settled(somebody.page);
    await take(somebody, `over-${name}`, look, false);
  }
  await somebody.context.close();
});

afterAll(async () => {
  await browser.close();
  const looks = LOOKS.map(({ width, scheme }) => `${width}-${scheme}`);
  const picture = (name: string) => (look: string) =>
    `<a href="${name}-${look}.png"><img src="${name}-${look}.png" loading="lazy" alt="${look}"></a>`;
  const rows = names.map((name) => `<h2>${name}</h2>${looks.map(picture(name)).join("")}`);
  const style = "img{height:420px;margin:4px;border:1px solid #999}body{font-family:sans-serif}";
  const page = `<!doctype html><meta charset="utf-8"><title>Handfast</title><style>${style}</style>`;
  await writeFile(join(folder, "index.html"), `${page}${rows.join("\n")}\n`);
});
