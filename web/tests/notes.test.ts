//! What answers note beside their figures, what is wrong with what those rest on, and what metrics
//! declare has a German sentence each, by the texts of the server's sources.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { de as first } from "@/lib/i18n/de";
import { en } from "@/lib/i18n/en";
import { later } from "@/lib/i18n/later.de";
import { within } from "@/lib/i18n/notes.de";
import { declaredOf, detailOf, issueOf, measureOf, noteOf, saidIn } from "@/lib/i18n/templated";

/** As it is spoken where a page has asked for all of it. */
const de = { ...first, lists: { ...first.lists, ...later } };

const crates = new URL("../../crates/", import.meta.url);
const TEXT = /"((?:[^"\\]|\\.)*)"/g;
const PARTS = /\{\w*(?::[^{}]*)?\}/g;
const without = (list: Record<string, string>, all: Iterable<string>) =>
  [...new Set(all)].filter((text) => !Object.hasOwn(list, text));

/** What a source says outside its tests, with lines that are broken by hand put together. */
const read = (path: string) =>
  readFileSync(new URL(path, crates), "utf8")
    .replace(/#\[cfg\(test\)\][\s\S]*/, "")
    .replace(/\\\n\s*/g, "")
    .replace(/^\s*\/\/.*$/gm, "");
const textsIn = (source: string) =>
  [...source.matchAll(TEXT)].map((one) => (one[1] ?? "").replace(/\\"/g, '"'));
const filesIn = (folder: string) =>
  readdirSync(new URL(folder, crates), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rs") && !/tests?[./]/.test(name))
    .map((name) => read(folder + name));

const answers = [
  ...filesIn("engine/src/answer/"),
  ...filesIn("kernels/src/credit/"),
  read("kernels/src/causes.rs"),
  read("service/src/teams.rs"),
  read("service/src/dispute/show.rs"),
];
const literals = new Set(answers.flatMap(textsIn));

/** A refusal's own words, which stand instead of an answer. */
const REFUSED =
  /Refusal::new\(\s*"E\d+",\s*(?:format!\(\s*)?"(?:[^"\\]|\\.)*"|\.(?:matters|fix|at)\(\s*(?:format!\(\s*)?"(?:[^"\\]|\\.)*"|let (?:title|fix|why|write) = (?:format!\(\s*)?"(?:[^"\\]|\\.)*"|\("E\d+", (?:format!\(\s*)?"[^"]*"/g;

/** Words of refusals and faults that stand apart from them, and what is said of no figure. */
const OTHERS = new Set([
  "`{}` is off by {} deals and {}",
  "each touch earns under its own channel, the last one too",
  "--by channel --models last",
  "open deals are those at one instant, the period's end",
  "ask it once for each period, with --period; or --by month@touch",
  "nobody in this book has this address",
  "nothing in this book is known as `{key}`",
  "an unmerge in its source; identity separate --even-merged",
  "an account by key; charter/identity.toml",
  "who was there for several of them would be in the first alone",
  "its open deals are those at one instant, the period's end",
  "money per day, from the figures beside it",
  "{} days from creation to the win",
  "`handfast metric list` says what each is",
  "then_won_not_priced",
  "{id} of `{row}` is {cell:?}, its records {comes_to:?}",
  "{name} gives {sum} of {worth} minor units of all currencies",
  "what is missing or set aside is of the whole book",
  "who is who is told of everybody",
  "what was learned since is told of the whole book",
  "what is spent and what is aimed at is of no team's pursuits",
  "a passport proves a figure to everybody who has the book",
  "marketing_touched_by_value",
  "marketing_touched_before_creation",
  "marketing_touched_before_creation_by_value",
]);

/** As the server may write it: whole, or behind what stands before it. */
const ways = (text: string) => [
  text,
  ...["{}", "{} ", "{}: "].flatMap((head) =>
    text.startsWith(head) ? [text.slice(head.length)] : [],
  ),
];

describe("what answers note", () => {
  it("has a German sentence for each of the server's, with the same parts", () => {
    const sides = textsIn(read("model/src/rules.rs"));
    for (const [text, said] of Object.entries(de.lists.notes)) {
      const isOurs = ways(text).some((one) => literals.has(one)) || sides.includes(text);
      if (!Object.hasOwn(within, text)) expect(isOurs, text).toBe(true);
      const parts = (one: string) => [...one.matchAll(PARTS)].map((part) => part[0]).sort();
      expect(parts(said), text).toEqual(parts(text));
    }
  });

  it("leaves none of the server's sentences in English", () => {
    const sentences = answers
      .flatMap((source) => textsIn(source.replace(REFUSED, "")))
      .filter((text) => (text.replace(PARTS, "").match(/[A-Za-z]+/g)?.length ?? 0) > 3)
      .filter((text) => !text.startsWith("in charter/"));
    const { notes, means, checks, remedies, taken, declared, values } = de.lists;
    const lists = [notes, means, checks, remedies, taken, declared, values];
    const known = new Set(lists.flatMap(Object.keys).flatMap(ways));
    expect(new Set(sentences).size).toBeGreaterThan(200);
    const left = [...new Set(sentences)].filter((text) => !known.has(text));
    expect(left.filter((text) => !OTHERS.has(text))).toEqual([]);
    expect([...OTHERS].filter((text) => !left.includes(text))).toEqual([]);
  });

  it("says at which rates amounts were converted", () => {
    const means = /fn means\(self[\s\S]*?\n {4}}/.exec(read("model/src/pricing.rs"))?.[0] ?? "";
    const policies = textsIn(means);
    expect(policies.length).toBe(3);
    expect(without(within, policies)).toEqual([]);
    const note = `in EUR ${policies[1]}, each amount once, then summed: no rate was needed`;
    expect(noteOf(note, de)).toBe(
      "in EUR zum Kurs des Tages, an dem der Deal angelegt wurde, jeder Betrag einmal, dann summiert: kein Kurs war nötig",
    );
  });

  it("says what stands in a sentence too, and keeps what is nobody's sentence", () => {
    const of = (note: string) => noteOf(note, de);
    expect(of("touches but email of everybody at the buyer at any time before may earn")).toBe(
      "Kontakte außer email aller beim Käufer jederzeit davor dürfen verdienen",
    );
    expect(
      of(
        "robust: google, email come first in this order under all 4 models, and in 99 of 100 draws of the deals. Least to turn two round: 3.1 % of the credit, from google to email under linear",
      ),
    ).toBe(
      "stabil: google, email stehen in dieser Reihenfolge vorn nach allen 4 Modellen, und in 99 von 100 Ziehungen der Deals. Am wenigsten, um zwei zu vertauschen: 3,1 % der Zurechnung, von google zu email nach linear",
    );
    expect(
      of(
        "marketing touched 1,009 of 1,109 deals before they closed (1,518,055.98 EUR of 2,000.00 EUR), 3 before they were created (0.50 EUR)",
      ),
    ).toBe(
      "Das Marketing hat 1.009 von 1.109 Deals vor dem Abschluss berührt (1.518.055,98 EUR von 2.000,00 EUR), 3 vor dem Anlegen (0,50 EUR)",
    );
    expect(of("in EUR, rates@2: 1 USD = 0.92 EUR (2025-10-01, for 1,200)")).toBe(
      "in EUR, rates@2: 1 USD = 0,92 EUR (2025-10-01, for 1.200)",
    );
    expect(of("late_data: had happened by then, and was learned since")).toBe(
      "late_data: war bis dahin geschehen und wurde seither bekannt",
    );
    expect(of("4 deals of C-1 were told by hand")).toBe("4 deals of C-1 were told by hand");
    expect(noteOf("beside it belongs `win_rate_cohort`", en)).toContain("“Win rate cohort”");
  });
});

describe("what is wrong with what figures rest on", () => {
  it("has a German sentence each, of one and of several", () => {
    const source = read("model/src/issue.rs");
    const of = (name: string) => {
      const body = new RegExp(`fn ${name}\\(self[\\s\\S]*?\\n {4}}`).exec(source)?.[0] ?? "";
      return textsIn(body).filter((text) => text !== "");
    };
    const several = read("model/src/issue/several.rs").split("OF_SEVERAL")[2] ?? "";
    const all = [...of("text"), ...of("text_of_plans"), ...textsIn(several)];
    expect(all.length).toBe(34 + 24);
    expect(without(de.lists.issues, all)).toEqual([]);
    expect(Object.keys(de.lists.issues).filter((text) => !all.includes(text))).toEqual([]);
  });

  it("keeps the labels that the server lists", () => {
    const text = "stage labels that the charter does not name; the marks are not counted";
    expect(issueOf(`${text}: \`Neu\` 4, \`X\` 1 and 3 more`, de)).toBe(
      "Bezeichnungen von Stufen, die die Charta nicht nennt; die Markierungen zählen nicht: `Neu` 4, `X` 1 und 3 weitere",
    );
    expect(issueOf(text, en)).toBe(text);
  });
});

describe("what a metric declares", () => {
  const pages = readdirSync(new URL("../docs/reference/metrics/", crates)).filter(
    (name) => name !== "README.md",
  );
  const rows = pages.flatMap((name) => {
    const text = read(`../docs/reference/metrics/${name}`);
    return [...text.matchAll(/^\| ([a-z -]+) \| (.+) \|$/gm)].map((one) => ({
      what: one[1] ?? "",
      how: (one[2] ?? "").replaceAll("<br>", "\n"),
    }));
  });

  it("has a German text each, as the reference of all metrics prints them", () => {
    expect(rows.length).toBeGreaterThan(1000);
    const heads = new Set(rows.map((row) => row.what));
    expect([...heads].sort()).toEqual(Object.keys(de.lists.conventions).sort());
    const isCode = (line: string) => /^(?:[\w:]+: )?\w+(?:@\d+)$/.test(line);
    const left = rows.flatMap((row) => {
      const said = declaredOf(row, de).how.split("\n");
      return row.how.split("\n").filter((line, at) => line === said[at] && !isCode(line));
    });
    expect([...new Set(left)].filter((line) => !/^(?:[\w:]+: )?deals$/.test(line))).toEqual([]);
    expect(declaredOf(rows[0] ?? { what: "", how: "" }, en)).toEqual(rows[0]);
  });

  it("has no text that no metric declares", () => {
    const lines = rows.flatMap((row) => row.how.split("\n"));
    const said = new Set(lines.flatMap((line) => [line, line.replace(/^[\w:]+: /, "")]));
    // Units of formulas, and where a charter's own metric is defined.
    const others = /^(?:pursuits|accounts|persons|the charter's metrics\.toml.*)$/;
    const all = Object.keys(de.lists.declared);
    expect(all.filter((text) => !said.has(text) && !others.test(text))).toEqual([]);
  });

  it("says what a formula takes of another metric, by what that one means", () => {
    const explained = textsIn(read("engine/src/answer/explained.rs"));
    const tails = Object.keys(de.lists.taken).filter((text) => text.startsWith("{}; "));
    expect(tails.filter((text) => !explained.includes(text.slice(2)))).toEqual([]);
    const written = explained.filter((text) => text.startsWith("; "));
    expect(written.filter((text) => !tails.includes(`{}${text}`))).toEqual([]);
    const catalogue = [
      { name: "spend", means: "spent on campaigns and channels in the period" },
      { name: "lost_for", means: "lost for a reason (lost_for:REASON)" },
    ];
    const how =
      "spend:programme: spent on campaigns and channels in the period; on media and events alone; earlier by the median cycle_won of the period, in whole days";
    expect(measureOf(how, catalogue, de)).toBe(
      "spend:programme: Im Zeitraum für Kampagnen und Kanäle ausgegeben; nur für Medien und Veranstaltungen; früher um den Median von cycle_won des Zeitraums, in ganzen Tagen",
    );
    expect(measureOf("lost_for:{reason}: lost for a reason; the median", catalogue, de)).toBe(
      `lost_for:{reason}: ${de.lists.metricMeans.lost_for}; der Median`,
    );
    expect(measureOf(how, catalogue, en)).toBe(how);
  });
});

it("a line of a journey calls attributes by the page's words and leaves what sources name", () => {
  expect(detailOf("channel paid_search, campaign Spring, 2025, x web_form", de)).toBe(
    "Kanal: paid search · Kampagne: Spring · 2025 · x web_form",
  );
  expect(saidIn(de.lists.notes, "")).toBe("");
});
