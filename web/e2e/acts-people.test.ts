//! Who comes in, and by what: the first owner by the console's token, others by an invitation, programs
//! by tokens and keys; and each of these ways is closed again.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  button,
  closed,
  complaints,
  field,
  type House,
  house,
  panel,
  press,
  says,
  sheet,
} from "./acts";
import { OWNER, PASSWORD } from "./book";
import { launch, open, type Seat, seat, settled, textOf } from "./browser";

let browser: Browser;
let built: House;
let olga: Seat;
beforeAll(async () => {
  browser = await launch();
  built = await house();
});
afterAll(async () => {
  await built.stop();
  await browser.close();
});

const stranger = () => seat(browser, { url: built.url });

const password = (page: Page) => page.locator('input[type="password"]');

const OTHER = "kettle seventeen orchard lamp";

it("the first owner comes by the token of the console, and nobody by it after", async () => {
  olga = await stranger();
  const { page } = olga;
  await page.goto(`${built.url}/`);
  await page.waitForURL((to) => to.pathname === "/sign-in");
  await page.getByRole("link", { name: "Nobody owns this book yet: set it up" }).click();
  await page.waitForURL((to) => to.pathname === "/setup");
  await page.getByLabel("One-time token").fill("hfs_not-this-one");
  await page.getByLabel("Your name").fill(OWNER.name);
  await page.getByLabel("E-mail").fill(OWNER.email);
  await password(page).fill(PASSWORD);
  await button(page, "Set up and sign in").click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("One-time token").fill(built.token);
  await button(page, "Set up and sign in").click();
  await page.waitForURL((to) => to.pathname === "/");
  await settled(page);
  expect(await page.locator("main [data-figure]").count()).toBeGreaterThan(8);

  const late = await stranger();
  await open(late, "/sign-in");
  expect(await textOf(late.page)).not.toContain("Nobody owns this book");
  await open(late, "/setup");
  await late.page.getByLabel("One-time token").fill(built.token);
  await late.page.getByLabel("Your name").fill("Mallory");
  await late.page.getByLabel("E-mail").fill("mallory@firm.example");
  await password(late.page).fill(PASSWORD);
  await button(late.page, "Set up and sign in").click();
  await late.page.getByRole("alert").waitFor();
  expect(new URL(late.page.url()).pathname).toBe("/setup");
  expect(complaints(olga, late)).toEqual([]);
  await late.context.close();
});

/** A part of the settings, by its tab. */
async function part(page: Page, name: string, id: string): Promise<void> {
  await open(olga, "/settings");
  await button(page, name).click();
  await says(page, "tab", id);
}

/** What is shown this once. */
const secret = (page: Page) => page.locator("[data-secret]").inputValue();

const row = (page: Page, label: string, name: string) =>
  page.getByRole("region", { name: label }).locator("tr", { hasText: name });

