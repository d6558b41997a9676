//! Before all tests: the demo's company, imported once, served to those who only look at it, and a
//! copy of its book that nobody serves, for those who change theirs.

import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { copied, folder, handfast, owned, serve } from "./book";

declare module "vitest" {
  interface ProvidedContext {
    /** The server of the book that nobody changes. */
    server: string;
    /** What its owner's browser holds. */
    owner: string;
    /** The book behind it, for questions on the terminal. */
    book: string;
    /** Exports, texts and book of the demo, to be copied. */
    demo: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { path, remove } = await folder();
  const demo = join(path, "demo");
  await handfast("demo", "--dir", demo);
  const book = join(path, "served");
  await copied(join(demo, "book"), book);
  const served = await serve(book);
  const page = await (await fetch(served.url)).text();
  if (!page.includes('id="root"')) {
    await served.stop();
    throw new Error("The application is not in this binary: `cargo xtask browser` builds both.");
  }
  project.provide("server", served.url);
  project.provide("owner", await owned(served));
  project.provide("book", book);
  project.provide("demo", demo);
  return async () => {
    await served.stop();
    await remove();
  };
}
