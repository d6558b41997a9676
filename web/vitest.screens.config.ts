import { mergeConfig } from "vitest/config";
import tests from "./vitest.e2e.config";

// Pictures of every page instead of tests: `cargo xtask browser screens`.
export default mergeConfig(
  { ...tests, test: { ...tests.test, include: [] } },
  { test: { include: ["e2e/screens.ts"] } },
);
