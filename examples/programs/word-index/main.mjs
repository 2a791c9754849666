// Indexes the words of many files. The threads share the list of files and one index.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { MassTreeInline } from "masstree";
import { readOptions, refuse } from "../support/options.mjs";
import { runWorkers } from "../support/workers.mjs";
import { placeOfWord } from "./keys.mjs";

const usage = `
Indexes the words of files, and says which are the most frequent ones.

  node word-index/main.mjs [--workers N] [--top N] [--find WORD] PATH...

  PATH         a file, or a folder: then all its .md and .txt files
  --workers N  how many threads read files (default: 4)
  --top N      how many words to list (default: 5)
  --find WORD  where a word is; 'run*' stands for all words that begin with 'run'
`;
const options = readOptions(usage, { workers: 4, top: 5, find: "" }, { takesPaths: true });

const files = options.paths.flatMap(filesIn);
if (files.length === 0) refuse("There is no file to index.");

const index = new MassTreeInline({ key: placeOfWord, value: "u32" });
const progress = new MassTreeInline({ value: "u32" });

const start = performance.now();
const shares = await runWorkers(new URL("./worker.mjs", import.meta.url), options.workers, () => ({
  index: index.handle,
  progress: progress.handle,
  files,
}));
const seconds = ((performance.now() - start) / 1000).toFixed(1);

console.log(`${files.length} files, read by ${options.workers} threads in ${seconds} s`);
for (const [i, { read, words }] of shares.entries()) {
  console.log(`  thread ${i + 1}: ${read} files, ${words} words`);
}

const totals = totalsOf(index.entries());
console.log(`${totals.length} different words. The most frequent:`);
for (const { word, count, places } of mostFrequent(totals)) {
  console.log(`  ${word}: ${count}, in ${places} files`);
}

if (options.find !== "") {
  const found = totalsOf(find(options.find.toLowerCase()));
  if (found.length === 0) console.log(`'${options.find}' is in none of them.`);
  for (const { word, count, most } of found) {
    console.log(`${word}: ${count}, of which ${most.count} in ${most.file}`);
  }
}
index.close();
progress.close();

/** The entries of a word, or of all words that begin with what is before a '*'. */
function find(word) {
  if (!word.endsWith("*")) return index.entries({ prefix: [word] });
  const beginning = word.slice(0, -1);
  // Bounds are whole keys. No character is greater than the last one of Unicode.
  return index.entries({ gte: [beginning, ""], lt: [`${beginning}\u{10ffff}`, ""] });
}

/** Adds up the entries of each word, which come one after the other. */
function totalsOf(entries) {
  const totals = [];
  for (const [[word, file], count] of entries) {
    let last = totals.at(-1);
    if (last?.word !== word) {
      last = { word, count: 0, places: 0, most: { file, count } };
      totals.push(last);
    }
    last.count += count;
    last.places++;
    if (count > last.most.count) last.most = { file, count };
  }
  return totals;
}

function mostFrequent(totals) {
  return totals.toSorted((a, b) => b.count - a.count).slice(0, options.top);
}

function filesIn(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return refuse(`There is no file or folder '${path}'.`);
  if (!entry.isDirectory()) return [path];
  return readdirSync(path, { recursive: true })
    .map((name) => join(path, String(name)))
    .filter((name) => /\.(md|txt)$/.test(name) && !name.includes("node_modules"))
    .filter((name) => statSync(name).isFile())
    .sort();
}
