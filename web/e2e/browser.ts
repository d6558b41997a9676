//! A browser and a guest of the demo, for the tests that look at real pages.

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

export const server = process.env.HANDFAST_URL ?? "";
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const PAGES = [
  "/",
  "/funnel?period=2025-Q3&step=mql",
  "/funnel?view=cohort&period=2025-Q3",
  "/funnel?view=snapshot&period=2025-Q3&compare=previous",
  "/handoffs?period=2025-Q3",
  "/deals?period=2025-Q3&table=moves",
  "/accounts?of=A-0228",
  "/accounts?of=A-0228&deal=O-00222&step=3",
  "/credit?period=all",
  "/credit?period=all&deal=O-00222",
  "/metrics?of=revenue&period=2025-Q3",
  "/charter",
  "/charter?tab=brand&period=2025",
  "/health",
  "/health/import",
  "/settings",
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

interface Look {
  width?: number;
  scheme?: "light" | "dark";
  locale?: string;
}

export async function look(browser: Browser, how: Look = {}): Promise<BrowserContext> {
  const { width = 1440, scheme = "light", locale = "en-GB" } = how;
  const viewport = { width, height: width > 600 ? 900 : 844 };
  const context = await browser.newContext({
    viewport,
    locale,
    colorScheme: scheme,
    reducedMotion: "reduce",
  });
  // What a page breaks of its own policy is kept where a test finds it.
  await context.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { brokenPolicy: seen });
    document.addEventListener("securitypolicyviolation", (event) => {
      seen.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  return context;
}

/** A page with a guest signed in, and what it complains about. */
export async function guest(context: BrowserContext): Promise<{ page: Page; said: string[] }> {
  const page = await context.newPage();
  const said: string[] = [];
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.type() === "error") said.push(message.text());
  });
  await page.goto(`${server}/sign-in`);
  await page.getByRole("button", { name: /guest|gast/i }).click();
  await page.waitForURL((url) => url.pathname === "/");
  return { page, said };
}

export async function open(page: Page, path: string): Promise<void> {
  await page.goto(server + path);
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => document.querySelectorAll('[role="status"]').length === 0);
}

export const brokenPolicy = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { brokenPolicy: string[] }).brokenPolicy);
