// Fails the build when the first page loads more JavaScript than the budget allows, compressed: the
// entry, the page at `/`, what the frame fetches by itself at once, and the language that is not English.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET = 300 * 1024;
const dist = new URL("../dist", import.meta.url).pathname;

// Which file is made of which source stands in the manifest, which nobody else needs.
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
rmSync(join(dist, ".vite"), { recursive: true });

/** What is loaded without anybody asking, beside the entry. */
const AT_ONCE = ["src/features/week/page.tsx", "src/app/palette.tsx", "src/lib/i18n/de.ts"];

const first = new Set();
const entries = Object.keys(manifest).filter((name) => manifest[name].isEntry);
const queue = [...entries, ...AT_ONCE];
while (queue.length > 0) {
  const name = queue.pop();
  const made = manifest[name];
  if (!made) throw new Error(`scripts/size.mjs counts ${name}, which is not built as a file`);
  if (first.has(made.file)) continue;
  first.add(made.file);
  // What it imports lazily is not loaded with it.
  queue.push(...(made.imports ?? []));
}
if (entries.length !== 1) throw new Error(`one page has one entry, not ${entries.length}`);

const sizes = [...first]
  .filter((name) => name.endsWith(".js"))
  .map((name) => [name, gzipSync(readFileSync(join(dist, name)), { level: 9 }).length])
  .sort(([, a], [, b]) => b - a);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
for (const [name, size] of sizes) console.log(`${String(size).padStart(8)}  ${name}`);
console.log(`${String(total).padStart(8)}  JavaScript on first load, gzip; budget ${BUDGET}`);
if (total > BUDGET) {
  console.error("The first page loads too much: split by route, or import less.");
  process.exit(1);
}
