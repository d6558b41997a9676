import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// In a real browser, against servers of the real binary that the tests start themselves:
// `cargo xtask browser` builds it and names it in HANDFAST.
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    include: ["e2e/**/*.test.ts"],
    globalSetup: "e2e/setup.ts",
    testTimeout: 240_000,
    hookTimeout: 120_000,
    // Two browsers beside two servers keep two processors busy.
    maxWorkers: 2,
    expect: { poll: { timeout: 15_000 } },
  },
});
