// Writes .br and .gz beside each file of the build, so that the server compresses nothing twice.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = new URL("../dist", import.meta.url).pathname;
const wanted = /\.(js|css|html|svg|json)$/;

const walk = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });

for (const path of walk(dist).filter((path) => wanted.test(path))) {
  const bytes = readFileSync(path);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, quality));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}

// Says to whoever walks the tree that this folder is made and not written.
writeFileSync(join(dist, "CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n");
