// Is this checkout as fast as another, such as a worktree of an earlier commit? Both must be built.
//
// One thread has a map of each and lets them take turns, a few hundred calls at a time. Interference of other programs
// only ever makes calls slower: for each such chunk, the fastest of all rounds counts. Where memory happens to lie
// makes a difference of some per cent: there are several runs, each in a new worker, and a ratio is the median of
// theirs. Compare a checkout with itself to see what is noise.
//
//   node apps/benchmarks/scripts/compare-checkouts.mjs <other checkout> [runs]
import { once } from "node:events";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const keyCount = 50_000;
/** Calls that one map makes before it is the other's turn. */
const chunk = 500;
/** Rounds over all keys, and those before the first that counts. */
const rounds = 20;
const warmUp = 5;

if (isMainThread) await main(...process.argv.slice(2));
else parentPort.postMessage(await compare(workerData));

/** The speeds of the first checkout as ratios of the second's, by operation. */
async function compare(checkouts) {
  const contenders = [];
  for (const checkout of checkouts) contenders.push(operationsOf(await load(checkout)));
  const fastest = {};
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
    }
  }
  const ratios = Object.entries(fastest).map(([name, [a, b]]) => [name, sum(b) / sum(a)]);
  return Object.fromEntries(ratios);
}

function load(checkout) {
  return import(pathToFileURL(resolve(checkout, "packages/masstree/dist/index.js")).href);
}

/** Functions that run an operation on the keys from `from` up to `to`. Each has code of its own to be optimised. */
function operationsOf({ MassTree, MassTreeInline }) {
  // Different numbers of up to ten digits, in an order that looks random.
  const keys = Array.from({ length: keyCount }, (_, i) => String((i * 2_654_435_761) % 2 ** 32));
  const inline = new MassTreeInline();
  const texts = new MassTree({ value: "utf8" });
  const make = new Function(
    "keys",
    "map",
    "value",
    `return {
      set(from, to) { for (let i = from; i < to; i++) map.set(keys[i], value); },
      update(from, to) { for (let i = from; i < to; i++) map.set(keys[i], value); },
      get(from, to) {
        for (let i = from; i < to; i++) if (map.get(keys[i]) !== value) throw new Error("wrong value");
      },
      scan(from, to) {
        let left = to - from;
        for (const key of map.keys({ gte: keys[from] })) if (--left === 0) break;
      },
      delete(from, to) {
        for (let i = from; i < to; i++) if (!map.delete(keys[i])) throw new Error("no entry");
      },
    };`,
  );
  const prefixed = (prefix, operations) =>
    Object.entries(operations).map(([name, run]) => [`${prefix} ${name}`, run]);
  return Object.fromEntries([
    ...prefixed("inline", make(keys, inline, 1)),
    ...prefixed("utf8", make(keys, texts, "some value")),
  ]);
}

async function main(other, runs = "5", surplus) {
  if (other === undefined || !(Number(runs) > 0) || surplus !== undefined) {
    console.error(`Usage: node ${process.argv[1]} <other checkout> [runs, 5 if not given]`);
    process.exitCode = 1;
    return;
  }
  const here = fileURLToPath(new URL("../../../", import.meta.url));
  const ratios = {};
  for (let run = 0; run < runs; run++) {
    if (process.stderr.isTTY) process.stderr.write(`\rrun ${run + 1} of ${runs} `);
    const there = await compareInWorker([other, here]);
    for (const [name, ratio] of Object.entries(await compareInWorker([here, other]))) {
      ratios[name] ??= [];
      ratios[name].push(Math.sqrt(ratio / there[name]));
    }
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const row = (all) => ({
    "speed, here / there": quantile(all, 1 / 2),
    "first quartile": quantile(all, 1 / 4),
    "third quartile": quantile(all, 3 / 4),
  });
  console.table(Object.fromEntries(Object.entries(ratios).map(([name, all]) => [name, row(all)])));
}

async function compareInWorker(workerData) {
  const [ratios] = await once(new Worker(new URL(import.meta.url), { workerData }), "message");
  return ratios;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function quantile(numbers, share) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Number(sorted[Math.floor(share * (sorted.length - 1))].toFixed(3));
}
