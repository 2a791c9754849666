// What views of a guard take, as docs/decisions/0022 tells: `get` of one value against a view of the map's own memory, which
// nobody could take back, and `scan` against `entries` and `values`. One thread, fastest of the rounds, in turns.
//
//   node --expose-gc apps/benchmarks/scripts/guards.mjs [keys of the scan] [rounds]

import { MassTree, MassTreeInline } from "../../../packages/masstree/dist/index.js";
import { partsOf } from "../../../packages/tree/dist/index.js";

const [count = 1_000_000, rounds = 7] = process.argv.slice(2).map(Number);

const hex = (i) => ((i * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, "0");
const keyOf = (i) => Buffer.from(hex(i) + hex(i + 1_000_003)).toString();

/** Nanoseconds of one turn of each, the fastest of the rounds. */
function race(contenders, turns) {
  const best = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      globalThis.gc?.();
      const start = process.hrtime.bigint();
      run();
      const spent = Number(process.hrtime.bigint() - start) / turns;
      best[name] = Math.min(best[name] ?? Infinity, spent);
    }
  }
  return best;
}

function report(title, best) {
  const [[first, unit]] = Object.entries(best);
  const all = Object.entries(best).map(
    ([name, spent]) =>
      `${name} ${spent.toFixed(spent < 1000 ? 1 : 0)} ns (${(spent / unit).toFixed(2)})`,
  );
  console.log(`${title}, in terms of ${first}:\n  ${all.join(", ")}`);
}

let sink = 0;
for (const [length, entries] of [
  [8, 1000],
  [100, 1000],
  [4096, 1000],
  [65_536, 200],
  [1_048_576, 32],
]) {
  const map = new MassTree({ value: "bytes" });
  const keys = Array.from({ length: entries }, (_, i) => keyOf(i));
  for (const key of keys) map.set(key, new Uint8Array(length).fill(1));
  const { tree, codec } = partsOf(map);
  const turns = Math.max(64, Math.min(200_000, Math.round(4e8 / (length + 2000))));
  // A guard for as many values as a program might look at before it ends it.
  const perGuard = Math.max(1, Math.min(100, Math.round(4e6 / length)));
  const best = race(
    {
      view() {
        for (let i = 0; i < turns; i++) {
          tree.checkOpen();
          const box = tree.exports.getBox(codec.encode(keys[i % entries], tree.key, 0)) >>> 0;
          const bytes = tree.reach(box).u32[(box - 4) / 4];
          const view = new Uint8Array(tree.reach(box + bytes).bytes.buffer, box, bytes);
          tree.exports.unpin();
          sink += view[length - 1];
        }
      },
      guard() {
        for (let i = 0; i < turns; ) {
          const guard = map.pin();
          for (let j = 0; j < perGuard; j++, i++) sink += guard.get(keys[i % entries])[length - 1];
          guard.dispose();
        }
      },
      get() {
        for (let i = 0; i < turns; i++) sink += map.get(keys[i % entries])[length - 1];
      },
    },
    turns,
  );
  report(`${length} bytes`, best);
  map.close();
}

for (const [name, map, makeValue] of [
  ["inline u32", new MassTreeInline({ value: "u32" }), (i) => i],
  ["json", new MassTree(), (i) => ({ n: i })],
  ["utf8", new MassTree({ value: "utf8" }), (i) => `value ${i}`],
  ["bytes", new MassTree({ value: "bytes" }), (i) => Buffer.from(`value ${i}`)],
]) {
  for (let i = 0; i < count; i++) map.set(keyOf(i), makeValue(i));
  const best = race(
    {
      entries() {
        for (const [key] of map.entries()) sink += key.length;
      },
      values() {
        for (const value of map.values()) if (value === undefined) sink++;
      },
      forEach() {
        map.forEach((_, key) => {
          sink += key.length;
        });
      },
      scan() {
        const guard = map.pin();
        guard.scan({}, (key, value) => {
          sink += key.length + value.length;
        });
        guard.dispose();
      },
    },
    count,
  );
  report(`a scan of ${count} hex16 keys, ${name}`, best);
  map.close();
}
if (sink === 1) console.log(sink);
