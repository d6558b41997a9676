//! The table of rights that people read is the one that the server decides by.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { RIGHTS, ROLES } from "@/lib/rights";

it("says of each role what the server's own page says", () => {
  const page = readFileSync(new URL("../../docs/reference/rights.md", import.meta.url), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| "));
  const cells = rows.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const head = cells[0] ?? [];
  // Keys of sources are nobody's role, and have the one right that no role has.
  const told = cells
    .slice(1)
    .filter((row) => row[0] !== "ingest")
    .map((row) => [row[0], ROLES.filter((role) => row[head.indexOf(role)] === "yes")]);
  expect(RIGHTS.map(([right, roles]) => [right, ROLES.filter((role) => roles.has(role))])).toEqual(
    told,
  );
});
