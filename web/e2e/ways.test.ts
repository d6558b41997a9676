//! Ways through the application: the tour of a first visit, from a mark of a journey to its line, single
//! letters that rest.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guest, launch, open } from "./browser";
import { COUNTING } from "./routes";

/** Parts that are of now, whatever the page's period is. */
const OF_NOW = /^(?:What needs attention|Where the data fall short)/;
const TELLS = /not (?:split or )?compared|beside|compared with/i;

describe("in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it("a guest is shown around once, stop by stop, and by the list of keys again", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, "/");
    const tour = page.getByRole("complementary", { name: /tour/i });
    await tour.waitFor();
    for (const path of ["/funnel", "/credit", "/charter"]) {
      await tour.getByRole("button", { name: "Next" }).click();
      await page.waitForURL((url) => url.pathname === path);
    }
    await tour.getByRole("button", { name: "Done" }).click();
    await expect.poll(() => tour.count()).toBe(0);
    await open(somebody, "/");
    expect(await tour.count()).toBe(0);
    await page.keyboard.press("?");
    await page.getByRole("button", { name: /tour/i }).click();
    await tour.waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => tour.count()).toBe(0);
    await somebody.context.close();
  });

  it("a mark of a journey leads to its line by the keyboard alone", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, "/accounts?of=A-0228");
    const marks = page.locator("figure a[data-mark]");
    expect(await marks.count()).toBeGreaterThan(5);
    await marks.first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).searchParams.get("step")).not.toBeNull();
    const step = Number(new URL(page.url()).searchParams.get("step"));
    const row = page.locator("tr[aria-current]");
    await expect.poll(() => row.count()).toBe(1);
    expect(await row.evaluate((one) => [...(one.parentElement?.children ?? [])].indexOf(one))).toBe(
      step - 1,
    );
    await somebody.context.close();
  });

  it("an account is called by its name, and its people are told apart without theirs", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, "/accounts?of=A-0228");
    expect(await page.locator("h2").first().innerText()).toMatch(/^.+ \(A-0228\)$/);
    const lines = page.getByRole("region", { name: "Everything, in order" });
    for (const number of [1, 2])
      expect(await lines.getByText(new RegExp(`person ${number}\\b`)).count()).toBeGreaterThan(0);
    await somebody.context.close();
  });

  it("an account shows the books of its own deals, and the vision whose signatures it has", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, "/accounts?of=A-0228&deal=O-00190");
    expect(await page.locator("[data-balances]").count()).toBeGreaterThan(2);
    await open(somebody, "/accounts?of=A-0228&deal=O-00222");
    expect(await page.locator("[data-balances]").count()).toBe(0);
    await open(somebody, "/charter");
    const said = await page.locator("main").innerText();
    expect(said).toContain("published without signatures");
    expect(said).toContain("nobody has signed yet");
    expect(said).not.toContain("what both teams signed");
    await somebody.context.close();
  });

  it("what of a cohort can still grow is hatched, with its estimate, and what is over is not", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    const marks = (of: string) =>
      page.$$eval(
        `main [data-${of}]`,
        (all) => all.filter((one) => !one.closest('[aria-label="By month of entry"]')).length,
      );
    await open(somebody, "/funnel?view=cohort&period=2025-Q4");
    expect(await marks("unripe")).toBeGreaterThan(5);
    expect(await marks("estimate")).toBeGreaterThan(5);
    const heat = page.getByRole("region", { name: "By month of entry" });
    const rows = heat.locator("tbody tr");
    expect(await rows.last().locator("[data-unripe]").count()).toBeGreaterThan(5);
    expect(await rows.first().locator("[data-unripe]").count()).toBe(0);
    expect(await heat.locator("[data-unripe] [data-estimate]").first().innerText()).toContain("≈");
    expect(await heat.locator("td:not([data-unripe]) [data-estimate]").count()).toBe(0);
    await open(somebody, "/funnel?view=cohort&period=2024-Q1");
    expect(await marks("unripe")).toBe(0);
    expect(await marks("estimate")).toBe(0);
    await somebody.context.close();
  });

  it("credit says whether its order stands, how sure an estimate is, and what each team touched", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, "/credit?period=all&models=linear,markov_1");
    expect(await page.locator("path[data-whisker]").count()).toBeGreaterThan(0);
    expect(await page.locator("h2 [data-kind]").count()).toBe(1);
    for (const side of ["marketing", "sales"])
      expect(await page.locator(`[data-touched=${side}] a[data-rec]`).count()).toBe(1);
    await somebody.context.close();
  });

  it("every page that counts shows the period compared with, or says that it does not", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    const silent: string[] = [];
    for (const path of COUNTING.filter((one) => !/period=all|of=open|^\/health/.test(one))) {
      const mark = path.includes("?") ? "&" : "?";
      const of = path.includes("compare=") ? path : `${path}${mark}compare=previous`;
      await open(somebody, of);
      const parts = page.locator("main section");
      for (const part of await parts.all()) {
        const isOpen = (await part.locator("[data-figure], svg [data-mark]").count()) > 0;
        const said = await part.innerText();
        const was = await part.locator("[data-was], [data-before]").count();
        if (isOpen && was === 0 && !OF_NOW.test(said) && !TELLS.test(said))
          silent.push(`${of}: ${said.split("\n")[0]}`);
      }
    }
    expect(silent).toEqual([]);
    await somebody.context.close();
  });

  it("the book of a deal comes to its amount under every model", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, "/credit?period=all&deal=O-00222");
    const told = await page.$$eval("[data-balances]", (all) =>
      all.map((one) => one.getAttribute("data-balances")),
    );
    expect(told.length).toBeGreaterThan(2);
    expect(new Set(told)).toEqual(new Set(["true"]));
    await somebody.context.close();
  });

  it("single letters rest when somebody says so", async () => {
    const somebody = await guest(browser);
    const { page } = somebody;
    await open(somebody, "/funnel?period=2025-Q3");
    await page.keyboard.press("?");
    await page.getByRole("checkbox").uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("c");
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(
      "/funnel?period=2025-Q3",
    );
    await somebody.context.close();
  });
});
