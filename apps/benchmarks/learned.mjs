// A learned map beside its peers: one thread, bigint keys of one distribution, CPU time, interleaved rounds, medians.
//
//   node apps/benchmarks/learned.mjs [sequential | uniform | lognormal | osm] [keys]
import { LearnedMap } from "@masstree/learned";
import { MassTreeInline } from "masstree";
import sortedBTree from "sorted-btree";

const BTree = sortedBTree.default ?? sortedBTree;
const name = process.argv[2] ?? "sequential";
const count = Number(process.argv[3] ?? 1_000_000);
const looked = Math.min(count, 200_000);
const rounds = 5;

// The same keys each time: xorshift (Marsaglia 2003).
let state = 88172645;
function draw() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}
const normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
const centres = Array.from({ length: 50 }, () => Math.floor(draw() * 2 ** 52));
const makers = {
  sequential: (i) => i,
  uniform: () => Math.floor(draw() * 2 ** 53),
  lognormal: () => Math.floor(Math.exp(normal() * 2) * 1e9),
  osm: () => centres[Math.floor(draw() ** 2 * 50)] + Math.floor(draw() ** 4 * 2 ** 40),
};
const keys = [...new Set(Array.from({ length: count }, (_, i) => makers[name](i)))]
  .sort((a, b) => a - b)
  .map(BigInt);
const order = keys.slice();
for (let i = order.length - 1; i > 0; i--) {
  const j = Math.floor(draw() * (i + 1));
  [order[i], order[j]] = [order[j], order[i]];
}
const wanted = order.slice(0, looked);

/** What `Float64Array` and binary search make of it: the keys are whole numbers below 2^53. */
class SortedArray {
  constructor(entries) {
    this.keys = Float64Array.from(entries, ([key]) => Number(key));
    this.values = Float64Array.from(entries, ([, value]) => value);
  }
  get(wanted) {
    const key = Number(wanted);
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return this.keys[low] === key ? this.values[low] : undefined;
  }
}

const classes = {
  LearnedMap: (entries) => LearnedMap.fromSorted(entries, { key: "bigint" }),
  MassTreeInline: (entries) => MassTreeInline.fromSorted(entries, { key: "bigint" }),
  "sorted-btree": (entries) => new BTree(entries, (a, b) => (a < b ? -1 : a > b ? 1 : 0)),
  Map: (entries) => new Map(entries),
  "sorted array": (entries) => new SortedArray(entries),
};

// CPU time, because it depends less on what else the machine does.
const nanoseconds = (calls, step) => {
  const before = process.cpuUsage();
  step();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / calls;
};
const entries = keys.map((key, i) => [key, i]);
const figures = Object.fromEntries(Object.keys(classes).map((name) => [name, {}]));
const note = (name, what, value) => {
  figures[name][what] ??= [];
  figures[name][what].push(value);
};
const maps = {};
for (const [name, make] of Object.entries(classes)) {
  note(
    name,
    "load",
    nanoseconds(keys.length, () => (maps[name] = make(entries))),
  );
}
let sum = 0;
for (let round = 0; round < rounds; round++) {
  for (const [name, map] of Object.entries(maps)) {
    note(
      name,
      "get",
      nanoseconds(looked, () => {
        for (const key of wanted) sum += map.get(key);
      }),
    );
    if (!map.keys || name === "sorted array") continue;
    note(
      name,
      "scan",
      nanoseconds(keys.length, () => {
        for (const _ of map.keys()) sum++;
      }),
    );
  }
}
// New keys in the midst of those that are there: 10,000 into 100,000.
const few = entries.filter((_, i) => i % Math.ceil(keys.length / 100_000) === 0);
const present = new Set(few.map(([key]) => key));
const fresh = wanted.filter((key) => !present.has(key)).slice(0, 10_000);
for (let round = 0; round < rounds; round++) {
  for (const name of ["LearnedMap", "MassTreeInline", "sorted-btree"]) {
    const map = classes[name](few);
    note(
      name,
      "insert",
      nanoseconds(fresh.length, () => {
        for (const key of fresh) map.set(key, 1);
      }),
    );
    map.close?.();
  }
}
if (Number.isNaN(sum)) throw new Error("a key was not found");
const median = (values) => values?.sort((a, b) => a - b)[values.length >> 1]?.toFixed(0);
console.log(`${name}, ${keys.length} keys; nanoseconds`);
for (const [name, row] of Object.entries(figures)) {
  const stats = maps[name].stats?.();
  console.log(name.padEnd(15), {
    ...Object.fromEntries(Object.entries(row).map(([what, values]) => [what, median(values)])),
    ...(stats && { bytesPerKey: (stats.liveBytes / keys.length).toFixed(1), height: stats.height }),
  });
}
