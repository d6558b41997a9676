// Fails the build when the first page loads more JavaScript than the budget allows, compressed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET = 300 * 1024;
const dist = new URL("../dist", import.meta.url).pathname;
const html = readFileSync(join(dist, "index.html"), "utf8");
const first = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((m) => m[1]));

// What the entry imports without being asked is loaded with it; what it imports lazily is not.
const queue = [...first];
while (queue.length > 0) {
  const name = queue.pop();
  const text = readFileSync(join(dist, name), "utf8");
  for (const [, found] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) {
    const path = `assets/${found}`;
    if (!first.has(path)) {
      first.add(path);
      queue.push(path);
    }
  }
}

const sizes = [...first].map((name) => [
  name,
  gzipSync(readFileSync(join(dist, name)), { level: 9 }).length,
]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
for (const [name, size] of sizes) console.log(`${String(size).padStart(8)}  ${name}`);
console.log(`${String(total).padStart(8)}  JavaScript on first load, gzip; budget ${BUDGET}`);
if (total > BUDGET) {
  console.error("The first page loads too much: split by route, or import less.");
  process.exit(1);
}
