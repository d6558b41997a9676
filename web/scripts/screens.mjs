// Pictures of every page at two widths, light and dark: node scripts/screens.mjs FOLDER, with
// HANDFAST_URL naming a server of the demo's book.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const server = process.env.HANDFAST_URL;
const folder = process.argv[2];
if (!server || !folder) {
  console.error("usage: HANDFAST_URL=http://127.0.0.1:8181 node scripts/screens.mjs FOLDER");
  process.exit(1);
}
mkdirSync(folder, { recursive: true });

const PAGES = {
  week: "/",
  funnel: "/funnel?period=2025-Q3&step=mql",
  cohort: "/funnel?view=cohort&period=2025-Q3",
  snapshot: "/funnel?view=snapshot&period=2025-Q3",
  handoffs: "/handoffs?period=2025-Q3",
  deals: "/deals?period=2025-Q3",
  accounts: "/accounts?of=A-0228",
  credit: "/credit?period=all",
  book: "/credit?period=all&deal=O-00222",
  campaign: "/campaign?period=2025-Q3&campaign=",
  metrics: "/metrics?of=revenue",
  deal: "/deals?of=D-0228",
  charter: "/charter",
  definitions: "/charter?tab=rules",
  drafts: "/charter?tab=drafts",
  history: "/charter?tab=log",
  periods: "/periods",
  health: "/health",
  settings: "/settings",
  calendar: "/settings?tab=book",
  rights: "/settings?tab=rights",
  brand: "/charter?tab=brand&period=2025",
  import: "/health/import",
};

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const width of [1440, 390]) {
  for (const colorScheme of ["light", "dark"]) {
    const viewport = { width, height: width > 600 ? 900 : 844 };
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(`${server}/sign-in`);
    await page.screenshot({ path: join(folder, `sign-in-${width}-${colorScheme}.png`) });
    await page.getByRole("button", { name: /guest|gast/i }).click();
    await page.waitForURL((url) => url.pathname === "/");
    for (const [name, path] of Object.entries(PAGES)) {
      await page.goto(server + path);
      await page.waitForLoadState("networkidle");
      await page.screenshot({
        path: join(folder, `${name}-${width}-${colorScheme}.png`),
        fullPage: true,
      });
    }
    await context.close();
  }
}
await browser.close();
