//! Sentences of the server that a page looks for are the server's: read out of its sources, so that a
//! word that changed there is seen here, and not by a chart that is gone.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { teamsIn } from "@/lib/answer";
import { windowIn } from "@/lib/forecast";
import { de } from "@/lib/i18n/de";
import { en } from "@/lib/i18n/en";
import * as said from "@/lib/said";

const root = new URL("../../", import.meta.url);
/** What a source says outside its tests, with lines that are broken by hand put together. */
const read = (path: string) =>
  readFileSync(new URL(path, root), "utf8")
    .replace(/#\[cfg\(test\)\]\s*mod \w+ \{[\s\S]*/, "")
    .replace(/\\\n\s*/g, "");

/** Where the server says it: as the whole of a text, or as its beginning. */
const PLACES: readonly (readonly [string, "whole" | "begins", string])[] = [
  [said.PROMISED, "whole", "crates/engine/src/answer/measure.rs"],
  [said.NINE_OF_TEN, "whole", "crates/engine/src/answer/measure.rs"],
  [said.ONE_INSTANT, "begins", "crates/kernels/src/metric/specs.rs"],
  [said.NO_MONEY, "whole", "crates/kernels/src/metric/specs.rs"],
  [said.TOLD_THEN, "whole", "crates/engine/src/answer/change/told.rs"],
  [said.TOLD_NOW, "whole", "crates/engine/src/answer/change/told.rs"],
  [said.ROBUST, "begins", "crates/kernels/src/credit/robust/said.rs"],
  [said.FRAGILE, "begins", "crates/kernels/src/credit/robust/said.rs"],
  [said.NOT_KNOWN, "begins", "crates/kernels/src/credit/robust/said.rs"],
  [said.INSTEAD, "whole", "crates/engine/src/answer/formula/words.rs"],
  [said.HAPPENED.opens, "whole", "crates/engine/src/answer/journey.rs"],
  [said.HAPPENED.enters, "whole", "crates/engine/src/answer/journey.rs"],
  [said.HAPPENED.leaves, "whole", "crates/engine/src/answer/journey.rs"],
  [said.SPEAKS.deals, "begins", "crates/engine/src/answer/forecast.rs"],
  [said.SPEAKS.value, "begins", "crates/engine/src/answer/forecast.rs"],
  ...said.PARTS.map((part) => [part, "whole", "crates/kernels/src/forecast.rs"] as const),
  ...said.LINES.map((line) => [line, "whole", "crates/engine/src/answer/plan.rs"] as const),
  [said.NO_GOAL, "begins", "crates/engine/src/answer/plan/goal.rs"],
  [said.PERSON, "begins", "crates/engine/src/answer/journey.rs"],
  [said.HAPPENED.touch, "whole", "crates/model/src/fact.rs"],
  [said.HAPPENED.deal, "whole", "crates/model/src/fact.rs"],
  [said.HAPPENED.ends, "begins", "crates/engine/src/answer/journey.rs"],
];

describe("what a page looks for in a sentence", () => {
  it.each(PLACES)("%s is in the server's own words", (text, how, path) => {
    expect(read(path)).toContain(how === "whole" ? `"${text}"` : `"${text}`);
  });

  it("is read from nowhere else", () => {
    const src = new URL("../src/", import.meta.url).pathname;
    const pages = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) =>
      /^(?:features|ui|app)\/.*\.tsx?$/.test(name),
    );
    const loose = pages.filter((name) =>
      /\.(?:how|text|what|note)\w*\.(?:startsWith|includes)\("|note\.(?:startsWith|includes)\("/.test(
        readFileSync(join(src, name), "utf8"),
      ),
    );
    expect(loose).toEqual([]);
  });

  it("names every part of a forecast and everybody who may speak", () => {
    const words = (path: string) => {
      const body = /fn word\(self\)[\s\S]*?\n {4}}/.exec(read(path))?.[0] ?? "";
      return [...body.matchAll(/"(\w+)"/g)].map((one) => one[1] ?? "");
    };
    const of = "crates/kernels/src/forecast";
    const [parts, rules] = [words(`${of}.rs`), words(`${of}/rules.rs`)];
    expect([...said.PARTS]).toEqual(parts);
    expect(rules.length).toBe(4);
    const voices = ["chosen", ...words(`${of}/rolling.rs`), ...rules];
    for (const { forecast } of [en, de]) {
      expect(Object.keys(forecast.voices).sort()).toEqual([...voices].sort());
      expect(Object.keys(forecast.parts).sort()).toEqual([...parts, "all"].sort());
    }
  });

  it("tells which days a forecast is of", () => {
    const source = read("crates/engine/src/answer/forecast.rs");
    const note = /"(from \{\} until before \{\}, told [^"]*)"/.exec(source)?.[1] ?? "";
    const days = ["2025-10-01", "2026-01-01", "2025-09-30"];
    const told = days.reduce((text, day) => text.replace(/\{\w*\}/, day), note);
    expect(windowIn(["deals: 7", told])).toEqual({
      from: "2025-10-01",
      until: "2026-01-01",
      at: "2025-09-30",
    });
    expect(windowIn([])).toBeNull();
  });

  it("tells whose rows alone an answer counts", () => {
    const note = /"(only rows of \{told\}: [^"]*)"/.exec(read("crates/service/src/teams.rs"))?.[1];
    expect(teamsIn([note?.replace("{told}", "team sales-emea") ?? ""])).toEqual(["sales-emea"]);
    expect(teamsIn([note?.replace("{told}", "teams a and b") ?? ""])).toEqual(["a and b"]);
  });
});
