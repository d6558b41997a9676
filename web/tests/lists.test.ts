//! What the server says from lists of its own has a German word each: metrics, subjects, checks and their
//! remedies, what happens in a journey. The lists are read from where the server has them.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkOf, meansOf } from "@/lib/i18n";
import { de } from "@/lib/i18n/de";
import { en } from "@/lib/i18n/en";
import { metrics } from "@/lib/i18n/metrics.de";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const texts = (source: string) =>
  [...source.replace(/\\\n\s*/g, "").matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((one) => one[1] ?? "");
const without = (list: Record<string, string>, ids: Iterable<string>) =>
  [...new Set(ids)].filter((id) => !Object.hasOwn(list, id));

describe("the server's lists in German", () => {
  const pages = readdirSync(new URL("docs/reference/metrics/", root))
    .map((name) => name.replace(/\.md$/, ""))
    .filter((name) => name !== "README");

  it("name every metric that ships, and no other, and say what it means", () => {
    expect(pages.length).toBeGreaterThan(100);
    expect(Object.keys(metrics).sort()).toEqual(pages.sort());
    for (const [name, [called, means]] of Object.entries(metrics)) {
      expect(called, name).not.toBe("");
      expect(means.length, name).toBeGreaterThan(20);
    }
    // Of two metrics nobody can tell which is meant where both mean the same.
    const said = Object.values(metrics).map(([, means]) => means);
    expect(said.filter((one, at) => said.indexOf(one) !== at)).toEqual([]);
  });

  it("leave a metric that a charter defines its own words", () => {
    const shipped = { name: "revenue", means: "amounts of the deals won" };
    expect(meansOf(shipped, de)).toBe("Beträge der gewonnenen Deals, nach Abschlussdatum");
    expect(meansOf({ ...shipped, is_the_charters: true }, de)).toBe(shipped.means);
    expect(meansOf(shipped, en)).toBe(shipped.means);
  });

  it("name every subject of the catalogue", () => {
    const kinds = /fn subject\(self\)[\s\S]*?\n {4}}/.exec(
      read("crates/kernels/src/metric/kinds.rs"),
    );
    const catalogue = read("crates/charter/catalogue/metrics.toml").matchAll(
      /^subject = "(.*)"$/gm,
    );
    const subjects = [...texts(kinds?.[0] ?? ""), ...[...catalogue].map((one) => one[1] ?? "")];
    expect(subjects.length).toBeGreaterThan(20);
    expect(without(de.lists.subjects, subjects)).toEqual([]);
  });

  it("name every verdict on an attribute that tells the end, and a browser that nobody knows", () => {
    const verdicts = /fn words\(self\)[\s\S]*?\n {4}}/.exec(read("crates/kernels/src/leaks.rs"));
    const words = texts(verdicts?.[0] ?? "");
    expect(words.length).toBe(4);
    expect(without(de.lists.values, words)).toEqual([]);
    expect(read("crates/server/src/viewer.rs")).toContain(`"${en.settings.otherProgram}"`);
  });

  it("name every kind that a column of a file may be of", () => {
    const kinds = texts(
      /fn word\(&self\)[\s\S]*?\n {4}}/.exec(read("crates/connect/src/sniff/kind.rs"))?.[0] ?? "",
    );
    expect(kinds.length).toBeGreaterThan(12);
    for (const { wizard } of [en, de])
      expect(Object.keys(wizard.kindsOf).sort()).toEqual([...kinds].sort());
  });

  it("name every check, its kind, and what mends it", () => {
    const of = "crates/engine/src/answer/health/";
    const [checks, issues, orphans] = ["checks.rs", "issues.rs", "orphans.rs"].map((name) =>
      read(of + name).replace(/#\[cfg\(test\)\][\s\S]*/, ""),
    ) as [string, string, string];
    const inAll = new Set(texts(checks + issues + orphans));
    // Each of ours is one of the server's words, so that a word that changed is seen.
    for (const list of [de.lists.checks, de.lists.remedies, de.lists.areas, en.lists.remedies])
      expect(Object.keys(list).filter((text) => !inAll.has(text))).toEqual([]);
    const found = [...issues.matchAll(/IssueCode::\w+,\s*("[^"]*"),\s*("(?:[^"\\]|\\.|\\\n)*")/g)];
    expect(found.length).toBe(12);
    expect(
      without(
        de.lists.checks,
        found.map((one) => texts(one[1] ?? "")[0] ?? ""),
      ),
    ).toEqual([]);
    expect(
      without(
        de.lists.remedies,
        found.map((one) => texts(one[2] ?? "")[0] ?? ""),
      ),
    ).toEqual([]);
    const areas = [...(checks + orphans).matchAll(/area: "(\w+)"/g)].map((one) => one[1] ?? "");
    expect(areas.length).toBeGreaterThan(5);
    expect(without(de.lists.areas, areas)).toEqual([]);
    // What a check is called reads as these do; whatever else reads so is no sentence.
    const called = [...inAll].filter((text) =>
      /^(?:deal|person|touch|source|fact|account|date|opened|closed|mark|e-mail|domain)\b.* (?:without|that no row|behind|by the pack|still open)/.test(
        text,
      ),
    );
    expect(called.length).toBeGreaterThan(12);
    expect(
      without(
        de.lists.checks,
        called.filter((text) => !text.includes("{")),
      ),
    ).toEqual([]);
    const mends = [...inAll].filter((text) =>
      /^(?:map|fill|give|look|import|merge|set|add) /.test(text),
    );
    expect(without(de.lists.remedies, mends)).toEqual([]);
    expect(checkOf("row set aside: created: not a date or time", de)).toBe(
      "Zeile beiseite gelegt: created: kein Datum und keine Zeit",
    );
    expect(checkOf("row set aside: Nx", de)).toBe("Zeile beiseite gelegt: Nx");
    expect(checkOf("row set aside: conflict", en)).toBe("row set aside: conflict");
  });

  it("name the columns of answers", () => {
    const folders = ["crates/engine/src/answer/", "crates/service/src/dispute/"];
    const sources = folders.flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".rs"))
        .map((name) => read(folder + name).replace(/#\[cfg\(test\)\][\s\S]*/, "")),
    );
    const COLUMN =
      /\b(?:figure|text_column|count|days|money|share|column|hours|estimate)\(\s*"([a-z0-9_]+)"|\("([a-z0-9_]+)", ColumnKind/g;
    const ids = sources.flatMap((source) =>
      [...source.matchAll(COLUMN)].map((one) => one[1] ?? one[2] ?? ""),
    );
    expect(new Set(ids).size).toBeGreaterThan(90);
    expect(without(de.ids, ids)).toEqual([]);
  });

  it("say which figures rest on a definition", () => {
    const words = /impl Figure \{[\s\S]*?\n}/.exec(read("crates/charter/src/diff.rs"))?.[0] ?? "";
    expect(texts(words).sort()).toEqual(Object.keys(de.lists.figures).sort());
  });

  it("say why rows are set aside", () => {
    const own = (path: string) => read(`crates/${path}`).replace(/#\[cfg\(test\)\][\s\S]*/, "");
    const parse = ["parse.rs", "parse/clock.rs", "parse/carrier.rs"].map(
      (name) => `model/src/${name}`,
    );
    const packs = ["packs.rs", "packs/draw.rs"].map((name) => `engine/src/${name}`);
    const all = [...parse, ...packs, "engine/src/functions.rs"].flatMap((path) => texts(own(path)));
    const rows = texts(own("ledger/src/classified.rs"));
    const said = [...all, ...rows].filter((text) =>
      /^(?:not (?:a|an|one) |an? (?:amount|number|whole number|day|time|text|year|row before) |no key$|neither |nothing given|conflict|unreadable|unmapped)/.test(
        text,
      ),
    );
    expect(new Set(said).size).toBeGreaterThan(20);
    expect(without(de.lists.asides, said)).toEqual([]);
    const known = new Set([...all, ...rows]);
    expect(Object.keys(de.lists.asides).filter((text) => !known.has(text))).toEqual([]);
  });

  it("name whatever happens in a journey", () => {
    const journey = read("crates/engine/src/answer/journey.rs");
    const turns = /fn turns[\s\S]*?\n}/.exec(journey)?.[0] ?? "";
    const roles =
      /fn role_word[\s\S]*?\n}/.exec(read("crates/engine/src/answer/records.rs"))?.[0] ?? "";
    const ends = texts(roles).filter((role) => role !== "open" && role !== "detour");
    const words = texts(turns).filter(
      (text) => text !== "_" && text !== " " && !text.includes("{"),
    );
    const kinds = /let is_shown[\s\S]*?\);/.exec(journey)?.[0] ?? "";
    const facts = [...kinds.matchAll(/FactKind::(\w+)/g)].map((one) =>
      (one[1] ?? "").toLowerCase(),
    );
    const all = [...words, ...ends.map((role) => `pursuit ends: ${role}`), ...facts];
    expect(all.length).toBeGreaterThan(11);
    expect(without(de.lists.happened, all)).toEqual([]);
    const left = /impl LeftBy[\s\S]*?\n}/.exec(read("crates/kernels/src/journey.rs"))?.[0] ?? "";
    expect(without(de.ids, texts(left))).toEqual([]);
  });

  it("name whatever a column of a file can be", () => {
    const words = /pub fn word[\s\S]*?\n {4}}/.exec(read("crates/packs/src/names.rs"))?.[0] ?? "";
    expect(texts(words).length).toBe(34);
    expect(without(de.lists.parts, texts(words))).toEqual([]);
  });
});
