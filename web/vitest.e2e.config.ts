import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// In a real browser against a real server: HANDFAST_URL names it. A book of the demo is expected.
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    include: ["e2e/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
