import { mergeConfig } from "vitest/config";
import tests from "./vitest.e2e.config";

// How soon pages and figures are there, as a table: `npm run --silent measure`.
export default mergeConfig(
  { ...tests, test: { ...tests.test, include: [] } },
  { test: { include: ["e2e/measure.ts"] } },
);
