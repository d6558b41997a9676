//! A book of its own for whoever changes one: who is in it, and what people press.

import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { expect, inject } from "vitest";
import { copied, folder, hired, owned, serve } from "./book";
import { type Seat, seat, settled } from "./browser";

export interface House {
  url: string;
  /** The book's own folder, for questions on the terminal. */
  book: string;
  /** A folder beside it, which goes with it. */
  beside: string;
  /** What makes the first owner. */
  token: string;
  stop: () => Promise<void>;
}

/** Serves what `make` makes of a folder: by itself a copy of the demo's book. */
export async function house(make = demo): Promise<House> {
  const { path, remove } = await folder();
  const book = join(path, "book");
  await make(book);
  const { url, token, stop } = await serve(book);
  const gone = async () => {
    await stop();
    await remove();
  };
  return { url, book, beside: path, token, stop: gone };
}

const demo = (book: string) => copied(join(inject("demo"), "book"), book);

/** Its first owner's browser. */
export async function ruled(browser: Browser, { url, token, stop }: House): Promise<Seat> {
  return seat(browser, { url, cookie: await owned({ url, token, stop }) });
}

/** Somebody of a team, who signs for it, before a browser of their own. */
export async function hire(browser: Browser, owner: Seat, name: string, side: string) {
  const { url } = owner;
  const [held] = await owner.context.cookies(url);
  const who = { name, email: `${name.toLowerCase()}@firm.example`, role: side, sides: [side] };
  return seat(browser, { url, cookie: await hired(url, held?.value ?? "", who) });
}

type Within = Page | Locator;

export const button = (within: Within, name: string | RegExp): Locator =>
  within.getByRole("button", { name, exact: true });

/** A field by the word above it; the help below it is no part of that. */
export const field = (within: Within, name: string): Locator =>
  within.locator(`label:has(span:text-is("${name}")) :is(input, select, textarea)`);

/** What lies over the page: the one on top. */
export const sheet = (page: Page): Locator => page.locator("dialog[open]").last();

/** Waits until nothing lies over the page any more. */
export const closed = (page: Page) =>
  expect.poll(() => page.locator("dialog[open]").count()).toBe(0);

/** A panel by its title. */
export const panel = (page: Page, title: string | RegExp): Locator =>
  page
    .locator("main section")
    .filter({ has: page.getByRole("heading", { name: title, exact: true, level: 2 }) });

/** Presses a button and waits for all that comes of it. */
export async function press(page: Page, name: string | RegExp, within: Within = page) {
  await button(within, name).click();
  await settled(page);
}

/** Until the address has a word, or has it no more. */
export async function says(page: Page, name: string, value: string | null): Promise<void> {
  await expect.poll(() => new URL(page.url()).searchParams.get(name)).toBe(value);
  await settled(page);
}

/** By the rail, as people go. */
export async function go(page: Page, name: string, path: string): Promise<void> {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click();
  await page.waitForURL((url) => url.pathname === path);
  await settled(page);
}

/** Refusals that a test asks for, and a server that is busy: a page asks it again by itself. */
export const isRefusal = (said: string) =>
  /console: Failed to load resource.*(4\d\d|503)/.test(said);

/** What pages complained about, but for refusals. */
export const complaints = (...seats: readonly Seat[]): string[] =>
  seats.flatMap(({ said }) => said.filter((one) => !isRefusal(one)));
