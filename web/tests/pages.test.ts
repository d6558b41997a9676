//! What pages pick out of answers: a metric's own column, a funnel's stages, a wizard's state.

import { describe, expect, it } from "vitest";
import type { Looked } from "@/api/intake";
import { campaignOf } from "@/features/credit/campaign-of";
import { drawn } from "@/features/funnel/shape";
import { answersOf, openOf, readerOf, stepOf, uploadsOf } from "@/features/health/wizard/words";
import { figureOf, openedBy } from "@/features/metrics/figure-of";
import { givenBy } from "@/features/metrics/parameters-of";
import { isStage } from "@/features/records/stage-cell";
import { asked } from "@/lib/address";
import type { Rows } from "@/lib/answer";
import { stageName, type Words } from "@/lib/book";
import { wordIn, wordOf } from "@/lib/i18n";
import { en } from "@/lib/i18n/en";
import { blocks, spans } from "@/lib/markdown";

const columns = (...all: [string, string][]): Rows => ({
  columns: all.map(([id, type]) => ({ id, type, means: "" })),
  rows: [],
});

describe("a metric", () => {
  const times = columns(
    ["n", "count"],
    ["mean", "mean"],
    ["median", "days"],
    ["min", "days"],
    ["max", "days"],
  );

  it("of times is their mean or median and never the longest", () => {
    expect(figureOf(times, { name: "cycle_won", means: "days to win" })?.id).toBe("mean");
    expect(figureOf(times, { name: "cycle_won", means: "the median of days" })?.id).toBe("median");
  });

  it("is the column of its own name where there is one", () => {
    const answer = columns(["spend", "money"], ["n", "count"], ["not_priced", "count"]);
    expect(figureOf(answer, { name: "spend", means: "" })?.id).toBe("spend");
  });

  it("opens the first part of its formula that has records, and else its own", () => {
    const opened = (isFormula: boolean, ...ids: string[]) => {
      const answer = columns(...ids.map((id): [string, string] => [id, "count"]));
      return openedBy(answer, answer.columns.at(-1), isFormula)?.id;
    };
    expect(opened(true, "target", "revenue", "not_priced", "gap")).toBe("revenue");
    expect(opened(true, "target", "gap")).toBeUndefined();
    expect(opened(true, "not_priced", "spend")).toBe("spend");
    expect(opened(false, "part", "share")).toBe("share");
  });

  it("is told what its parameters say, and a reason may hold colons", () => {
    const one = (name: string) => ({ name, takes: "reason", choices: [], is_optional: false });
    expect(givenBy([one("reason")], "lost:price: too high")).toEqual(["price: too high"]);
    expect(givenBy([one("from"), one("to")], "conversion:mql:sql")).toEqual(["mql", "sql"]);
    expect(givenBy([one("kind")], "spend")).toEqual([]);
  });
});

describe("a funnel", () => {
  const stage = (id: string, role = "path") => ({
    ...{ id, role, name: id.toUpperCase(), side: null, team: null },
    ...{ max_days: null, means: "" },
  });
  const words = {
    stages: [stage("lead"), stage("mql"), stage("nurture", "detour"), stage("won", "won")],
  } as unknown as Words;
  const flow: Rows = {
    columns: ["stage", "entered"].map((id) => ({
      id,
      type: id === "stage" ? "text" : "count",
      means: "",
    })),
    rows: [
      ["lead", 5],
      ["old_stage", 3],
      ["nurture", 1],
      ["won", 1],
    ],
  };
  const names = (how: Record<string, string>) =>
    drawn("flow", flow, asked("funnel", how), words, undefined).map((one) => one.name);

  it("of now has the stages of the charter in force", () => {
    expect(names({})).toEqual(["LEAD", "MQL", "WON"]);
  });

  it("as of another moment has those of the charter of then, and none drawn as nought", () => {
    expect(names({ "as-of": "3" })).toEqual(["LEAD", "old_stage", "WON"]);
  });

  it("of a cohort that entered late puts who entered under the stage they entered", () => {
    const cohort: Rows = {
      columns: [
        { id: "entered", type: "count", means: "" },
        { id: "won", type: "ratio", means: "" },
      ],
      rows: [[7, { part: 2, whole: 7 }]],
    };
    const question = asked("funnel", { view: "cohort", from: "mql" });
    const found = drawn("cohort", cohort, question, words, undefined);
    expect(found.map((one) => one.volume?.cell ?? null)).toEqual([null, 7, { part: 2, whole: 7 }]);
  });
});

describe("texts of others", () => {
  it("are no words of ours, whatever they are called", () => {
    expect(wordOf("constructor", en)).toBe("Constructor");
    expect(wordIn(en.side, "toString")).toBeUndefined();
  });

  it("keep their own name where a row’s cell is no stage", () => {
    const origin = (kind: string, by?: string) => ({
      question: asked(kind, { by }),
      column: "entered",
      row: ["mql", "mql"],
    });
    expect([0, 1].map((at) => isStage(origin("funnel", "channel"), at))).toEqual([false, true]);
    expect(isStage(origin("credit"), 0)).toBe(false);
    expect(stageName({ stages: [] } as unknown as Words, "mql")).toBe("mql");
  });

  it("become blocks of text and no markup", () => {
    expect(blocks("# One\n\nA *b* <b>c</b>\nd\n\n- x\n- y")).toEqual([
      { kind: "heading", level: 1, spans: [{ text: "One", kind: "plain" }] },
      {
        kind: "paragraph",
        spans: [
          { text: "A ", kind: "plain" },
          { text: "b", kind: "emphasis" },
          { text: " <b>c</b> d", kind: "plain" },
        ],
      },
      {
        kind: "list",
        isOrdered: false,
        items: [[{ text: "x", kind: "plain" }], [{ text: "y", kind: "plain" }]],
      },
    ]);
    expect(spans("2 * 3 * 4")).toEqual([{ text: "2 * 3 * 4", kind: "plain" }]);
  });
});

describe("a campaign", () => {
  it("is the last of its path; what is in no part of one is none", () => {
    expect(["A / B", "A", "A / (other)", "–"].map(campaignOf)).toEqual(["B", "A", null, null]);
  });
});

describe("the wizard", () => {
  const looked = {
    sources: [{ name: "crm" }],
    files: [{ file: "a.csv" }, { file: "b.csv" }],
    questions: [{ field: "dates", text: "Which?", choices: ["dmy", "mdy"] }],
    read_already: [{ file: "a.csv", source: "crm" }],
  } as unknown as Looked;

  it("is where its address says, and at the files where it says none", () => {
    expect(stepOf({ step: "preview" })).toBe("files");
    expect(stepOf({ step: "preview", uploads: "a,b" })).toBe("preview");
    expect(stepOf({ step: "constructor", uploads: "a" })).toBe("files");
    expect(uploadsOf({ uploads: "a,,b" })).toEqual(["a", "b"]);
  });

  it("asks until it is answered", () => {
    expect(openOf(looked, {}).length).toBe(1);
    expect(openOf(looked, answersOf({ dates: "dmy", period: "2025" }))).toEqual([]);
  });

  it("goes on at once only where one source reads every file", () => {
    expect(readerOf(looked)).toBeNull();
    const both = [...looked.read_already, { file: "b.csv", source: "crm" }];
    expect(readerOf({ ...looked, read_already: both })).toBe("crm");
    const two = [...looked.read_already, { file: "b.csv", source: "ads" }];
    expect(readerOf({ ...looked, read_already: two })).toBeNull();
  });
});
