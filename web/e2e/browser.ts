//! A browser, somebody in it, and everything that its pages complain about.

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { inject } from "vitest";
import { send } from "./book";

/** The server of the book that nobody changes. */
export const server = inject("server");

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ["--no-sandbox"] });

export interface Look {
  width?: number;
  scheme?: "light" | "dark";
  locale?: string;
  /** What the browser holds of whoever is signed in. */
  cookie?: string;
  url?: string;
}

export interface Seat {
  context: BrowserContext;
  page: Page;
  url: string;
  /** Errors, dialogs, and whatever breaks the policy of its page. */
  said: string[];
}

/** Somebody before a browser of their own. */
export async function seat(browser: Browser, how: Look = {}): Promise<Seat> {
  const { width = 1440, scheme = "light", locale = "en-GB", url = server, cookie } = how;
  const viewport = { width, height: width > 600 ? 900 : 844 };
  const context = await browser.newContext({
    viewport,
    locale,
    colorScheme: scheme,
    reducedMotion: "reduce",
  });
  const said: string[] = [];
  await context.exposeBinding("tellTest", (_, text: string) => void said.push(text));
  await context.addInitScript(() => {
    const tell = (window as unknown as { tellTest: (text: string) => void }).tellTest;
    document.addEventListener("securitypolicyviolation", (event) => {
      tell(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  if (cookie) await context.addCookies([{ name: "handfast", value: cookie, url }]);
  const page = await context.newPage();
  listen(page, said);
  return { context, page, url, said };
}

/** Signed in as the owner of the book that nobody changes, who sees everything. */
export const owner = (browser: Browser, how: Look = {}): Promise<Seat> =>
  seat(browser, { cookie: inject("owner"), ...how });

/** A guest of the demo, on their first visit. */
export async function guest(browser: Browser, how: Look = {}): Promise<Seat> {
  const { cookie } = await send(how.url ?? server, "", "POST", "/session/guest");
  return seat(browser, { ...how, cookie });
}

const flights = new WeakMap<Page, Set<unknown>>();

function listen(page: Page, said: string[]): void {
  const flying = new Set<unknown>();
  flights.set(page, flying);
  page.on("request", (request) => flying.add(request));
  page.on("requestfinished", (request) => flying.delete(request));
  page.on("requestfailed", (request) => flying.delete(request));
  page.on("framenavigated", (frame) => {
    if (frame === page.mainFrame()) flying.clear();
  });
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.type() === "error") said.push(`console: ${message.text()}`);
  });
}

/** How long a page may take to come to rest. */
const PATIENCE = 60_000;

/** Waits until nothing is on its way and nothing stands for what is to come. */
export async function settled(page: Page): Promise<void> {
  const until = Date.now() + PATIENCE;
  const waits = () =>
    page
      .evaluate(() => {
        const holders = document.querySelectorAll('[role="status"], [aria-busy="true"]');
        const isBlank = document.querySelector("h1, [role='alert']") === null;
        return isBlank || [...holders].some((one) => one.getClientRects().length > 0);
      })
      // Between two documents there is none to be asked.
      .catch(() => true);
  for (let quiet = 0; quiet < 3; ) {
    if (Date.now() > until) throw new Error(`${page.url()} does not come to rest`);
    await page.waitForTimeout(40);
    const isQuiet = (flights.get(page)?.size ?? 0) === 0 && !(await waits());
    quiet = isQuiet ? quiet + 1 : 0;
  }
}

/** Opens an address and waits for all of it. */
export async function open({ page, url }: Seat, path: string): Promise<void> {
  await page.goto(url + path);
  await settled(page);
}

/** The text of the page itself, without its frame. */
export const textOf = (page: Page): Promise<string> => page.locator("main").innerText();
