//! The page of the plan: its figures are the terminal's, a goal can be chosen and typed, its drawing can
//! be walked through, nothing keeps anybody out, and it fits a telephone and a sheet of paper.

import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { readOrigin } from "@/lib/address";
import { barriers } from "./axe";
import { ask, folder, handfast, owned, type Reply, serve } from "./book";
import { launch, open, owner, seat, settled } from "./browser";
import { differs } from "./reading";

const ADDRESSES = [
  "/plan",
  "/plan?table=needs",
  "/plan?of=2025-Q4&goal=5000",
  "/plan?of=2025-10-01..2026-04-01&goal=500000&by=team&table=needs",
  "/plan?currency=each",
];
/** Asked as the page asks, in the charter's currency. */
const EUR = { currency: "EUR" };

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const plan = (words: Record<string, string> = {}): Promise<Reply> =>
  ask(inject("book"), "plan", { ...EUR, ...words });

const cellOf = ({ answer }: Reply, row: unknown[] | undefined, id: string): unknown =>
  row?.[answer.columns.findIndex((one) => one.id === id)];

interface Shown {
  text: string;
  exact: string;
}

/** A figure of a page: what it says, and to the digit. */
const shownIn = (page: Page, of: string): Promise<Shown[]> =>
  page.$$eval(`${of} [data-figure] > [data-tip]`, (all) =>
    all.map((one) => ({
      text: one.textContent ?? "",
      exact: one.getAttribute("data-tip")?.split("\n")[0] ?? "",
    })),
  );

/** The figures of each row of a table, by its caption. */
const tableOf = async (page: Page, caption: string): Promise<Shown[][]> => {
  const table = page.locator("table", { has: page.locator("caption", { hasText: caption }) });
  return table.locator("tbody tr").evaluateAll((rows) =>
    rows.map((row) =>
      [...row.querySelectorAll("[data-figure] > [data-tip]")].map((one) => ({
        text: one.textContent ?? "",
        exact: one.getAttribute("data-tip")?.split("\n")[0] ?? "",
      })),
    ),
  );
};

/** Why figures of a table are not those of an answer's rows, by columns. */
function wrongIn(
  reply: Reply,
  rows: unknown[][],
  ids: readonly string[],
  shown: readonly Shown[][],
): string[] {
  expect(shown.length).toBe(rows.length);
  return rows.flatMap((row, at) => {
    expect(shown[at]?.length, String(row[0])).toBe(ids.length);
    return ids.flatMap((id, place) => {
      const one = shown[at]?.[place] ?? { text: "", exact: "" };
      const why = differs(cellOf(reply, row, id), one);
      return why ? [`${String(row[0])} ${id}: “${one.text}” (${one.exact}): ${why}`] : [];
    });
  });
}

const COUNTS = ["at_means", "even_odds", "four_of_five", "nine_of_ten", "at_pace"];

