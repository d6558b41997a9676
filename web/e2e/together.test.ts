//! Two people at once, and a link that stays what it was: each with a book of their own to change.

import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { act, copied, folder, handfast, hired, owned, PASSWORD, serve } from "./book";
import { launch, open, seat, settled, textOf } from "./browser";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Draft {
  draft: { standing: string };
}

it("a charter that both sign is there for both, and its figures with it, without a reload", async () => {
  const { path, remove } = await folder();
  const book = join(path, "book");
  await copied(join(inject("demo"), "book"), book);
  const served = await serve(book);
  const { url } = served;
  const olga = await owned(served);
  const hire = (name: string, side: string) =>
    hired(url, olga, { name, email: `${name}@firm.example`, role: side, sides: [side] });
  const [ann, bob] = [await hire("Ann", "marketing"), await hire("Bob", "sales")];
  const signs = { password: PASSWORD };
  await act(url, ann, "POST", "/charter/signers", { team: "demand", ...signs });
  await act(url, bob, "POST", "/charter/signers", { team: "sdr-sales", ...signs });
  const hers = await seat(browser, { url, cookie: ann });
  const his = await seat(browser, { url, cookie: bob });
  await open(hers, "/charter");
  await open(his, "/funnel?view=cohort&period=2025-Q3");
  const inForce = () => textOf(hers.page);
  const figures = () =>
    his.page.$$eval("main table [data-figure]", (all) => all.map((one) => one.textContent));
  const [text, before] = [await inForce(), await figures()];
  const now = await act<{ files: { path: string; text: string }[] }>(url, ann, "GET", "/charter");
  const files = now.files.map((file) => ({
    ...file,
    text: file.text.replace("person.lead_score >= 50", "person.lead_score >= 70"),
  }));
  expect(files).not.toEqual(now.files);
  const why = "Fifty lets in too many who only read.";
  await act(url, ann, "POST", "/charter/drafts", { name: "stricter", why, files });
  await act(url, ann, "POST", "/charter/drafts/stricter/sign", signs);
  expect(await figures()).toEqual(before);
  const signed = await act<Draft>(url, bob, "POST", "/charter/drafts/stricter/sign", signs);
  expect(signed.draft.standing).toBe("in_force");
  await expect.poll(figures, { timeout: 20_000, interval: 200 }).not.toEqual(before);
  await expect.poll(inForce, { timeout: 20_000, interval: 200 }).not.toBe(text);
  expect([...hers.said, ...his.said]).toEqual([]);
  await hers.context.close();
  await his.context.close();
  await served.stop();
  await remove();
});

it("a frozen link says after an import what it said before, and a live one does not", async () => {
  const { path, remove } = await folder();
  const demo = inject("demo");
  const book = join(path, "book");
  await cp(join(demo, "example"), join(path, "example"), { recursive: true });
  await handfast("init", book, "--from", join(path, "example"));
  const csv = async (from: string) =>
    (await readdir(from)).filter((name) => name.endsWith(".csv")).map((name) => join(from, name));
  await handfast("import", book, ...(await csv(join(demo, "exports"))));
  const first = await serve(book);
  const cookie = await owned(first);
  const before = await seat(browser, { url: first.url, cookie });
  await before.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const live = "/deals?period=2025-Q3&table=moves,reasons";
  await open(before, live);
  await before.page.getByLabel("Share", { exact: true }).click();
  await before.page.getByRole("menuitem", { name: /^Copy a frozen link/ }).click();
  const link = () => before.page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(link).toContain("as-of=");
  const frozen = (await link()).replace(first.url, "");
  await open(before, frozen);
  const told = await textOf(before.page);
  await open(before, live);
  const toldLive = await textOf(before.page);
  await before.context.close();
  await first.stop();
  await handfast("import", book, ...(await csv(join(demo, "exports", "late"))));
  const second = await serve(book);
  const after = await seat(browser, { url: second.url, cookie });
  await open(after, frozen);
  expect(await textOf(after.page)).toBe(told);
  await open(after, live);
  expect(await textOf(after.page)).not.toBe(toldLive);
  await settled(after.page);
  expect([...before.said, ...after.said]).toEqual([]);
  await after.context.close();
  await second.stop();
  await remove();
});
