//! No text of others becomes more than a text: not in an address, not in a field, not in an export.
//! No dialog, no report of the policy, no error, no element that no page of ours makes.

import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { WORDS } from "@/lib/address";
import {
  act,
  folder,
  handfast,
  hired,
  OWNER,
  owned,
  PASSWORD,
  type Reply,
  send,
  serve,
} from "./book";
import { launch, open, owner, type Seat, seat, settled } from "./browser";
import { Corpus, charter, poisoned, smuggled, written } from "./hostile";
import { ADDRESSES, PAGES } from "./routes";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** What the browser itself says of addresses that are refused. */
const isRefusal = (said: string) => /console: Failed to load resource.*40[034]/.test(said);

it("no word of an address", async () => {
  const corpus = new Corpus();
  const somebody = await owner(browser);
  const found: string[] = [];
  for (const path of PAGES) {
    for (let turn = 0; turn < 3; turn += 1) {
      const words = WORDS.map((word) => `${word}=${encodeURIComponent(corpus.text(word))}`);
      // Half of them at a time: one word that is refused would hide what the others do.
      const some = words.filter((_, at) => turn === 2 || at % 2 === turn);
      await open(somebody, `${path}?${some.join("&")}`);
      found.push(...(await somebody.page.evaluate(smuggled)).map((one) => `${path}: ${one}`));
    }
  }
  expect(found).toEqual([]);
  expect(somebody.said.filter((one) => !isRefusal(one))).toEqual([]);
  await somebody.context.close();
});

interface House {
  url: string;
  cookie: string;
  corpus: Corpus;
  stop: () => Promise<void>;
}

/** A book whose exports, charter, people and words are all hostile. */
async function house(): Promise<House> {
  const corpus = new Corpus();
  const { path, remove } = await folder();
  const demo = inject("demo");
  const example = join(path, "example");
  await cp(join(demo, "example"), example, { recursive: true });
  await charter(join(example, "charter"), corpus);
  const files = await poisoned(join(demo, "exports"), join(path, "exports"), corpus);
  const book = join(path, "book");
  await handfast("init", book, "--from", example);
  await handfast("import", book, ...files);
  const served = await serve(book);
  const cookie = await owned(served, corpus.text("owner's name"));
  await typed(served.url, cookie, corpus);
  const stop = async () => {
    await served.stop();
    await remove();
  };
  return { url: served.url, cookie, corpus, stop };
}

/** Everything that people can type and that is kept, and the name of a browser. */
async function typed(url: string, cookie: string, corpus: Corpus): Promise<void> {
  const post = <T>(path: string, body: unknown) => act<T>(url, cookie, "POST", path, body);
  const who = { email: "ann@firm.example", role: "marketing", sides: ["marketing"] };
  await hired(url, cookie, { name: corpus.text("person's name"), ...who });
  const again = { email: OWNER.email, password: PASSWORD };
  await send(url, "", "POST", "/session", again, corpus.text("browser's name"));
  await post("/tokens", { name: corpus.text("token's name"), scopes: ["read"], days: 7 });
  await post("/keys", { source: "site", name: corpus.text("key's name") });
  const view = { name: corpus.text("view's name"), address: "/funnel", is_shared: true };
  await post("/views", view);
  const asked = await act<{ question: { text: string } }>(url, cookie, "GET", "/ask/funnel");
  const on = { question: asked.question.text, column: "won", row: [] };
  await post("/notes", { ...on, words: corpus.text("note") });
  await post("/periods/close", { period: "2025-Q1", why: corpus.text("why a period is closed") });
  await post("/periods/reopen", { period: "2025-Q1", why: corpus.text("why it is opened again") });
  await disputed(url, cookie, corpus);
  const now = await act<{ files: { path: string; text: string }[] }>(
    url,
    cookie,
    "GET",
    "/charter",
  );
  const drafted = now.files.map((file) => ({
    ...file,
    text: file.text.replace("lead_score >= 50", "lead_score >= 60"),
  }));
  const why = corpus.text("why a charter is proposed");
  await post("/charter/drafts", { name: "stricter", why, files: drafted });
  await post("/charter/drafts/stricter/comments", { words: corpus.text("comment") });
}