it("every figure is the terminal's: where we stand, what it takes, by month and by team", async () => {
  const somebody = await owner(browser);
  const { page } = somebody;
  const wrong: string[] = [];
  await open(somebody, "/plan?table=needs&all=months");
  const whole = await plan();
  const line = (name: string) => whole.answer.rows.find((row) => row[0] === name);
  for (const name of ["goal", "already_won", "in_hand", "gap", "cost"]) {
    const [shown] = await shownIn(page, `[data-line="${name}"]`);
    const row = name === "cost" ? whole.answer.rows.at(-1) : line(name);
    const why = differs(cellOf(whole, row, "amount"), shown ?? { text: "", exact: "" });
    if (why) wrong.push(`${name}: “${shown?.text}”: ${why}`);
  }
  const needs = await tableOf(page, "What it takes, stage by stage");
  const levers = whole.answer.rows.slice(4);
  wrong.push(...wrongIn(whole, levers, [...COUNTS, "won_share", "in_time"], needs));
  expect(levers.length).toBe(7);
  const months = await plan({ by: "month" });
  const byMonth = await tableOf(page, "Up to the end of each month");
  wrong.push(...wrongIn(months, months.answer.rows, ["amount", ...COUNTS], byMonth));
  expect(months.answer.rows.length).toBe(33);
  const goals = await ask(inject("book"), "targets", EUR);
  const card = await tableOf(page, "Goals and what came of them");
  wrong.push(...wrongIn(goals, goals.answer.rows, ["goal", "actual", "share", "days_over"], card));
  expect(goals.answer.rows.length).toBe(18);
  const of = { period: "2025-10-01..2026-04-01", goal: "500000" };
  await open(somebody, "/plan?of=2025-10-01..2026-04-01&goal=500000&by=team&all=split");
  const split = await plan({ ...of, by: "team" });
  const byTeam = await tableOf(page, "The same by team");
  wrong.push(...wrongIn(split, split.answer.rows, ["amount", ...COUNTS], byTeam));
  expect(wrong).toEqual([]);
  expect(somebody.said).toEqual([]);
  await somebody.context.close();
});

