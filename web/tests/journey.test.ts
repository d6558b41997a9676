//! A journey is drawn from the columns of its answer and from no words in its texts.

import { describe, expect, it } from "vitest";
import type { Rows } from "@/lib/answer";
import type { Cell } from "@/lib/cell";
import { bands, deals, dots, flags, peopleIn, personOf, sideOf } from "@/lib/journey";

const IDS = [
  "when",
  "pursuit",
  "what",
  "stage",
  "detail",
  "person",
  "team",
  "deal",
  "touch",
  "status",
  "amount",
];
const TEAMS = [
  { id: "demand", side: "marketing" },
  { id: "ae-north", side: "sales" },
  { id: "resellers", side: "partner" },
];
const END = new Date("2025-12-31");

function answer(...rows: Record<string, Cell>[]): Rows {
  return {
    columns: IDS.map((id) => ({ id, type: "text", means: "" })),
    rows: rows.map((row) => IDS.map((id) => row[id] ?? null)),
  };
}

const eur = (minor: number) => ({ minor, currency: "EUR" });
const deal = (when: string, status: Cell, amount: Cell = null, detail = "") => ({
  when,
  what: "deal",
  deal: "D-1",
  status,
  amount,
  detail,
});

describe("a journey", () => {
  it("has a deal that was lost and opened again as open, to the end", () => {
    const [bar] = deals(
      answer(
        deal("2025-01-01", "open", eur(100)),
        deal("2025-02-01", "lost"),
        deal("2025-03-01", "open"),
      ),
      END,
    );
    expect(bar?.status).toBe("open");
    expect(bar?.until).toEqual(END);
    expect(bar?.turns.map((turn) => turn.status)).toEqual(["open", "lost", "open"]);
  });

  it("counts people by their numbers, each once, and a line of nobody is nobody's", () => {
    const of = answer({ person: "person 1" }, { person: "person 2" }, { person: "person 1" }, {});
    expect(peopleIn(of)).toBe(2);
    expect(of.rows.map((row) => personOf(of, row))).toEqual([1, 2, 1, null]);
  });

  it("believes no text that merely says “status won”", () => {
    const [bar] = deals(answer(deal("2025-01-01", "open", null, "note status won")), END);
    expect(bar?.status).toBe("open");
  });

  it("keeps amounts below nought, and each only once", () => {
    const [bar] = deals(
      answer(
        deal("2025-01-01", "open", eur(-500)),
        deal("2025-02-01", "open", eur(-500)),
        deal("2025-03-01", "open", eur(700)),
      ),
      END,
    );
    expect(bar?.steps.map((step) => step.amount.minor)).toEqual([-500, 700]);
  });

  it("takes a deal’s end from its pursuit only where no row of the deal says one", () => {
    const end = { when: "2025-04-01", what: "pursuit ends: won", deal: "D-1" };
    const [silent] = deals(answer(deal("2025-01-01", null), end), END);
    expect(silent?.status).toBe("won");
    const [told] = deals(answer(deal("2025-01-01", "lost"), end), END);
    expect(told?.status).toBe("lost");
  });

  it("gives each touch the lane of its side, and others a lane of their own", () => {
    const touch = (team: string) => ({ when: "2025-01-01", what: "touch", touch: "call", team });
    const found = dots(
      answer(...["demand", "sales", "ae-north", "resellers", "product", "odd"].map(touch)),
      TEAMS,
    );
    expect(found.map((dot) => `${dot.lane} ${dot.side}`)).toEqual([
      "marketing marketing",
      "sales sales",
      "sales sales",
      "others partner",
      "others product",
      "others unknown",
    ]);
    expect(found.map((dot) => dot.level)).toEqual([0, 0, 1, 0, 1, 2]);
    expect(sideOf(TEAMS, "constructor")).toBe("unknown");
  });

  it("ends the stays of one pursuit and not those of another", () => {
    const enters = (pursuit: number, when: string) => ({
      when,
      pursuit,
      what: "enters",
      stage: "mql",
    });
    const found = bands(
      answer(
        enters(1, "2025-01-01"),
        enters(2, "2025-02-01"),
        { when: "2025-03-01", pursuit: 1, what: "pursuit ends: lost" },
        { when: "2025-05-01", pursuit: 2, what: "leaves", stage: "mql" },
      ),
      END,
    );
    expect(found.map((band) => band.until.toISOString().slice(0, 10))).toEqual([
      "2025-03-01",
      "2025-05-01",
    ]);
  });
});

describe("where a journey contradicts itself", () => {
  const IN_ALL = [...IDS, "issues", "source", "file", "line"];
  const told = (...rows: Record<string, Cell>[]): Rows => ({
    columns: IN_ALL.map((id) => ({ id, type: "text", means: "" })),
    rows: rows.map((row) => IN_ALL.map((id) => row[id] ?? null)),
  });
  const at = (day: string) => `2025-01-${day}T00:00:00Z`;

  it("has a flag with what both sides say, once for a record that has two lines", () => {
    const ended = {
      when: at("02"),
      pursuit: 1,
      deal: "D-1",
      issues: "W0101",
      file: "d.csv",
      line: 4,
    };
    const answer = told(
      { ...ended, what: "deal" },
      { ...ended, what: "pursuit ends: won" },
      { when: at("09"), pursuit: 1, what: "pursuit opens" },
      { when: at("09"), pursuit: 1, what: "touch", file: "t.csv", line: 1 },
    );
    expect(flags(answer)).toEqual([
      { at: new Date(at("02")), line: 0, told: [{ code: "W0101", line: 0, against: 3 }] },
    ]);
  });

  it("holds a mark that went back or came too late against what came before it", () => {
    const answer = told(
      { when: at("01"), pursuit: 1, what: "enters", stage: "sql" },
      { when: at("02"), pursuit: 2, what: "enters", stage: "mql" },
      { when: at("03"), pursuit: 1, what: "mark", issues: "W0109", file: "m.csv", line: 1 },
      { when: at("04"), pursuit: 1, what: "pursuit ends: lost" },
      { when: at("05"), pursuit: 1, what: "mark", issues: "W0104 W0116", file: "m.csv", line: 2 },
      { what: "mark", pursuit: 1, issues: "W0116", file: "m.csv", line: 3 },
    );
    const found = flags(answer).map((flag) => flag.told);
    expect(found).toEqual([
      [{ code: "W0109", line: 2, against: 0 }],
      [{ code: "W0116", line: 4, against: 3 }],
    ]);
  });
});
