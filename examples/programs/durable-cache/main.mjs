// A cache that outlives the program: threads read a map in memory, and what they write is in a file as well.
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOptions } from "../support/options.mjs";
import { runWorkers } from "../support/workers.mjs";
import { DurableCache } from "./cache.mjs";

const usage = `
Threads read pages from memory and count visits. A second start finds all of them in the file.

  node durable-cache/main.mjs [--workers N] [--pages N] [--visits N] [--file PATH]

  --workers N  how many threads (default: 2)
  --pages N    how many pages there are in a new file (default: 10000)
  --visits N   how many visits each thread counts (default: 500)
  --file PATH  a file to keep from one run to the next. Default: a temporary file
`;
const options = readOptions(usage, { workers: 2, pages: 10_000, visits: 500, file: "" });

const folder = await mkdtemp(join(tmpdir(), "durable-cache-"));
const file = options.file === "" ? join(folder, "pages.db") : options.file;
try {
  await run("The first start");
  await run("The second start");
} finally {
  rmSync(folder, { recursive: true });
}

/** @param {string} what */
async function run(what) {
  const cache = DurableCache.open(file);
  console.log(`${what} finds ${cache.size} pages in the file.`);
  if (cache.size === 0) cache.setMany(new Map(newPages()));

  const paths = [...newPages()].map(([path]) => path);
  const before = visitsOf(cache, paths);
  const { handles } = cache;
  const reads = await runWorkers(new URL("./worker.mjs", import.meta.url), options.workers, () => ({
    handles,
    paths,
    visits: options.visits,
  }));
  const sum = reads.reduce((sum, count) => sum + count, 0);
  console.log(`  ${options.workers} threads read ${sum} pages from memory,`);
  console.log(`  and counted ${visitsOf(cache, paths) - before} visits.`);
  if (!cache.isInStep()) throw new Error("The map and the store have different pages.");
  await cache.flush();
  cache.close();
}

/** @returns {Generator<[string, import("./cache.mjs").Page]>} */
function* newPages() {
  for (let i = 1; i <= options.pages; i++) {
    yield [`/page/${String(i).padStart(6, "0")}`, { title: `Page ${i}`, visits: 0 }];
  }
}

/**
 * @param {DurableCache} cache
 * @param {string[]} paths
 */
function visitsOf(cache, paths) {
  return paths.reduce((sum, path) => sum + (cache.get(path)?.visits ?? 0), 0);
}
