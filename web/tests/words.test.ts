//! The book's words: a charter's own, with what it lacks said to be lacking; and whose rows an answer has.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { teamsIn } from "@/lib/answer";
import { charterWords } from "@/lib/book";

it("a stage of nobody's has no team, no side and no limit, said so", () => {
  const stage = { id: "mql", name: "MQL", role: "path", means: "…" };
  const bare = { teams: [], terms: [], dimensions: [], models: [], handoffs: [], zone: "UTC" };
  const words = charterWords({ ...bare, stages: [stage] });
  expect(words.stages).toEqual([{ ...stage, team: null, side: null, max_days: null }]);
  expect(words.currency).toBeNull();
  expect(words).not.toHaveProperty("zone");
});

it("whoever sees rows of some teams only is told which, as the server writes it", () => {
  const source = readFileSync(
    new URL("../../crates/service/src/teams.rs", import.meta.url),
    "utf8",
  );
  // The sentence, its name for one team, and its name for several.
  expect(source).toContain('"only rows of {told}: pursuits, ');
  expect(source).toContain('format!("team {one}")');
  expect(source).toContain('format!("teams {}", several.join(", "))');
  const note = (told: string) =>
    `only rows of ${told}: pursuits, deals and leads that its people had`;
  expect(teamsIn(["robust: …", note("team EMEA")])).toEqual(["EMEA"]);
  expect(teamsIn([note("teams EMEA, North: West")])).toEqual(["EMEA, North: West"]);
  expect(teamsIn(["7 rows of team EMEA"])).toEqual([]);
});
