//! Refusals in German: each code that a server's sources write has its meaning and its remedy, and the
//! sentences are the server's own, by the texts of its sources.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { de as first } from "@/lib/i18n/de";
import { en } from "@/lib/i18n/en";
import { refusals } from "@/lib/i18n/refusals.de";
import { placeOf, refusalOf } from "@/lib/refusal";
import { isTyped } from "@/lib/remedy";

/** As it is spoken where a refusal is met. */
const de = { ...first, lists: { ...first.lists, ...refusals } };
const { codes, refused } = refusals;

const root = new URL("../../", import.meta.url);
const PARTS = /\{\w*(?::[^{}]*)?\}/g;
const TEXT = /"((?:[^"\\]|\\.)*)"/g;

/** What sources say outside their tests, with lines that are broken by hand put together. */
const sourcesOf = (crate: string) =>
  readdirSync(new URL(`crates/${crate}/src/`, root), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rs") && !/tests?[./]/.test(name))
    .map((name) => readFileSync(new URL(`crates/${crate}/src/${name}`, root), "utf8"))
    .map((source) => source.replace(/#\[cfg\(test\)\][\s\S]*/, "").replace(/\\\n\s*/g, ""));
const textsIn = (source: string, what: RegExp = TEXT) =>
  [...source.matchAll(what)].map((one) => (one[1] ?? "").replace(/\\"/g, '"'));

/** Crates that a server has within it; what the terminal alone refuses is read there. */
const SERVED =
  "accounts charter connect engine ledger packs service server wizard kernels model wire".split(
    " ",
  );
const served = SERVED.flatMap(sourcesOf);

const TITLE = /Refusal::new\(\s*(?:"E\d+"|[A-Z_]+),\s*(?:format!\(\s*)?"((?:[^"\\]|\\.)*)"/g;
const NAMED = /let title = (?:format!\(\s*)?"((?:[^"\\]|\\.)*)"/g;
const MATTERS = /\.matters\(\s*(?:format!\(\s*)?"((?:[^"\\]|\\.)*)"/g;
const FIX = /\.fix\(\s*(?:format!\(\s*)?"((?:[^"\\]|\\.)*)"/g;

/** What is told by its code's meaning, with the server's sentence beside it. */
const BY_CODE = new Set([
  // Of a server that does not start, read where it was started.
  "the secret in `{}` cannot be read: {error}",
  "sign-in by the company's provider cannot be set up: {what}",
  "nothing was served: who may come in is never guessed",
  "in handfast.toml under [sign_in], or on the line: {fix}",
  "cannot listen on {listen}: {error}",
  "{listen} is reached from other machines, and nothing is encrypted there",
  "passwords and personal data could be read on the way; nothing was served",
  "the certificate cannot be used: {why}",
  "give a certificate and its key as PEM files that this user may read",
]);

