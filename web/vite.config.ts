import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The server that answers in development. What is built asks its own origin and no other.
const server = process.env.HANDFAST_SERVER ?? "http://127.0.0.1:8181";

const names = (id: string): string | null => {
  if (!id.includes("node_modules")) return null;
  if (/node_modules\/(react|react-dom|scheduler)\//.test(id)) return "react";
  if (
    /node_modules\/@tanstack\/(react-router|router-core|history|react-query|query-core|store|react-store)/.test(
      id,
    )
  )
    return "road";
  return null;
};

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    // Small files would become data: addresses, which a strict policy for fonts and images refuses.
    assetsInlineLimit: 0,
    // Read by `scripts/size.mjs`, which takes it away.
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: names }] } } },
  },
  server: { proxy: { "/api": server } },
});
