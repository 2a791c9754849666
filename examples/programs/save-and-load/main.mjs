// Saves a map to a file while workers write to it, loads it again, and shows how damaged files are refused.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MassTree, MassTreeInline } from "masstree";
import { load, save } from "masstree/node";
import { readOptions } from "../support/options.mjs";
import { runWorkers } from "../support/workers.mjs";

/** @typedef {{ title: string, visits: number }} Page */

const usage = `
Saves pages and their visits to a file while threads count visits, and loads them again.

  node save-and-load/main.mjs [--workers N] [--pages N] [--file PATH]

  --workers N  how many threads count visits (default: 2)
  --pages N    how many pages there are (default: 50000)
  --file PATH  a file to keep: loaded at the start if it is there, and replaced at the end.
               Default: a temporary file
`;
const options = readOptions(usage, { workers: 2, pages: 50_000, file: "" });

// Ctrl-C ends what is being done. The file stays whole.
const interruption = new AbortController();
process.once("SIGINT", () => interruption.abort());
const { signal } = interruption;

const folder = await mkdtemp(join(tmpdir(), "save-and-load-"));
const file = options.file === "" ? join(folder, "pages.masstree") : options.file;
/** What the user is to be told instead of an error. */
let refusal;
try {
  await main();
} catch (/** @type {any} */ error) {
  if (refusal === undefined && !signal.aborted) throw error;
  console.error(signal.aborted ? "Interrupted." : refusal);
  process.exitCode = signal.aborted ? 130 : 2;
} finally {
  rmSync(folder, { recursive: true });
}

async function main() {
  const pages = await openPages();
  const control = new MassTreeInline();
  const counting = runWorkers(new URL("./worker.mjs", import.meta.url), options.workers, () => ({
    pages: pages.handle,
    control: control.handle,
  }));
  const areCounting = control.waitFor("counting", { until: (n) => n === options.workers, signal });
  try {
    await Promise.race([areCounting, counting]);
    await saveAndCompare(pages);
  } finally {
    control.set("stop", 1);
  }
  const visits = (await counting).reduce((sum, counted) => sum + counted, 0);
  console.log(`${options.workers} threads counted ${visits > 0 ? "all the while" : "nothing"}.`);
  await showRefusals();
  control.close();
  pages.close();
}

/** The pages of the file, or new ones. */
async function openPages() {
  if (options.file !== "") {
    try {
      const pages = await load(MassTree, file, { signal });
      console.log(`Loaded ${pages.size} pages with ${visitsOf(pages)} visits.`);
      return /** @type {MassTree<Page>} */ (pages);
    } catch (/** @type {any} */ error) {
      if (error.code !== "ENOENT") {
        refusal = `Cannot load '${file}': ${error.message}`;
        throw error;
      }
    }
  }
  return MassTree.fromSorted(newPages());
}

/** @returns {Generator<[string, Page]>} */
function* newPages() {
  for (let i = 1; i <= options.pages; i++) {
    yield [`/page/${String(i).padStart(9, "0")}`, { title: `Page ${i}`, visits: 0 }];
  }
}

/** Saves while the workers count, loads what was saved, and checks it. */
async function saveAndCompare(pages) {
  const before = new Map(pages);
  let shown = 0;
  const saved = await save(pages, file, {
    signal,
    onProgress({ entries, bytes }) {
      const percent = Math.floor((100 * entries) / before.size);
      if (percent < shown + 25 && percent < 100) return;
      shown = percent;
      console.log(`  ${percent} %: ${entries} pages, ${Math.ceil(bytes / 1024)} KB`);
    },
  });
  const after = new Map(pages);
  console.log(`Saved ${saved.entries} pages in ${Math.ceil(saved.bytes / 1024)} KB.`);

  const copy = await load(MassTree, file, { signal });
  copy.verify();
  let between = 0;
  for (const [path, { visits }] of /** @type {MassTree<Page>} */ (copy)) {
    const isFromMeanwhile = before.get(path).visits <= visits && visits <= after.get(path).visits;
    if (isFromMeanwhile) between++;
  }
  if (between !== before.size || copy.size !== before.size) {
    throw new Error("What was loaded is not what was saved.");
  }
  console.log(
    `Loaded ${copy.size} pages. Each has a number of visits from the time of the saving.`,
  );
  copy.close();
}

/** What becomes of files that are not as they were saved. */
async function showRefusals() {
  const good = readFileSync(file);
  const damaged = Buffer.from(good);
  damaged.writeUInt8(damaged.readUInt8(good.length >> 1) ^ 1, good.length >> 1);
  const files = {
    "one bit wrong": damaged,
    "cut off": good.subarray(0, good.length - 10),
    "no saved map": Buffer.from('{"title":"Page 1"}'),
  };
  for (const [what, bytes] of Object.entries(files)) {
    const path = join(folder, "damaged.masstree");
    writeFileSync(path, bytes);
    try {
      (await load(MassTree, path)).close();
      throw new Error(`A file with ${what} was loaded.`);
    } catch (/** @type {any} */ error) {
      if (error.code !== "MASSTREE_BAD_FILE") throw error;
      console.log(`${what}: ${error.message} (${error.code}, offset ${error.offset})`);
    }
  }
}

function visitsOf(pages) {
  let sum = 0;
  for (const { visits } of pages.values()) sum += visits;
  return sum;
}
