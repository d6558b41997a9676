//! Every act that the server writes down has words in both languages: the log is read by people.

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { de } from "@/lib/i18n/de";
import { en } from "@/lib/i18n/en";

const crates = new URL("../../crates/", import.meta.url);
/** Names of the same shape that are files. */
const FILES = /\.(db|html|txt|json|csv|toml|md)$/;

/** Acts that a crate's sources name, its tests left out. */
function acts(crate: string): string[] {
  const src = new URL(`${crate}/src/`, crates);
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rs") && !/(^|\/)tests(\/|\.rs$)/.test(name))
    .flatMap((name) => {
      const text = readFileSync(new URL(name, src), "utf8").split("#[cfg(test)]")[0] ?? "";
      const lines = text.split("\n").filter((line) => !line.trim().startsWith("//"));
      return [...lines.join("\n").matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map((one) => one[1] ?? "");
    })
    .filter((name) => !FILES.test(name));
}

it("says in both languages what was done", () => {
  const written = [...new Set([...acts("accounts"), ...acts("server")])].sort();
  expect(written).toContain("person.invited");
  expect(written).toContain("answer.exported");
  expect(written.length).toBeGreaterThan(40);
  for (const { settings } of [en, de])
    expect(written.filter((act) => !Object.hasOwn(settings.acts, act))).toEqual([]);
});
