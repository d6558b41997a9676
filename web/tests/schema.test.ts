//! The types of the API are those of its description: `npm run schema` writes them anew.

import { readFileSync } from "node:fs";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, it } from "vitest";

const text = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

it("knows the API as it is described", async () => {
  const described = JSON.parse(text("../../crates/server/openapi.json"));
  const types = COMMENT_HEADER + astToString(await openapiTS(described));
  const isSame = types.trim() === text("../src/api/schema.ts").trim();
  expect(isSame, "src/api/schema.ts is not what the description says: npm run schema").toBe(true);
});