it("somebody is invited, comes once, becomes somebody else, is kept out, and goes", async () => {
  const { page } = olga;
  await part(page, "People", "people");
  await press(page, "Invite somebody");
  await field(sheet(page), "Name").fill("Ann");
  await field(sheet(page), "E-mail").fill("ann@firm.example");
  await field(sheet(page), "Role").selectOption("marketing");
  await button(sheet(page), "Make the invitation").click();
  await closed(page);
  const link = await secret(page);
  expect(link).toMatch(/\/invitation#\S{20,}$/);
  await expect.poll(() => row(page, "People", "Ann").innerText()).toContain("Invited");

  const ann = await stranger();
  await ann.page.goto(link);
  await ann.page.getByRole("heading", { name: "Welcome, Ann" }).waitFor();
  await password(ann.page).fill(OTHER);
  await button(ann.page, "Take the invitation").click();
  await ann.page.waitForURL((to) => to.pathname === "/");
  await settled(ann.page);
  expect(ann.page.url()).not.toContain("#");
  const twice = await stranger();
  await twice.page.goto(link);
  await twice.page.getByRole("heading", { name: "This link opens nothing", level: 1 }).waitFor();

  // Another role, and whoever has it signs in anew.
  await part(page, "People", "people");
  expect(await row(page, "People", "Ann").innerText()).toContain("Active");
  await button(page, "Ann").click();
  await field(sheet(page), "Role").selectOption("viewer");
  await press(page, "Save", sheet(page));
  await page.keyboard.press("Escape");
  await closed(page);
  expect(await row(page, "People", "Ann").innerText()).toContain("Viewer");
  await ann.page.reload();
  await ann.page.waitForURL((to) => to.pathname === "/sign-in");
  const enter = async () => {
    await ann.page.getByLabel("E-mail").fill("ann@firm.example");
    await password(ann.page).fill(OTHER);
    await button(ann.page, "Sign in").click();
  };
  await enter();
  await ann.page.waitForURL((to) => to.pathname === "/");
  await settled(ann.page);

  await button(page, "Ann").click();
  await press(page, "Keep out", sheet(page));
  await button(sheet(page), "Keep out").click();
  await expect.poll(() => page.locator("dialog[open]").count()).toBe(1);
  await page.keyboard.press("Escape");
  await closed(page);
  expect(await row(page, "People", "Ann").innerText()).toContain("Kept out");
  await ann.page.reload();
  await ann.page.waitForURL((to) => to.pathname === "/sign-in");
  await enter();
  await ann.page.getByRole("alert").waitFor();

  await button(page, "Ann").click();
  await press(page, "Take away", sheet(page));
  const sure = sheet(page);
  expect(await button(sure, "Take away").isDisabled()).toBe(true);
  await field(sure, "Type “Ann” to do it").fill("Ann");
  await button(sure, "Take away").click();
  await closed(page);
  await expect.poll(() => row(page, "People", "Ann").count()).toBe(0);
  expect(complaints(olga, ann, twice)).toEqual([]);
  for (const { context } of [ann, twice]) await context.close();
});

/** What a program is answered that comes with a secret. */
async function answered(method: string, path: string, secret: string): Promise<number> {
  const response = await fetch(`${built.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    ...(method === "POST" ? { body: JSON.stringify({ batch: [{ stream: "nowhere" }] }) } : {}),
  });
  return response.status;
}

/** Ends what a row is of, by its button and once more. */
async function ended(page: Page, label: string, name: string): Promise<void> {
  await button(row(page, label, name), "End").click();
  await button(sheet(page), "End").click();
  await closed(page);
  await expect.poll(() => row(page, label, name).count()).toBe(0);
}

it("a program is let in by a token and a source by a key, until each is ended", async () => {
  const { page } = olga;
  await part(page, "Tokens", "tokens");
  await button(page, "Make a token").first().click();
  await field(sheet(page), "What it is for").fill("The board's sheet");
  await button(sheet(page), "Make it").click();
  await closed(page);
  const token = await secret(page);
  expect(await answered("GET", "/ask/funnel", token)).toBe(200);
  // It reads, and does nothing else.
  expect(await answered("POST", "/events", token)).toBe(403);
  await press(page, "I have it");
  expect(await page.locator("[data-secret]").count()).toBe(0);
  await ended(page, "Tokens", "The board's sheet");
  expect(await answered("GET", "/ask/funnel", token)).toBe(401);

  await part(page, "Keys of sources", "keys");
  await button(page, "Make a key").first().click();
  await field(sheet(page), "Source").selectOption("marketing");
  await field(sheet(page), "Where it is used").fill("The web site");
  await button(sheet(page), "Make it").click();
  await closed(page);
  const key = await secret(page);
  expect(await answered("POST", "/events", key)).toBe(200);
  expect(await answered("GET", "/ask/funnel", key)).toBe(403);
  await ended(page, "Keys of sources", "The web site");
  expect(await answered("POST", "/events", key)).toBe(401);
});

it("all of it stands in the log, by name", async () => {
  const { page } = olga;
  await part(page, "Log", "audit");
  const log = await panel(page, "What was done").innerText();
  for (const act of [
    "became the first owner",
    "invited",
    "took the invitation",
    "changed somebody",
    "took somebody away",
    "made a token",
    "ended a token",
    "made a source’s key",
    "ended a source’s key",
  ])
    expect(log).toContain(act);
  expect(complaints(olga)).toEqual([]);
});
