//! Which way imports point: app → features → ui, api → lib. A feature knows no other feature, and
//! only `api/client.ts` fetches.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const src = join(import.meta.dirname, "../src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(src, name), "utf8") }));

const MAY: Record<string, readonly string[]> = {
  lib: ["lib"],
  api: ["api", "lib"],
  ui: ["ui", "api", "lib"],
  features: ["features", "ui", "api", "lib"],
  app: ["app", "features", "ui", "api", "lib"],
};

/** What a file of ours imports, as paths below `src`. */
function imports(name: string, text: string): string[] {
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((one) => one[1] ?? "");
  return found.flatMap((path) => {
    if (path.startsWith("@/")) return [path.slice(2)];
    if (path.startsWith(".")) return [relative(src, join(src, name, "..", path))];
    return [];
  });
}

describe("the rooms", () => {
  it.each(files.map((file) => [file.name, file.text]))(
    "%s imports downwards only",
    (name, text) => {
      const [room, feature] = name.split("/");
      if (!room?.match(/^(lib|api|ui|features|app)$/)) return;
      for (const path of imports(name, text)) {
        const [other, its] = path.split("/");
        expect(MAY[room], `${name} imports ${path}`).toContain(other);
        if (room === "features" && other === "features")
          expect(its, `${name} imports ${path}`).toBe(feature);
      }
    },
  );

  it("only the client fetches", () => {
    const fetching = files.filter((file) => /\bfetch\(/.test(file.text)).map((file) => file.name);
    expect(fetching).toEqual(["api/client.ts"]);
  });

  it("opens each module with a comment that says what it is", () => {
    const without = files.filter((file) => !file.text.startsWith("//!")).map((file) => file.name);
    expect(without.filter((name) => name !== "api/schema.ts")).toEqual([]);
  });

  it("writes no HTML of others into the page", () => {
    const raw = files.filter((file) => /dangerouslySetInnerHTML|innerHTML/.test(file.text));
    expect(raw.map((file) => file.name)).toEqual([]);
  });

  it("lowers no word on its way into a sentence: German nouns keep their capitals", () => {
    // What is looked for, what it is looked for in, and what is no word: keys, codes, ids.
    const isSearch = /wanted|event\.key|unit\.toLowerCase|wordOf\(one\.name\.toLowerCase\(\), m\)/;
    const lowering = files
      .filter((file) => !/^lib\/i18n\/(en.*|.*\.en)\.ts$/.test(file.name))
      .flatMap(({ name, text }) => text.split("\n").map((line) => `${name}: ${line.trim()}`))
      .filter((line) => /to(Locale)?LowerCase\(/.test(line) && !isSearch.test(line));
    expect(lowering).toEqual([]);
  });

  it("calls things in German by the one word that sales and marketing have for them", () => {
    // Customers have bought, shops are no deals, and Anteile are shares of a company.
    const retired =
      /\bKunden?\b|\bGeschäfte?s?n?\b|Anteilsbuch|Anteile\b|Betreuung\b|Vertreter|Neubeziff|Verschm[eo]lz|mitnehmen|Handlungen|\bProben?\b|Eintrag \$/;
    const german = files.filter((file) => /^lib\/i18n\/(de.*|.*\.de)\.ts$/.test(file.name));
    const lines = german.flatMap(({ name, text }) =>
      text.split("\n").map((it) => `${name}: ${it}`),
    );
    expect(german.length).toBeGreaterThan(3);
    expect(lines.filter((line) => retired.test(line))).toEqual([]);
  });

  it("keeps as-of, charter, period and comparison in every link to another page", () => {
    // Whoever is at the door looks at no moment yet, and an address that is no page has none.
    const links = files
      .filter(({ name }) => !name.startsWith("features/entry/") && name !== "app/not-found.tsx")
      .flatMap(({ name, text }) =>
        [...text.matchAll(/<Link\s/g)].map(
          (one) => `${name}: ${text.slice(one.index, one.index + 200)}`,
        ),
      )
      .filter((link) => /\sto=/.test(link));
    const keeps =
      /search=\{(kept|address\}|\(now: Address\) => \(\{ \.\.\.kept\(now\)|\((\w+)\) => \2\}|\{ \.\.\.address)/;
    expect(links.length).toBeGreaterThan(12);
    expect(links.filter((link) => !keeps.test(link))).toEqual([]);
  });

  it("keeps files to 600 lines", () => {
    const long = files.filter((file) => file.text.split("\n").length > 600);
    const isText = (name: string) => name === "api/schema.ts" || name.startsWith("lib/i18n/");
    expect(long.map((file) => file.name).filter((name) => !isText(name))).toEqual([]);
  });
});