interface Story {
  journey: { columns: { id: string }[]; rows: unknown[][] };
}

async function disputed(url: string, cookie: string, corpus: Corpus): Promise<void> {
  const found = await act<{ deals: { key: string }[] }>(
    url,
    cookie,
    "GET",
    "/search?text=O-&limit=1",
  );
  const deal = `/deals/${encodeURIComponent(found.deals[0]?.key ?? "")}`;
  // Evidence is a line of a file, and the file's name is somebody's text.
  const { journey } = await act<Story>(url, cookie, "GET", deal);
  const [file, line] = ["file", "line"].map((id) => journey.columns.findIndex((c) => c.id === id));
  const row = journey.rows.find((row) => row[file as number] && row[line as number]);
  const evidence = [`${row?.[file as number]}:${row?.[line as number]}`];
  const story = { team: "demand", story: corpus.text("story"), evidence };
  await act(url, cookie, "POST", `${deal}/disputes`, story);
  await act(url, cookie, "POST", `${deal}/rulings`, { ruling: corpus.text("ruling") });
}

/** Fields that no page shows, and why; all others are seen. */
const NOWHERE: Record<string, string> = {
  "account's region": "conditions may use it, and no page splits by it",
  "browser's name": "known browsers alone are named",
  industry: "conditions may use it, and no page splits by it",
  "wizard's value": "sealed: it stands beside people's addresses",
};

it("no name in an export, no word of a charter, nothing that anybody typed", async () => {
  const { url, cookie, corpus, stop } = await house();
  const somebody = await seat(browser, { url, cookie });
  const texts: string[] = [];
  const found: string[] = [];
  const looked = async (where: string) => {
    await settled(somebody.page);
    texts.push(...(await seen(somebody)));
    found.push(...(await somebody.page.evaluate(smuggled)).map((one) => `${where}: ${one}`));
  };
  for (const path of [...ADDRESSES, ...(await everywhere(url, cookie))]) {
    await open(somebody, path);
    await looked(path);
  }
  await over(somebody, looked);
  await wizard(somebody, corpus, looked);
  await reconciled(somebody, corpus, looked);
  expect(found).toEqual([]);
  expect(somebody.said.filter((one) => !isRefusal(one))).toEqual([]);
  expect(corpus.unseen(texts).sort()).toEqual(Object.keys(NOWHERE).sort());
  await somebody.context.close();
  await stop();
});

type Looked = (where: string) => Promise<void>;

