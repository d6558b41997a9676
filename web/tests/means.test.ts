//! What columns of answers mean has a German sentence each, by the texts of the server's sources.

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { means } from "@/lib/i18n/means.de";
import { reasons } from "@/lib/i18n/reasons.de";
import { meantIn, saidIn } from "@/lib/i18n/templated";

const root = new URL("../../crates/engine/src/answer/", import.meta.url);
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".rs"))
  .map((name) =>
    readFileSync(new URL(name, root), "utf8")
      .replace(/#\[cfg\(test\)\][\s\S]*/, "")
      .replace(/\\\n\s*/g, ""),
  );
const TEXT = /"((?:[^"\\]|\\.)*)"/g;
const unescaped = (text: string) => text.replace(/\\"/g, '"');
const literals = new Set(
  sources.flatMap((source) => [...source.matchAll(TEXT)].map((one) => unescaped(one[1] ?? ""))),
);

/** Words that stand within a sentence, and are written where the engine is not. */
const WITHIN = new Set(["lost", "won"]);

it("each is one of the server's sentences, with the same parts", () => {
  for (const [text, said] of Object.entries(means)) {
    if (!WITHIN.has(text)) expect(literals, text).toContain(text);
    const parts = (one: string) => [...one.matchAll(/\{\w*\}/g)].map((part) => part[0]).sort();
    expect(parts(said), text).toEqual(parts(text));
  }
});

/** `figure("id", kind, unit, "means", …)`, and the shorter ones that stand for it in each answer. */
const COLUMN =
  /\b\w+\(\s*"[a-z0-9_]+",(?:[^()"]|Some\("[^"]*"\))*(?:"[a-z ]*",\s*)?"((?:[^"\\]|\\.)* (?:[^"\\]|\\.)*)"/g;
/** `let means = "…"`, and the arms of what a model of credit does. */
const NAMED = /\blet means = (?:format!\()?"((?:[^"\\]|\\.)*)"/g;
const MODEL = /=> "((?:≈ )?(?:all|half|everything|the same|by|in proportion|\d)[^"]*)"/g;

it("each sentence of a column has one", () => {
  const found = sources.flatMap((source) =>
    [COLUMN, NAMED, ...(source.includes("ModelKind::") ? [MODEL] : [])].flatMap((pattern) =>
      [...source.matchAll(pattern)].map((one) => unescaped(one[1] ?? "")),
    ),
  );
  expect(new Set(found).size).toBeGreaterThan(70);
  expect([...new Set(found)].filter((text) => !Object.hasOwn(means, text))).toEqual([]);
});

it("what stands in a sentence is kept, and said where it is a sentence too", () => {
  expect(saidIn(means, "of those, reached `mql` or beyond")).toBe(
    "von diesen haben „mql“ oder mehr erreicht",
  );
  expect(saidIn(means, "u_last: 40 % first, 40 % last, 20 % between")).toBe(
    "u_last: 40 % erster, 40 % letzter, 20 % dazwischen",
  );
  expect(saidIn(means, "spend over deals won")).toBe("Ausgaben durch gewonnene Deals");
  expect(saidIn(means, "what a charter means: its own words")).toBe(
    "what a charter means: its own words",
  );
  expect(meantIn(means, "won, how many, 90 days earlier")).toBe("won, wie viele, 90 Tage früher");
  const half = "won over won and lost, by a date";
  expect(meantIn(means, half)).toBe(half);
  expect(saidIn({}, "left by winning")).toBe("left by winning");
});

it("each reason of the wizard's has one, and is the server's own", () => {
  const read = (path: string) =>
    readFileSync(new URL(`../../crates/${path}`, import.meta.url), "utf8").replace(/\\\n\s*/g, "");
  const understood = read("packs/src/understand.rs");
  const doubts =
    /let doubt = [\s\S]*?\n {4}}\);/.exec(read("server/src/routes/wizard.rs"))?.[0] ?? "";
  // What is said of a file has more than one word and begins in lower case or with a column.
  const told = [
    ...understood.matchAll(/(?:format!\(|why = |\n)\s*"([a-z`](?:[^"\\])* (?:[^"\\])*)"/g),
  ]
    .map((one) => one[1] ?? "")
    .filter((text) => text.includes("`") || text.split(" ").length > 4);
  const all = [...told, ...[...doubts.matchAll(TEXT)].map((one) => one[1] ?? "")];
  expect(new Set(all).size).toBeGreaterThan(14);
  expect([...new Set(all)].filter((text) => !Object.hasOwn(reasons, text))).toEqual([]);
  const own = `${understood}${doubts}${["propose", "questions", "lookups"].map((name) => read(`packs/src/${name}.rs`))}`;
  const written = (text: string) => own.includes(`"${text.replace(/^\{\}(?=;)/, "")}"`);
  expect(Object.keys(reasons).filter((text) => !written(text))).toEqual([]);
  // What it asks and notes has more than four words.
  const noted = ["questions", "lookups"].flatMap((name) =>
    [
      ...read(`packs/src/${name}.rs`)
        .replace(/#\[cfg\(test\)\][\s\S]*/, "")
        .matchAll(TEXT),
    ]
      .map((one) => (one[1] ?? "").replace(/^; /, "{}; "))
      .filter((text) => text.replace(/\{\w*\}/g, "").split(/[^A-Za-z]+/).length > 6),
  );
  expect(noted.length).toBeGreaterThan(15);
  expect(noted.filter((text) => !Object.hasOwn(reasons, text))).toEqual([]);
  expect(saidIn(reasons, "every `Kunde` is different")).toBe("„Kunde“ ist in jeder Zeile anders");
});

it("leaves a sentence that is not in the list as it is, though a short one of the list fits it", () => {
  const said = "amounts of the deals won, by close date";
  expect(Object.keys(means)).toContain("{} of {which}");
  expect(meantIn(means, said)).toBe(said);
});
