//! No text of others becomes more than a text: not in an address, not in a field, not in an export.
//! No dialog, no report of the policy, no error, no element that no page of ours makes.

import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { WORDS } from "@/lib/address";
import { act, folder, handfast, hired, OWNER, owned, PASSWORD, send, serve } from "./book";
import { launch, open, owner, type Seat, seat, settled } from "./browser";
import { Corpus, charter, poisoned, smuggled } from "./hostile";
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

async function disputed(url: string, cookie: string, corpus: Corpus): Promise<void> {
  const found = await act<{ deals: { key: string }[] }>(
    url,
    cookie,
    "GET",
    "/search?text=O-&limit=1",
  );
  const deal = `/deals/${encodeURIComponent(found.deals[0]?.key ?? "")}`;
  // Evidence is a line of a file, and nothing else is taken for one.
  const story = { team: "demand", story: corpus.text("story"), evidence: [] };
  await act(url, cookie, "POST", `${deal}/disputes`, story);
  await act(url, cookie, "POST", `${deal}/rulings`, { ruling: corpus.text("ruling") });
}

/** Fields that no page shows yet; a page that shows one is looked at without more ado. */
const NOWHERE = new Set([
  "account's name",
  "account's region",
  "browser's name",
  "comment",
  "competitor",
  "industry",
  "key's name",
  "note",
  "owner's name",
  "person's name",
  "ruling",
  "story",
  "token's name",
  "touch's source",
  "view's name",
  "what was paid for",
  "why a charter is proposed",
  "why a period is closed",
  "why it is opened again",
]);

it("no name in an export, no word of a charter, nothing that anybody typed", async () => {
  const { url, cookie, corpus, stop } = await house();
  const somebody = await seat(browser, { url, cookie });
  const texts: string[] = [];
  const found: string[] = [];
  const look = async (path: string) => {
    await open(somebody, path);
    texts.push(...(await seen(somebody)));
    found.push(...(await somebody.page.evaluate(smuggled)).map((one) => `${path}: ${one}`));
  };
  for (const path of [...ADDRESSES, ...(await everywhere(url, cookie))]) await look(path);
  // What is found by name, and the records of a figure.
  await somebody.page.keyboard.press("Control+k");
  await somebody.page.getByRole("combobox").fill("<");
  await settled(somebody.page);
  found.push(...(await somebody.page.evaluate(smuggled)).map((one) => `palette: ${one}`));
  expect(found).toEqual([]);
  expect(somebody.said.filter((one) => !isRefusal(one))).toEqual([]);
  expect(corpus.unseen(texts).filter((field) => !NOWHERE.has(field))).toEqual([]);
  await somebody.context.close();
  await stop();
});

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
  ];
}
