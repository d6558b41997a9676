//! What a page says of a refusal's remedy: never a line to be typed into a terminal.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { de } from "@/lib/i18n/de";
import { en } from "@/lib/i18n/en";
import { isTyped, optionsIn, remedyOf } from "@/lib/remedy";

const root = new URL("../../", import.meta.url).pathname;

/** Options of which no page has a place: acts of the terminal, its files, what only it can ask. */
const NOWHERE = new Set(
  "anyway as book clock csv entries forward-only from goal help horizon key namespace observed-from observed-until why".split(
    " ",
  ),
);

/** Each refusal that the terminal's tests print, in whole. */
function printed(): { title: string; fix: string }[] {
  const folders = readdirSync(join(root, "errors")).filter((name) => /^E\d{4}$/.test(name));
  const outs = folders.map((name) => join(root, "errors", name, "out.txt")).filter(existsSync);
  return outs.flatMap((path) => {
    const text = readFileSync(path, "utf8");
    const title = /^refused E\d{4}: (.*)$/m.exec(text)?.[1];
    const fix = /^ {2}fix: +([\s\S]*?)(?=^ {2}[a-z]+: |(?![\s\S]))/m.exec(text)?.[1];
    return title && fix ? [{ title, fix: fix.trim() }] : [];
  });
}

/** Each remedy that the sources of questions write as a text of their own. */
function written(): string[] {
  const crates = ["service", "engine", "kernels", "ledger"];
  return crates.flatMap((name) => {
    const src = join(root, "crates", name, "src");
    const files = readdirSync(src, { recursive: true, encoding: "utf8" });
    return files
      .filter((file) => file.endsWith(".rs"))
      .flatMap((file) => {
        const source = readFileSync(join(src, file), "utf8").replace(/#\[cfg\(test\)\][\s\S]*/, "");
        const fixes = source.matchAll(/\.fix\(\s*(?:format!\(\s*)?"((?:[^"\\]|\\[\s\S])*)"/g);
        return [...fixes].map((one) => (one[1] ?? "").replace(/\\\n\s*/g, ""));
      });
  });
}

it("no remedy on a page is typed into a terminal, and what is not is left as it is", () => {
  const all = printed();
  const typed = all.filter((one) => isTyped(one.fix));
  expect(all.length).toBeGreaterThan(100);
  expect(typed.length).toBeGreaterThan(40);
  for (const m of [en, de])
    for (const one of all) {
      const said = remedyOf(one, m);
      if (!isTyped(one.fix)) expect(said).toBe(one.fix);
      else expect(said ?? "").not.toMatch(/--[a-z]|\bhandfast\b|\bask [a-z]/);
    }
});

it("each option that a question's remedy names has its place on pages, or is known to have none", () => {
  const options = [...new Set(written().flatMap(optionsIn))];
  expect(options.length).toBeGreaterThan(15);
  expect([...NOWHERE].filter((one) => !options.includes(one))).toEqual([]);
  for (const m of [en, de])
    expect(options.filter((one) => !Object.hasOwn(m.remedies, one) && !NOWHERE.has(one))).toEqual(
      [],
    );
  expect(Object.keys(de.remedies).sort()).toEqual(Object.keys(en.remedies).sort());
});

it("a period that is none is mended by the bar, a refused option by its own place", () => {
  const of = (title: string, fix: string) => remedyOf({ title, fix }, en);
  expect(of("`nonsense` is no instant", "--at 2017-09-30")).toBe(en.remedies.at);
  expect(of("--models means nothing to this question", "ask credit, or ask cost")).toBe(
    en.remedies.models,
  );
  expect(of("this signer has no key", "--key FILE")).toBeNull();
  // Who does something is no way to split figures.
  expect(of("the draft is Ann's", "--as SIGNER instead of --by, with your key")).toBeNull();
  expect(of("no draft", "handfast charter draft BOOK NAME --by PERSON --why TEXT")).toBeNull();
  expect(of("x", "2018-Q1, 2018, or 2018-01-01..2018-02-15")).toContain("2018-Q1");
});
