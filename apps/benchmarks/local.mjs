// What one thread pays for a map of a million string keys: CPU time of each operation, heap, and how long a full
// collection takes. CPU time, because it depends less on what else the machine does.
//
//   node --expose-gc apps/benchmarks/local.mjs LocalMassTree | sorted-btree | Map
import { LocalMassTree } from "masstree";
import sortedBTree from "sorted-btree";

const BTree = sortedBTree.default ?? sortedBTree;
const name = process.argv[2];
const makers = {
  LocalMassTree: () => new LocalMassTree(),
  "sorted-btree": () => new BTree(),
  Map: () => new Map(),
};
const map = makers[name]();
const count = 1_000_000;
// Distinct, in no order. Made anew for each step, as keys that come from outside are.
const keyOf = (i) => `user/${(Math.imul(i, 2654435761) >>> 0).toString(36)}/profile`;

function nanoseconds(step) {
  const { user, system } = process.cpuUsage();
  step();
  const used = process.cpuUsage({ user, system });
  return Math.round(((used.user + used.system) * 1000) / count);
}

const each = (use) => () => {
  for (let i = 0; i < count; i++) use(keyOf(i), i);
};
gc();
const before = process.memoryUsage().heapUsed;
const figures = { keys: nanoseconds(each(() => {})) };
figures.set = nanoseconds(each((key, i) => map.set(key, i)));
figures.get = nanoseconds(each((key) => map.get(key)));
let seen = 0;
figures.scan = nanoseconds(() => {
  for (const [, value] of map.entries()) if (value >= 0) seen++;
});
if (seen !== count || map.size !== count) throw new Error(`${seen} of ${count} entries`);
gc();
gc();
const heap = process.memoryUsage().heapUsed - before;
const offHeap = map.stats?.().liveBytes ?? 0;
const pauses = Array.from({ length: 9 }, () => {
  const start = performance.now();
  gc();
  return performance.now() - start;
}).sort((a, b) => a - b);
figures.delete = nanoseconds(each((key) => map.delete(key)));
console.log(name, {
  ...figures,
  "heap bytes per key": Math.round(heap / count),
  "bytes off the heap per key": Math.round(offHeap / count),
  "full collection, ms": Math.round(pauses[4]),
});
