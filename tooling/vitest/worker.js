// Programs of worker threads. Workers are Node's, not the test runner's, so nobody compiles their
// TypeScript on the fly: it is bundled here, with what it imports by path; packages stay imports.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const bundled = new Map();

/**
 * @param {URL} source a TypeScript file
 * @param {URL} folder where the bundle goes, within the package whose dependencies it imports
 */
export function workerProgram(source, folder) {
  const found = bundled.get(source.href);
  if (found !== undefined) return found;
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(source)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    packages: "external",
    sourcemap: "inline",
  });
  mkdirSync(folder, { recursive: true });
  const target = new URL(basename(source.pathname).replace(/\.ts$/, ".js"), folder);
  // Test files run side by side and all write the same: each sees a whole file.
  const draft = new URL(`${target.href}.${process.pid}`);
  writeFileSync(draft, outputFiles[0].contents);
  renameSync(draft, target);
  bundled.set(source.href, target);
  return target;
}
