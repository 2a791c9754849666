// Is this checkout as fast as another, such as a worktree of an earlier commit? Both must be built.
//
// One thread has a map of each and lets them take turns, a few hundred calls at a time. Interference of other programs
// only ever makes calls slower: for each such chunk, the fastest of all rounds counts. Where memory happens to lie
// makes a difference of some per cent: there are several runs, each in a new worker, and a ratio is the median of
// theirs. Compare a checkout with itself to see what is noise.
//
//   node apps/benchmarks/scripts/compare-checkouts.mjs <other checkout> [runs] [keys] [count]
//
// `keys` are digits, which is what there is without it, hex16, urls, integers, or the paths of all files below a folder,
// which is a name with a slash in it. Live bytes a key, which do not depend on how busy the machine is, are printed at the end.
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const defaultCount = 50_000;
/** Calls that one map makes before it is the other's turn. */
const chunk = 500;
/** Rounds over all keys, and those before the first that counts. */
const rounds = 20;
const warmUp = 5;

/** Different keys of a kind, in an order that looks random. */
const kinds = {
  digits: (i) => String(scattered(i)),
  hex16: (i) => hex(scattered(i)) + hex(scattered(i ^ 0x5bd1e995)),
  urls: (i) => {
    const word = scattered(i);
    const section = ["articles", "images", "users", "api/v2", "archive", "static"][word % 6];
    const month = `${2000 + ((word >>> 8) % 26)}/${10 + ((word >>> 16) % 12)}`;
    return `https://${["example.org", "masstree.dev", "data.example.com"][word % 3]}/${section}/${month}/${i.toString(36)}`;
  },
  integers: (i) => scattered(i),
};

if (isMainThread) await main(...process.argv.slice(2));
else parentPort.postMessage(await compare(workerData));

function scattered(i) {
  return Math.imul(i, 2_654_435_761) >>> 0;
}

function hex(word) {
  return (word >>> 0).toString(16).padStart(8, "0");
}

/** The paths of all files in a folder, without following links. */
function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

function keysOf(kind, count) {
  if (!kind.includes("/")) return Array.from({ length: count }, (_, i) => kinds[kind](i));
  const order = [...filesIn(resolve(kind))].map((file, i) => [scattered(i), file]);
  order.sort(([a], [b]) => a - b);
  return order.slice(0, count).map(([, file]) => file);
}

/** The speeds of the first checkout as ratios of the second's, by operation, and the bytes a key of both. */
async function compare({ checkouts, kind, count }) {
  const keys = keysOf(kind, count);
  // Whole chunks.
  keys.length -= keys.length % chunk;
  const keyCount = keys.length;
  const contenders = [];
  const bytes = [];
  for (const checkout of checkouts) {
    const { operations, bytesPerKey } = operationsOf(await load(checkout), keys, kind);
    contenders.push(operations);
    bytes.push(bytesPerKey);
  }
  const fastest = {};
  let perKey;
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of Object.keys(contenders[0])) {
      fastest[name] ??= contenders.map(() => new Float64Array(keyCount / chunk).fill(Infinity));
      for (let from = 0; from < keyCount; from += chunk) {
        // Each is the first as often as the other.
        for (const index of (round + from / chunk) % 2 === 0 ? [0, 1] : [1, 0]) {
          const start = performance.now();
          contenders[index][name](from, from + chunk);
          const time = performance.now() - start;
          const best = fastest[name][index];
          if (round >= 0 && time < best[from / chunk]) best[from / chunk] = time;
        }
      }
      if (name === "inline set") perKey ??= bytes.map((measure) => measure());
    }
  }
  const ratios = Object.entries(fastest).map(([name, [a, b]]) => [name, sum(b) / sum(a)]);
  return { ratios: Object.fromEntries(ratios), perKey, keyCount };
}

function load(checkout) {
  return import(pathToFileURL(resolve(checkout, "packages/masstree/dist/index.js")).href);
}

/** Functions that run an operation on the keys from `from` up to `to`. Each has code of its own to be optimised. */
function operationsOf({ MassTree, MassTreeInline }, keys, kind) {
  const key = kind === "integers" ? "number" : "string";
  const inline = new MassTreeInline({ key });
  const texts = new MassTree({ key, value: "utf8" });
  const make = new Function(
    "keys",
    "map",
    "value",
    `let entries;
    return {
      set(from, to) { for (let i = from; i < to; i++) map.set(keys[i], value); },
      update(from, to) { for (let i = from; i < to; i++) map.set(keys[i], value); },
      get(from, to) {
        for (let i = from; i < to; i++) if (map.get(keys[i]) !== value) throw new Error("wrong value");
      },
      scan(from, to) {
        let left = to - from;
        for (const key of map.keys({ gte: keys[from] })) if (--left === 0) break;
      },
      entries(from, to) {
        if (from === 0) entries = map.entries();
        for (let i = from; i < to; i++) if (entries.next().value[1] !== value) throw new Error("wrong value");
      },
      delete(from, to) {
        for (let i = from; i < to; i++) if (!map.delete(keys[i])) throw new Error("no entry");
      },
    };`,
  );
  const prefixed = (prefix, operations) =>
    Object.entries(operations).map(([name, run]) => [`${prefix} ${name}`, run]);
  const operations = Object.fromEntries([
    ...prefixed("inline", make(keys, inline, 1)),
    ...prefixed("utf8", make(keys, texts, "some value")),
  ]);
  return { operations, bytesPerKey: () => inline.stats().liveBytes / inline.size };
}

async function main(other, runs = "5", kind = "digits", count = defaultCount, surplus = undefined) {
  const isKind = kind.includes("/") || Object.hasOwn(kinds, kind);
  const isCount = Number(count) >= chunk;
  if (other === undefined || !(Number(runs) > 0) || !isKind || !isCount || surplus !== undefined) {
    console.error(
      `Usage: node ${process.argv[1]} <other checkout> [runs, 5 if not given] [${Object.keys(kinds).join(" | ")} | folder] [count, ${defaultCount} if not given]`,
    );
    process.exitCode = 1;
    return;
  }
  const here = fileURLToPath(new URL("../../../", import.meta.url));
  const compareInWorker = async (...checkouts) => {
    const workerData = { checkouts, kind, count: Number(count) };
    const [result] = await once(new Worker(new URL(import.meta.url), { workerData }), "message");
    return result;
  };
  let last;
  const ratios = {};
  for (let run = 0; run < runs; run++) {
    if (process.stderr.isTTY) process.stderr.write(`\rrun ${run + 1} of ${runs} `);
    const there = await compareInWorker(other, here);
    last = await compareInWorker(here, other);
    for (const [name, ratio] of Object.entries(last.ratios)) {
      ratios[name] ??= [];
      ratios[name].push(Math.sqrt(ratio / there.ratios[name]));
    }
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const row = (all) => ({
    "speed, here / there": quantile(all, 1 / 2),
    "first quartile": quantile(all, 1 / 4),
    "third quartile": quantile(all, 3 / 4),
  });
  console.table(Object.fromEntries(Object.entries(ratios).map(([name, all]) => [name, row(all)])));
  const [ours, theirs] = last.perKey.map((bytes) => bytes.toFixed(1));
  console.log(
    `${last.keyCount} keys, live bytes a key with inline values: here ${ours}, there ${theirs}`,
  );
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function quantile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Number(sorted[Math.floor(share * (sorted.length - 1))].toFixed(3));
}
