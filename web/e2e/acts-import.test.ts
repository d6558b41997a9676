//! Two exported files become figures by the buttons of the wizard, in a book that had nothing; and the
//! import is taken back.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  button,
  closed,
  complaints,
  field,
  go,
  house,
  panel,
  press,
  ruled,
  says,
  sheet,
} from "./acts";
import { act, handfast } from "./book";
import { launch, open, type Seat, settled, textOf } from "./browser";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const two = (n: number) => String(n).padStart(2, "0");
const upTo = (n: number) => Array.from({ length: n }, (_, at) => at + 1);

/** Every fourth deal is won in December; what they come to is summed here, row by row. */
const WON = upTo(20).filter((at) => at % 4 === 0);
const cents = (at: number) => (1000 + at) * 100 + 50;
const REVENUE = WON.reduce((sum, at) => sum + cents(at), 0);

function deal(at: number): string {
  const isOver = at % 4 < 2;
  const stage = isOver ? (at % 4 === 0 ? "Gewonnen" : "Verloren") : "Angebot";
  const closed = isOver ? `${two(at)}.12.2024` : "";
  const amount = `1.0${two(at)},50 €`;
  return `D-${at};Firma ${at % 5};${stage};${two(at)}.11.2024;${closed};${amount};Kim`;
}

function lead(at: number): string {
  const day = two((at % 28) + 1);
  const from = ["Messe", "Web", "Empfehlung"][at % 3];
  const mql = at % 4 === 0 ? `${day}.11.2024` : "";
  return `L-${at};Person${at};p${at}@firm.example;${from};${day}.10.2024;${mql}`;
}

const file = (name: string, head: string, lines: string[]) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(`${[head, ...lines].join("\n")}\n`),
});

const FILES = [
  file("leads-2024.csv", "Lead-Nr;Vorname;E-Mail;Quelle;Erstellt am;MQL Date", upTo(40).map(lead)),
  file(
    "deals-2024.csv",
    "Opportunity ID;Firma;Phase;Erstellt am;Abschlussdatum;Betrag;Besitzer",
    upTo(20).map(deal),
  ),
];

/** Files by the button, as the browser’s own window gives them. */
async function chosen(page: Page, files = FILES): Promise<void> {
  const asked = page.waitForEvent("filechooser");
  await page.getByText("Choose files", { exact: true }).click();
  await (await asked).setFiles(files);
  for (const { name } of files) await button(page, `Remove ${name}`).waitFor();
  await settled(page);
}

/** The exact figure of the metric that the page is of. */
const revenue = (page: Page, minor = REVENUE) =>
  page.locator(`main [data-figure] [data-tip*="${(minor / 100).toLocaleString("en-GB")}"]`);

it("two exports become figures, and are taken back", async () => {
  const built = await house((book) => handfast("init", book).then(() => {}));
  const somebody = await ruled(browser, built);
  const { page, url } = somebody;
  const [held] = await somebody.context.cookies(url);
  const imports = async () =>
    (await act<{ imports: unknown[] }>(url, held?.value ?? "", "GET", "/imports")).imports.length;
  await open(somebody, "/");
  await page.getByRole("link", { name: "Import files" }).click();
  await page.waitForURL((to) => to.pathname === "/health/import");
  await chosen(page);
  await press(page, "Look at them");
  await says(page, "step", "mapping");
  await mapped(page);
  await press(page, "See what becomes of them");
  await says(page, "step", "preview");
  const facts = panel(page, "The first rows after mapping");
  const told = /(\d+) of (\d+) facts/.exec(await facts.innerText())?.map(Number) ?? [];
  expect(await facts.locator("tbody tr").count()).toBe(told[1]);
  expect(told[2]).toBeGreaterThan(60);
  expect(await textOf(page)).toContain("leads-2024.csv:2");
  await press(page, "Save source “crm”");
  // The first charter is read before it holds.
  await panel(page, "A first charter").getByText("charter/stages.toml").click();
  await press(page, "Put it into force");
  await says(page, "step", "import");
  await press(page, "Try it without writing");
  const tried = panel(page, "The trial is over: nothing was written");
  await tried.waitFor({ timeout: 60_000 });
  expect(await tried.innerText()).toMatch(/Rows\s+60\s/);
  expect(await imports()).toBe(0);
  await page.reload();
  await settled(page);
  await tried.waitFor();
  await press(page, "Import");
  await panel(page, "Imported").waitFor({ timeout: 60_000 });
  await toldElsewhere(somebody);
  await page.getByRole("link", { name: "To the figures" }).click();
  await page.waitForURL((to) => to.pathname === "/");
  await settled(page);
  await open(somebody, "/metrics?of=revenue&period=2024-Q4");
  await revenue(page).first().click();
  const count = page.locator("[data-records-count]");
  await expect.poll(() => count.getAttribute("data-records-count")).toBe(String(WON.length));
  await page.keyboard.press("Escape");
  await closed(page);
  await go(page, "Data health", "/health");
  await press(page, "Take back");
  expect(await sheet(page).innerText()).toContain("60 rows");
  await button(sheet(page), "Take back").click();
  await closed(page);
  await page.getByRole("alert").filter({ hasText: "Import taken back: 60 rows" }).waitFor();
  await settled(page);
  expect(await panel(page, "Imports").innerText()).toContain("taken back");
  expect(await button(page, "Take back").count()).toBe(0);
  await open(somebody, "/metrics?of=revenue&period=2024-Q4");
  await expect.poll(() => revenue(page).count()).toBe(0);
  expect(complaints(somebody)).toEqual([]);
  await somebody.context.close();
  await built.stop();
});