describe("refusals in German", () => {
  it("have a meaning and a remedy for each code of the server's, and for no other", () => {
    const written = new Set(served.flatMap((source) => textsIn(source, /"(E0\d{3})"/g)));
    expect(written.size).toBeGreaterThan(200);
    expect([...written].filter((code) => !Object.hasOwn(codes, code))).toEqual([]);
    expect(Object.keys(codes).filter((code) => !written.has(code))).toEqual([]);
    for (const [code, [title, fix]] of Object.entries(codes)) {
      expect(existsSync(new URL(`errors/${code}/why.md`, root)), code).toBe(true);
      expect(title.length, code).toBeGreaterThan(10);
      expect(fix.length, code).toBeGreaterThan(15);
      expect(isTyped(fix), `${code}: ${fix}`).toBe(false);
    }
  });

  it("are the server's sentences, with the same parts", () => {
    const literals = new Set(served.flatMap((source) => textsIn(source)));
    // The seconds stand behind a text of its own.
    literals.add("too many tries; the next one counts in {} seconds");
    for (const [text, said] of Object.entries(refused)) {
      expect(literals.has(text), text).toBe(true);
      const parts = (one: string) => [...one.matchAll(PARTS)].map((part) => part[0]).sort();
      // How a program names a right or an import is nothing that a page shows.
      const isShown = (part: string) => !/^\{(word|run)\}$/.test(part) || said.includes(part);
      const kept = parts(text).filter(isShown);
      expect(parts(said), text).toEqual(kept);
    }
  });

  it("leave no sentence of signing in, of rights and of the server itself in English", () => {
    const own = ["accounts", "server"].flatMap(sourcesOf);
    const all = own.flatMap((source) =>
      [TITLE, NAMED, MATTERS, FIX].flatMap((what) => textsIn(source, what)),
    );
    const sentences = [...new Set(all)].filter(
      (text) => (text.replace(PARTS, "").match(/[A-Za-z]+/g)?.length ?? 0) > 2 && !isTyped(text),
    );
    expect(sentences.length).toBeGreaterThan(100);
    const left = sentences.filter((text) => !Object.hasOwn(refused, text));
    expect(left.filter((text) => !BY_CODE.has(text))).toEqual([]);
    expect([...BY_CODE].filter((text) => !left.includes(text))).toEqual([]);
  });

  it("leave no title of a question's refusal in English", () => {
    const of = /^(?:[^"]|"(?!E0\d{3}"))*"(E0\d{3})"/;
    const titles = ["engine", "service", "wizard"].flatMap(sourcesOf).flatMap((source) => {
      const here = textsIn(
        source,
        /Refusal::new\(\s*"E04\d+",\s*(?:format!\(\s*)?"((?:[^"\\]|\\.)*)"/g,
      );
      const named = [...source.matchAll(NAMED)]
        // A title with a name of its own is of the code that comes next.
        .filter((one) =>
          of.exec(source.slice((one.index ?? 0) + one[0].length))?.[1]?.startsWith("E04"),
        )
        .map((one) => one[1] ?? "");
      return [...here, ...named];
    });
    expect(new Set(titles).size).toBeGreaterThan(70);
    expect([...new Set(titles)].filter((text) => !Object.hasOwn(refused, text))).toEqual([]);
  });
});

describe("what a page tells of a refusal", () => {
  const weak = {
    code: "E0613",
    title: "this password is refused: it has 5 characters, and 12 are the fewest",
    fix: "take 12 characters or more, as four words that have nothing to do with each other",
  };

  it("is the sentence with what stands in it", () => {
    expect(refusalOf(weak, de)).toEqual({
      title: "Dieses Passwort wird abgelehnt: Es hat 5 Zeichen, mindestens 12 sind nötig",
      matters: null,
      fix: "Nehmen Sie 12 Zeichen oder mehr, etwa vier Wörter, die nichts miteinander zu tun haben.",
      own: [],
    });
    const role = {
      code: "E0621",
      title: "the role viewer may not `close`: close a period, assert a balance",
    };
    expect(refusalOf(role, de).title).toBe(
      "Die Rolle Leser darf nicht: einen Zeitraum abschließen, einen Wert bestätigen",
    );
  });

  it("is in the server's words in English, and where a code is not known", () => {
    expect(refusalOf(weak, en)).toEqual({
      title: weak.title,
      matters: null,
      fix: weak.fix,
      own: [],
    });
    const newer = { ...weak, code: "E0999" };
    expect(refusalOf(newer, de).title).toBe(weak.title);
    expect(refusalOf({ title: "Bad Gateway", code: "" }, de).title).toBe("Bad Gateway");
  });

  it("is the code's meaning where nobody has said the sentence, which stands beside it", () => {
    const odd = { code: "E0107", title: "no stage is called `mqll`", fix: "write `mql`" };
    expect(refusalOf(odd, de)).toEqual({
      title: codes.E0107?.[0],
      matters: null,
      fix: codes.E0107?.[1],
      own: [odd.title, odd.fix],
    });
  });

  it("is never a line to be typed into a terminal", () => {
    const asked = { code: "E0404", title: "`x` is not a day", fix: "--at 2017-09-30" };
    expect(refusalOf(asked, de).fix).toBe(de.remedies.at);
    const nowhere = { code: "E0462", title: "Q1 is not closed", fix: "handfast period list BOOK" };
    expect(refusalOf(nowhere, de)).toMatchObject({ title: "Q1 ist nicht geschlossen", own: [] });
    expect(refusalOf(nowhere, de).fix).toBe(codes.E0462?.[1]);
  });

  it("is in a page's sentence and not in an option, and in the file that it is in", () => {
    expect(placeOf("--where:1: person.countri = 'DE'")).toBe("person.countri = 'DE'");
    expect(placeOf("stages.toml:3: marks = 1")).toBe("stages.toml:3: marks = 1");
    expect(placeOf(null)).toBe("");
  });
});