it("days of no return are the terminal's, the earliest first, and past ones say so", async () => {
  const somebody = await owner(browser);
  const { page } = somebody;
  // The first month of the quarter ahead: leads that come now are too late for it.
  await open(somebody, "/plan?of=2026-01&goal=60000");
  const { answer } = await plan({ period: "2026-01", goal: "60000" });
  const at = (id: string) => answer.columns.findIndex((one) => one.id === id);
  const [half, tenth] = [at("half_by"), at("tenth_by")];
  const told = answer.rows
    .slice(5)
    .map((row) => [String(row[half]), String(row[tenth])] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const table = page.locator("table", {
    has: page.locator("caption", { hasText: "Until when each stage" }),
  });
  const shown = await table.locator("tbody tr").evaluateAll((rows) =>
    rows.map((row) =>
      [...row.querySelectorAll("td > span")].map((one) => ({
        day: one.querySelector("time")?.getAttribute("datetime") ?? "",
        text: one.textContent ?? "",
      })),
    ),
  );
  expect(shown.map((row) => row.map(({ day }) => day))).toEqual(told);
  const all = shown.flat();
  const past = all.filter(({ day }) => day <= "2025-12-31");
  expect(past.length).toBeGreaterThan(2);
  expect(past.length).toBeLessThan(all.length);
  for (const { day, text } of all) expect(/ · past$/.test(text), day).toBe(day <= "2025-12-31");
  await somebody.context.close();
});

it("the odds are those that the counts of the first stage say", async () => {
  const somebody = await owner(browser);
  const said: string[] = [];
  for (const goal of ["170000", "200000", "500000"]) {
    await open(somebody, `/plan?goal=${goal}`);
    const reply = await plan({ goal });
    const first = reply.answer.rows.at(-1);
    const count = (id: string) => Number(cellOf(reply, first, id));
    const [even, eight, nine, pace] = [
      count("even_odds"),
      count("four_of_five"),
      count("nine_of_ten"),
      count("at_pace"),
    ] as const;
    const wanted = pace >= nine ? "nine" : pace >= eight ? "eight" : pace >= even ? "even" : "less";
    const shown = await somebody.page.locator("[data-odds]").getAttribute("data-odds");
    expect(shown, goal).toBe(wanted);
    said.push(wanted);
  }
  // More than one of them, or nothing was tested.
  expect(new Set(said).size).toBeGreaterThan(1);
  await somebody.context.close();
});

it("what is won already opens its records, and they are as many as its metric sums", async () => {
  const somebody = await owner(browser);
  const { page } = somebody;
  await open(somebody, "/plan?of=2025-10-01..2026-04-01&goal=500000");
  const link = page.locator('[data-line="already_won"] a[data-rec]');
  const [rec, text, tip] = await Promise.all([
    link.getAttribute("data-rec"),
    link.innerText(),
    link.getAttribute("data-tip"),
  ]);
  const origin = readOrigin(rec ?? "");
  if (!origin) throw new Error(`no origin: ${rec}`);
  const reply = await ask(inject("book"), origin.question.kind, origin.question.words);
  const row = reply.answer.rows.find((one) => one[0] === origin.row[0]);
  const exact = tip?.split("\n")[0] ?? "";
  expect(differs(cellOf(reply, row, origin.column), { text, exact })).toBeNull();
  await link.click();
  const count = page.locator("[data-records-count]");
  await expect.poll(() => count.count()).toBe(1);
  await settled(page);
  expect(Number(await count.getAttribute("data-records-count"))).toBe(cellOf(reply, row, "n"));
  expect(await barriers(page)).toEqual([]);
  expect(somebody.said).toEqual([]);
  await somebody.context.close();
});

it("a goal is chosen and typed by keys, and a link keeps both", async () => {
  const somebody = await owner(browser);
  const { page } = somebody;
  await open(somebody, "/");
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.waitForURL((url) => url.pathname === "/plan");
  await settled(page);
  await page.getByRole("button", { name: "The goal of the quarter ahead" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "The goal of Q1 2026" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("of") === "2026-Q1");
  await page.getByRole("button", { name: "of another amount" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "What is to be won" }).waitFor();
  await page.keyboard.type("90000.50");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("goal") === "90000.50");
  await settled(page);
  const [goal] = await shownIn(page, '[data-line="goal"]');
  expect(goal?.exact).toBe("€90,000.50");
  await page.reload();
  await settled(page);
  expect((await shownIn(page, '[data-line="goal"]'))[0]?.exact).toBe("€90,000.50");
  // What the server refuses it says, and what to do.
  await open(somebody, "/plan?goal=nothing");
  expect(await page.getByRole("alert").innerText()).toMatch(/nothing/);
  await somebody.context.close();
});

it("its drawing is walked through by arrows, and says what it rests on", async () => {
  const somebody = await owner(browser);
  const { page } = somebody;
  await open(somebody, "/plan");
  const marks = page.locator("main figure [data-mark]");
  const tips = await marks.evaluateAll((all) =>
    all.map((one) => one.getAttribute("data-tip") ?? ""),
  );
  expect(tips.length).toBe(7);
  const row = (await plan()).answer.rows.at(-1) ?? [];
  const [even, eight, nine] = [row[3], row[4], row[5]].map((n) => Number(n).toLocaleString("en"));
  expect(tips.at(-1)).toContain(`≈ ${even} for five of ten cases, ${eight} for eight, ${nine} for`);
  for (const tip of tips) expect(tip).toMatch(/\ncommit \d+ · charter \w+ · known by /);
  await marks.first().focus();
  await page.keyboard.press("ArrowDown");
  const now = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  expect(await now()).toBe(await marks.nth(1).getAttribute("aria-label"));
  // A plan asks for what is not there yet: it has no records.
  expect(await page.locator("main figure a").count()).toBe(0);
  await somebody.context.close();
});

it("is taken along as files and as a proof", async () => {
  const somebody = await owner(browser);
  const { page, url } = somebody;
  await open(somebody, "/plan");
  const paths = await page.$$eval("main footer a[href*='/api/v1/ask/']", (all) =>
    all.map((one) => one.getAttribute("href") ?? ""),
  );
  const kinds = (end: string) => paths.filter((path) => path.includes(end)).length;
  for (const part of ["/plan/csv", "/plan/xlsx", "/plan/passport", "/targets/csv"]) {
    expect(kinds(part), part).toBeGreaterThan(0);
  }
  for (const path of new Set(paths)) {
    const answer = await page.request.get(url + path);
    expect(answer.status(), path).toBe(200);
    expect((await answer.body()).length, path).toBeGreaterThan(200);
  }
  await somebody.context.close();
});

it("each part says that it is not compared where the page is", async () => {
  const somebody = await owner(browser);
  await open(somebody, "/plan?of=2025-10-01..2026-04-01&goal=500000&by=team&compare=previous");
  const parts = await somebody.page.locator("main section").allInnerTexts();
  expect(parts.length).toBe(7);
  for (const part of parts) expect(part).toMatch(/not compared/i);
  await somebody.context.close();
});

it("a book without goals is told how to write one", async () => {
  const { path, remove } = await folder();
  const book = `${path}/book`;
  await handfast("init", book, "--from", join(inject("demo"), "example"));
  const served = await serve(book);
  try {
    const somebody = await seat(browser, { cookie: await owned(served), url: served.url });
    await open(somebody, "/plan");
    const text = await somebody.page.locator("main").innerText();
    expect(text).toContain("No goal is written yet");
    expect(text).toContain("“target”");
    expect(await barriers(somebody.page)).toEqual([]);
    await somebody.page.getByRole("link", { name: "Import a file" }).click();
    await somebody.page.waitForURL((url) => url.pathname === "/health/import");
    await somebody.context.close();
  } finally {
    await served.stop();
    await remove();
  }
  // A book with goals, in days that none of them is for.
  const somebody = await owner(browser);
  await open(somebody, "/plan?of=2026-02");
  const text = await somebody.page.locator("main").innerText();
  expect(text).toContain("No goal lies in these days");
  expect(text).toContain("18 goals, the same figures for both teams");
  await somebody.context.close();
});

it("is open to everybody, in light and dark, and in German", async () => {
  const found: string[] = [];
  for (const look of [{}, { scheme: "dark" }, { locale: "de-DE" }] as const) {
    const somebody = await owner(browser, look);
    for (const address of ADDRESSES) {
      await open(somebody, address);
      const name = `${JSON.stringify(look)} ${address}`;
      found.push(...(await barriers(somebody.page)).map((one) => `${name}: ${one}`));
    }
    if ("locale" in look) {
      await open(somebody, "/plan");
      const text = await somebody.page.locator("main").innerText();
      expect(text).toContain("Was muss bis wann kommen");
      // No sentence of the server's is left in its own language.
      expect(text).not.toMatch(
        /\b(?:wins|were spent|each line|the goal|what happened|odds|the rate)\b/,
      );
    }
    await somebody.context.close();
  }
  expect(found).toEqual([]);
});

it("is no wider than a telephone, nor than a sheet", async () => {
  const somebody = await owner(browser, { width: 390 });
  const { page } = somebody;
  for (const address of ADDRESSES) {
    await open(somebody, address);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over, address).toBeLessThanOrEqual(0);
  }
  // The drawing is whole there, and no word of it lies on another.
  await open(somebody, "/plan");
  const laps = await page.$$eval("main figure", (all) =>
    all.flatMap((figure) => {
      const texts = [...figure.querySelectorAll("text")].map((one) => one.getBoundingClientRect());
      const isOver = figure.scrollWidth > figure.clientWidth + 1;
      const overlaps = texts.filter((one, at) =>
        texts.some(
          (other, place) =>
            place > at &&
            one.left < other.right - 1 &&
            other.left < one.right - 1 &&
            one.top < other.bottom - 1 &&
            other.top < one.bottom - 1,
        ),
      );
      return [...(isOver ? ["scrolls"] : []), ...overlaps.map(() => "overlaps")];
    }),
  );
  expect(laps).toEqual([]);
  await somebody.context.close();
  const reader = await owner(browser, { width: 794 - 2 * 53 });
  await reader.page.emulateMedia({ media: "print" });
  await open(reader, "/plan");
  const wide = await reader.page.$$eval(
    "main figure svg",
    (all) =>
      all.map((one) => one.getBoundingClientRect()).filter(({ right }) => right > innerWidth + 1)
        .length,
  );
  expect(wide).toBe(0);
  await reader.context.close();
});