/** Whoever waits for an import is told of its end on another page, once, with the way to it. */
async function toldElsewhere(somebody: Seat): Promise<void> {
  const { page } = somebody;
  const job = new URL(page.url()).searchParams.get("job") ?? "";
  await page.evaluate((id) => localStorage.setItem("handfast.jobs", id), job);
  await open(somebody, "/charter");
  const told = page.getByRole("log").filter({ hasText: "60 rows" });
  await told.waitFor();
  await page.reload();
  await settled(page);
  expect(await told.count()).toBe(0);
  await page.evaluate((id) => localStorage.setItem("handfast.jobs", id), job);
  await open(somebody, "/charter");
  await told.getByRole("link", { name: "Look at it" }).click();
  await panel(page, "Imported").waitFor();
  expect(await told.count()).toBe(0);
}

/** What the files were taken for is said of each column, nobody’s address is, and it can be changed. */
async function mapped(page: Page): Promise<void> {
  const column = (of: string, name: string) =>
    page
      .getByRole("region", { name: of })
      .locator("tr", { has: page.getByRole("rowheader", { name, exact: true }) });
  expect(await column("deals-2024.csv", "Betrag").innerText()).toContain("What it is worth");
  expect(await column("leads-2024.csv", "E-Mail").innerText()).toContain("sealed");
  expect(await textOf(page)).not.toContain("@firm.example");
  const said = panel(page, "What was guessed");
  await field(said, "Name of the source").fill("crm");
  await press(page, "Apply", said);
  await says(page, "name", "crm");
}

/** Not UTF-8, two lines as wide as the table above its names, and points that mark thousands or not. */
function titled(): (typeof FILES)[number] {
  const line = (at: number) => {
    const [stage, closed] = at % 4 === 0 ? ["Gewonnen", `${two(at)}.12.2024`] : ["Angebot", ""];
    return `D-${at};Köhler ${at};${stage};${two(at)}.11.2024;${closed};1.0${two(at)};2.500`;
  };
  const lines = [
    "Vertrieb;Süd;Zürich;Stand;Dezember;Blatt;Eins",
    "erstellt;von;Müller;am;Montag;ohne;Gewähr",
    "Opportunity ID;Firma;Phase;Erstellt am;Abschlussdatum;Betrag;Gebühr",
    ...upTo(20).map(line),
  ];
  const buffer = Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1");
  return { name: "abschluesse.csv", mimeType: "text/csv", buffer };
}

it("a file is read as somebody says that it is written, and its points mark thousands", async () => {
  const built = await house((book) => handfast("init", book).then(() => {}));
  const somebody = await ruled(browser, built);
  const { page } = somebody;
  await open(somebody, "/health/import");
  await chosen(page, [titled()]);
  await press(page, "Look at them");
  await says(page, "step", "mapping");
  const column = (name: string) => page.getByRole("rowheader", { name, exact: true });
  expect([await column("Zürich").count(), await column("Betrag").count()]).toEqual([1, 0]);
  const said = panel(page, "What was guessed");
  await field(said, "Name of the source").fill("crm");
  await field(said, "Currency of amounts without one").fill("EUR");
  await field(said, "Encoding of the text").selectOption("latin-1");
  await field(said, "Between the fields").selectOption("semicolon");
  await field(said, "Decimal sign of numbers like 1.234").selectOption("comma");
  await field(said, "Lines above the names").fill("2");
  await field(said, "Rows of names").selectOption("1");
  await press(page, "Apply", said);
  await says(page, "skip_rows", "2");
  await column("Betrag").waitFor();
  expect(await column("Zürich").count()).toBe(0);
  const told = await textOf(page);
  for (const one of ["latin-1, as you said", "2 lines above the header", "a line of names, as you"])
    expect(told).toContain(one);
  // What was said is in the address, and stays.
  await page.reload();
  await settled(page);
  await column("Betrag").waitFor();
  await press(page, "See what becomes of them");
  await says(page, "step", "preview");
  await press(page, "Save source “crm”");
  await press(page, "Put it into force");
  await says(page, "step", "import");
  await press(page, "Import");
  await panel(page, "Imported").waitFor({ timeout: 60_000 });
  await open(somebody, "/metrics?of=revenue&period=2024-Q4");
  const won = WON.reduce((sum, at) => sum + (1000 + at) * 100, 0);
  await revenue(page, won).first().waitFor();
  expect(complaints(somebody)).toEqual([]);
  await somebody.context.close();
  await built.stop();
});
