import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The largest reads the whole description of the API, which a busy machine takes its time for.
  test: { include: ["tests/**/*.test.ts"], testTimeout: 60_000 },
});
