//! A definition is changed by the people whom it concerns: edited, looked at, rehearsed, talked about,
//! signed by each side in a browser of its own, and in force for both.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { button, complaints, field, hire, house, panel, press, ruled, says } from "./acts";
import { PASSWORD } from "./book";
import { launch, open, settled, textOf } from "./browser";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const WHY = "Fifty lets in too many who only read.";
const ASKED = "Who calls those between fifty and seventy?";

/** Types over a piece of a file of the charter, by the keyboard. */
async function typeOver(page: Page, path: string, was: string, is: string): Promise<void> {
  const area = page.getByRole("textbox", { name: path, exact: true });
  await area.evaluate((one, piece) => {
    const text = one as HTMLTextAreaElement;
    const at = text.value.indexOf(piece);
    text.focus();
    text.setSelectionRange(at, at + piece.length);
  }, was);
  await page.keyboard.type(is);
  expect(await area.inputValue()).toContain(is);
}

it("a definition is edited, rehearsed, discussed, signed by both sides, and in force", async () => {
  const built = await house();
  const olga = await ruled(browser, built);
  const ann = await hire(browser, olga, "Ann", "marketing");
  const bob = await hire(browser, olga, "Bob", "sales");
  await open(ann, "/charter");
  await press(ann.page, /^Proposed/);
  await proposed(ann.page);
  await rehearsed(ann.page);
  // The other side hears of it where it looks each day.
  await open(bob, "/");
  await bob.page.getByRole("link", { name: "“stricter” awaits Sales’s signature" }).click();
  await says(bob.page, "of", "stricter");
  await field(bob.page, "Your words").fill(ASKED);
  await press(bob.page, "Say it");
  const talk = panel(ann.page, "What was said");
  await talk.getByText(ASKED).waitFor();
  expect(await talk.innerText()).toMatch(/Bob/);
  await signed(ann.page, "Marketing");
  await bob.page.getByText("One side has signed").waitFor();
  expect(await panel(bob.page, "Signatures").innerText()).toMatch(/Ann/);
  await signed(bob.page, "Sales");
  for (const { page } of [ann, bob]) {
    await panel(page, "stricter").getByText("In force", { exact: true }).waitFor();
  }
  await open(ann, "/charter");
  const text = await textOf(ann.page);
  expect(text).toMatch(/signed by Ann for Marketing, signed by Bob for Sales/);
  await press(ann.page, "Definitions");
  await field(ann.page, "Find a definition").fill("mql");
  await expect.poll(() => textOf(ann.page)).toContain("person.lead_score >= 70");
  await press(ann.page, "History");
  expect(await textOf(ann.page)).toContain("stricter");
  expect(complaints(olga, ann, bob)).toEqual([]);
  for (const { context } of [olga, ann, bob]) await context.close();
  await built.stop();
});

/** From the text in force to a draft; what does not hold is refused with its place. */
async function proposed(page: Page): Promise<void> {
  await button(page, "Propose a change").first().click();
  await says(page, "tab", "propose");
  await button(page.getByRole("navigation", { name: "The texts" }), "stages.toml").click();
  await typeOver(page, "stages.toml", "person.lead_score >= 50", "person.hat >= 70");
  const change = panel(page, "You change 1 file");
  expect(await change.innerText()).toMatch(/lead_score >= 50[\s\S]*hat >= 70/);
  await field(page, "What people will call it").fill("stricter");
  await field(page, "Why").fill(WHY);
  await press(page, "Propose");
  await page.getByRole("alert").waitFor();
  await button(page, /^To stages\.toml, line \d+$/).click();
  const marked = () =>
    page.getByRole("textbox", { name: "stages.toml", exact: true }).evaluate((one) => {
      const { value, selectionStart, selectionEnd } = one as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    });
  await expect.poll(marked).toContain("person.hat");
  await typeOver(page, "stages.toml", "person.hat >= 70", "person.lead_score >= 70");
  await press(page, "Propose");
  await says(page, "of", "stricter");
  const changes = panel(page, "It changes 1 definition");
  expect(await changes.locator("del").allInnerTexts()).toEqual(["50"]);
  expect(await changes.locator("ins").allInnerTexts()).toEqual(["70"]);
  expect(await textOf(page)).toContain(WHY);
}

/** Over four quarters somebody who was qualified is so no more. */
async function rehearsed(page: Page): Promise<void> {
  await field(page, "Over").selectOption("4");
  await button(page, "Rehearse").click();
  await says(page, "show", "rehearsal");
  const moved = page.getByRole("table", { name: "Who enters which stage" });
  await moved.waitFor({ timeout: 120_000 });
  expect(await moved.locator("tbody tr").count()).toBeGreaterThan(0);
  // A reload shows the same: where one is stands in the address.
  const told = await moved.innerText();
  await page.reload();
  await settled(page);
  await moved.waitFor({ timeout: 120_000 });
  expect(await moved.innerText()).toBe(told);
}

/** A key is made on the way; a password that does not fit signs nothing. */
async function signed(page: Page, side: string): Promise<void> {
  const signatures = panel(page, "Signatures");
  await button(signatures, `Sign for ${side}`).click();
  await field(signatures, "Your password").fill(PASSWORD);
  await button(signatures, "Make my key").click();
  await button(signatures, `Sign for ${side}`).waitFor();
  await field(signatures, "Your password").fill("not the password of anybody");
  await button(signatures, `Sign for ${side}`).click();
  await signatures.getByRole("alert").waitFor();
  await field(signatures, "Your password").fill(PASSWORD);
  await button(signatures, `Sign for ${side}`).click();
  await expect.poll(() => field(signatures, "Your password").count()).toBe(0);
  await settled(page);
}