/** What lies over a page: saved views, what is found by name, somebody by name. */
async function over(somebody: Seat, looked: Looked): Promise<void> {
  const { page } = somebody;
  await open(somebody, "/funnel");
  await page.keyboard.press("v");
  await page.getByRole("dialog").waitFor();
  await looked("views");
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("alert(");
  await page
    .getByRole("option", { name: /alert\(/ })
    .nth(3)
    .waitFor();
  await looked("palette");
  await page.keyboard.press("Escape");
  await open(somebody, "/settings?tab=people");
  await page
    .getByRole("button", { name: /alert\(/ })
    .first()
    .click();
  await page.locator("dialog[open]").waitFor();
  await looked("a person");
}

/** A file whose name, heads and rows are all hostile, as far as the wizard goes without writing. */
async function wizard(somebody: Seat, corpus: Corpus, looked: Looked): Promise<void> {
  const { page } = somebody;
  const head = ["Lead-Nr", "E-Mail", "Quelle", "Erstellt am", corpus.text("wizard's column")];
  const rows = Array.from({ length: 40 }, (_, at) => [
    `L-${at}`,
    `p${at}@firm.example`,
    at % 2 === 0 ? corpus.text("wizard's sample") : "Messe",
    `${String((at % 28) + 1).padStart(2, "0")}.10.2024`,
    corpus.text("wizard's value"),
  ]);
  const buffer = Buffer.from(written([head, ...rows], ";"));
  const name = corpus.file("wizard's file", ".csv");
  await open(somebody, "/health/import");
  const input = page.locator('input[type="file"]');
  await input.setInputFiles([{ name, mimeType: "text/csv", buffer }]);
  await page.getByRole("button", { name: "Look at them" }).and(page.locator(":enabled")).waitFor();
  await looked("wizard: files");
  await page.getByRole("button", { name: "Look at them" }).click();
  await page.getByRole("region", { name }).waitFor();
  await looked("wizard: mapping");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await looked("wizard: texts");
  await page.getByRole("button", { name: "See what becomes of them" }).click();
  await page.getByRole("heading", { name: "The first rows after mapping" }).waitFor();
  await looked("wizard: preview");
}

/** Totals of elsewhere: a line that cannot be read, and a period that nobody knows. */
async function reconciled(somebody: Seat, corpus: Corpus, looked: Looked): Promise<void> {
  const { page } = somebody;
  const lines = page.getByRole("textbox", { name: /^A line for each period/ });
  const compare = page.getByRole("button", { name: "Compare", exact: true }).last();
  const cell = (field: string) => corpus.text(field).replaceAll(/["|;\t]/g, " ");
  await open(somebody, "/health/reconcile");
  for (const line of [
    `${cell("line that is not read")};${cell("line that is not read")};1`,
    `${cell("period of a total")};5;1.00`,
  ]) {
    await lines.fill(line);
    await compare.click();
    await page.getByRole("alert").waitFor();
    await looked("reconcile");
  }
}

/** All that is written on a page, its tips too. */
const seen = ({ page }: Seat): Promise<string[]> =>
  page.evaluate(() => {
    const tips = [...document.querySelectorAll("[data-tip], [title], [aria-label]")];
    const said = tips.flatMap((one) =>
      ["data-tip", "title", "aria-label"].map((name) => one.getAttribute(name) ?? ""),
    );
    return [document.body.textContent ?? "", ...said];
  });

/** A page for every dimension, every kind of record, and a hostile account and deal. */
async function everywhere(url: string, cookie: string): Promise<string[]> {
  const get = <T>(path: string) => act<T>(url, cookie, "GET", path);
  const book = await get<{ charter: { dimensions: (string | { id: string })[] } }>("/book");
  const named = book.charter.dimensions.map((one) => (typeof one === "string" ? one : one.id));
  const split = named
    .filter((by) => !/^(day|week|month|quarter|year)$/.test(by))
    .map((by) => `/metrics?of=new_deals&period=2025&table=by,time&by=${by}`);
  const key = (text: string) => /alert\(/.test(text);
  const accounts = await get<{ accounts: { key: string }[] }>("/accounts?limit=1000");
  const account = accounts.accounts.find((one) => key(one.key))?.key ?? "";
  const deals = await get<{ deals: { key: string }[] }>("/search?text=alert(&limit=100");
  const deal = deals.deals.find((one) => key(one.key))?.key ?? "";
  const disputed = await get<{ deals: { key: string }[] }>("/search?text=O-&limit=1");
  const costs = await get<Reply>("/ask/cost?by=campaign");
  const campaign = costs.answer.rows.map((row) => String(row[0])).find(key) ?? "";
  const records = (kind: string, column: string, words = "") =>
    `/funnel?period=2025&rec=${encodeURIComponent(`kind=${kind}&column=${column}${words}`)}`;
  return [
    ...split,
    ...[account, deal].map((of) => `/accounts?of=${encodeURIComponent(of)}`),
    records("funnel", "won"),
    records("metric", "new_deals", "&of=new_deals"),
    records("reasons", "deals", "&of=lost&by=reason"),
    records("cost", "leads", "&by=campaign"),
    "/credit?period=all&by=campaign",
    "/credit?period=all&by=rep&show=vendor",
    "/deals?period=2025&table=reasons,moves",
    "/deals?period=all&table=reasons&by=competitor",
    "/metrics?of=spend&period=all&table=by&by=paid_for",
    "/charter?tab=drafts&of=stricter&show=rehearsal",
    "/accounts",
    `/deals?of=${encodeURIComponent(disputed.deals[0]?.key ?? "")}`,
    `/campaign?period=all&campaign=${encodeURIComponent(campaign)}`,
    // The note is on this figure, of all time.
    `/funnel?period=all&rec=${encodeURIComponent("kind=funnel&column=won")}`,
  ];
}
