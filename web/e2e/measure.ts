//! How soon a page is there, and how soon new figures: measured in a real browser, not judged. It prints
//! a table for docs/benchmarks.md. `npm run --silent measure`; HANDFAST_BOOK names a large book (a copy is
//! served, the demo's where none is named), HANDFAST_WHERE its conditions, parted by `;`.

import { cpus } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { copied, folder, owned, type Served, serve } from "./book";
import { launch, open, type Seat, seat } from "./browser";

const TIMES = 5;
const WHERE = (process.env.HANDFAST_WHERE ?? "person.country = 'DE';person.country = 'FR'").split(
  ";",
);
/** What is wanted, in milliseconds. */
const PAINT = 1_000;
const FILTER = 300;

let browser: Browser;
let served: Served;
let remove: () => Promise<void>;
let cookie: string;
beforeAll(async () => {
  browser = await launch();
  const made = await folder();
  remove = made.remove;
  const book = join(made.path, "book");
  await copied(process.env.HANDFAST_BOOK ?? join(inject("demo"), "book"), book);
  served = await serve(book);
  cookie = await owned(served);
}, 600_000);
afterAll(async () => {
  await served.stop();
  await browser.close();
  await remove();
});

const median = (all: readonly number[]) =>
  [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;

const rows: string[] = [];
function note(what: string, all: readonly number[], wanted: number): void {
  const [of, most] = [median(all), Math.max(...all)];
  const met = of <= wanted ? "met" : "**missed**";
  const ms = (n: number) => `${Math.round(n).toLocaleString("en")} ms`;
  rows.push(
    `| ${what}, median of ${all.length} (most ${ms(most)}) | ${ms(of)} | ≤ ${ms(wanted)} | ${met} |`,
  );
}

/** When the first text or picture of a document stood there, by the browser's own clock. */
const painted = (page: Page) =>
  page.evaluate(async () => {
    const of = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    while (of() === undefined) await new Promise(requestAnimationFrame);
    return of() as number;
  });

it("first contentful paint of /, the browser's cache empty and full", {
  timeout: 600_000,
}, async () => {
  const [cold, warm]: [number[], number[]] = [[], []];
  for (let time = 0; time < TIMES; time += 1) {
    const somebody = await seat(browser, { url: served.url, cookie });
    await somebody.page.goto(`${served.url}/`);
    cold.push(await painted(somebody.page));
    await somebody.page.reload();
    warm.push(await painted(somebody.page));
    await somebody.context.close();
  }
  note("first contentful paint of `/`, nothing kept by the browser", cold, PAINT);
  note("first contentful paint of `/`, again", warm, PAINT);
});

/** Types a condition and says how long after Enter another figure stood on the page. */
async function filtered({ page }: Seat, where: string): Promise<number> {
  await page
    .locator("main header button", { hasText: /that …|=|>|</ })
    .first()
    .click();
  const field = page.locator('input[maxlength="400"]');
  await field.fill(where);
  // The clock runs in the page, from the key to the frame after the figures changed.
  const took = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const told = () =>
          [...document.querySelectorAll("main [data-figure]")].map((one) => one.textContent).join();
        const before = told();
        const begin = () => {
          const from = performance.now();
          const look = () => {
            const now = told();
            if (now !== "" && now !== before) resolve(performance.now() - from);
            else requestAnimationFrame(look);
          };
          look();
        };
        document.addEventListener("keydown", begin, { once: true, capture: true });
      }),
  );
  await field.press("Enter");
  return took;
}

it("a changed condition to new figures, of all time", { timeout: 600_000 }, async () => {
  const somebody = await seat(browser, { url: served.url, cookie });
  await open(somebody, "/funnel?period=all");
  const [first, again]: [number[], number[]] = [[], []];
  for (let time = 0; time < TIMES; time += 1) {
    for (const where of WHERE) (time === 0 ? first : again).push(await filtered(somebody, where));
  }
  note("filter change to new figures, asked for the first time", first, FILTER);
  note("filter change to new figures, asked before", again, FILTER);
  expect(somebody.said).toEqual([]);
  await somebody.context.close();
});

afterAll(() => {
  const of = process.env.HANDFAST_BOOK ? "the book of HANDFAST_BOOK" : "the demo's book";
  const { model } = cpus()[0] ?? { model: "–" };
  const head = ["| against | measured | wanted | |", "|---|---:|---:|---|"];
  const said = `In the browser, ${of}: ${cpus().length} of ${model}, ${new Date().toISOString()}`;
  console.log(["", said, "", ...head, ...rows, ""].join("\n"));
});
