// As compare-checkouts.mjs, for what goes over many entries of larger maps: long scans, batches, loading and clearing.
// Loading and clearing cannot be divided, so there is less to choose the fastest from.
//
//   node --expose-gc apps/benchmarks/scripts/compare-batches.mjs <other checkout> [keys] [size] [rounds] [values]
//
// keys: hex16 (16 characters), urls (35), paths (about 180) or int. values: inline, json or utf8.
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [other, kind = "hex16", size = "1000000", rounds = "5", value = "inline"] =
  process.argv.slice(2);
const count = Number(size);

const hex = (i) => ((i * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, "0");
const makers = {
  hex16: (i) => hex(i) + hex(i + 1_000_003),
  urls: (i) => `https://example.com/users/${hex(i).slice(0, 4)}/${hex(i).slice(4)}`,
  paths: (i) =>
    `/home/user/projects/${"workspace/packages/".repeat(6)}${hex(i >> 6)}/node_modules/dependency/lib/${hex(i)}.js`,
  int: (i) => (i * 2_654_435_761) % 2 ** 32,
};
/** A value for number i, and whether two values are equal. */
const values = {
  inline: (i) => i,
  json: (i) => ({ n: i }),
  utf8: (i) => `value ${i}`,
}[value];

// Flat strings, each by itself, in an order that looks random.
const keys = Array.from({ length: count }, (_, i) => {
  const key = makers[kind](i);
  return typeof key === "string" ? Buffer.from(key).toString() : key;
});
const shuffled = keys.map((_, i) => keys[(i * 7_368_787) % count]);
const entries = keys.map((key, i) => [key, values(i)]);
const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));

async function load(checkout) {
  return await import(pathToFileURL(resolve(checkout, "packages/masstree/dist/index.js")).href);
}

function contender({ MassTree, MassTreeInline }) {
  const options = { key: kind === "int" ? "number" : "string" };
  const Class = value === "inline" ? MassTreeInline : MassTree;
  if (value !== "inline") options.value = value;
  // Each yields after about a thousand entries: then it is the other checkout's turn.
  const run = new Function(
    "Class",
    "options",
    "shuffled",
    "entries",
    "sorted",
    "state",
    `const fresh = () => { state.map?.close(); return (state.map = new Class(options)); };
    return {
      *set() { const map = fresh(); for (let i = 0; i < entries.length; ) { map.set(entries[i][0], entries[i][1]); if (++i % 1000 === 0) yield; } },
      *get() { const { map } = state; for (let i = 0; i < shuffled.length; ) { if (map.get(shuffled[i]) === undefined) throw new Error("no entry"); if (++i % 1000 === 0) yield; } },
      *getMany() { const { map } = state; for (let i = 0; i < shuffled.length; ) { map.getMany(shuffled.slice(i, i + 100)); i += 100; if (i % 1000 === 0) yield; } },
      *entries() { let n = 0; for (const [key, value] of state.map.entries()) if (key === value || ++n % 1000 === 0) yield; },
      *keys() { let n = 0; for (const key of state.map.keys()) if (key === undefined || ++n % 1000 === 0) yield; },
      *values() { let n = 0; for (const value of state.map.values()) if (value === undefined || ++n % 1000 === 0) yield; },
      *scan100() { const { map } = state; for (let i = 0; i < shuffled.length; ) { for (const [key, value] of map.entries({ gte: shuffled[i], limit: 100 })) if (key === value) throw new Error("no entry"); i += 100; if (i % 1000 === 0) yield; } },
      *clear() { state.map.clear(); },
      *setMany() { const map = fresh(); for (let i = 0; i < entries.length; i += 1000) { map.setMany(entries.slice(i, i + 1000)); yield; } },
      *setSorted() { const map = fresh(); for (let i = 0; i < sorted.length; ) { map.set(sorted[i][0], sorted[i][1]); if (++i % 1000 === 0) yield; } },
      *entriesSorted() { let n = 0; for (const [key, value] of state.map.entries()) if (key === value || ++n % 1000 === 0) yield; },
      *fromSorted() { state.map.close(); state.map = Class.fromSorted(sorted, options); },
    };`,
  );
  return run(Class, options, shuffled, entries, sorted, {});
}

const here = fileURLToPath(new URL("../../../", import.meta.url));
const contenders = [contender(await load(here)), contender(await load(other))];
/** For each operation and checkout, the least time of each slice in all rounds: others only ever make it longer. */
const fastest = {};
for (let round = -1; round < Number(rounds); round++) {
  for (const name of Object.keys(contenders[0])) {
    globalThis.gc?.();
    const runs = contenders.map((one) => one[name]());
    fastest[name] ??= contenders.map(() => []);
    const best = fastest[name];
    for (let slice = 0, left = 2; left > 0; slice++) {
      left = 0;
      for (const index of (round + slice) % 2 === 0 ? [0, 1] : [1, 0]) {
        const start = performance.now();
        const { done } = runs[index].next();
        const time = performance.now() - start;
        if (round >= 0) best[index][slice] = Math.min(best[index][slice] ?? Infinity, time);
        if (!done) left++;
      }
    }
  }
}

const speed = (times) => count / times.reduce((sum, time) => sum + time, 0) / 1000;
console.log(`${count} ${kind}, ${value}: millions a second`);
console.table(
  Object.fromEntries(
    Object.entries(fastest).map(([name, all]) => {
      const [here, there] = all.map(speed);
      const digits = (number) => Number(number.toFixed(2));
      return [name, { here: digits(here), there: digits(there), ratio: digits(here / there) }];
    }),
  ),
);
