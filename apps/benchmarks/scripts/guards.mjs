// What views of a guard take, as docs/decisions/0022 tells: `get` of one value against a view of the map's own memory, which
// nobody could take back, and against `get` of the map; and `scan` against `entries`. One thread. All take turns, in slices
// of less than a millisecond where that is possible; what is told is the slice that a tenth of them are faster than, so that
// a busy machine does little harm.
//
//   node apps/benchmarks/scripts/guards.mjs [keys of the scan] [slices]

import { MassTree, MassTreeInline } from "../../../packages/masstree/dist/index.js";
import { partsOf } from "../../../packages/tree/dist/index.js";

const [count = 1_000_000, slices = 1000] = process.argv.slice(2).map(Number);
/** Entries of a slice of a scan. */
const SCANNED = 2000;

const hex = (i) => ((i * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, "0");
const keyOf = (i) => Buffer.from(hex(i) + hex(i + 1_000_003)).toString();

let sink = 0;

/** Nanoseconds of one of `turns` in a slice of each contender. */
function race(title, contenders, turns) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let slice = 0; slice < slices; slice++) {
    for (const [name, run] of Object.entries(contenders)) {
      const start = process.hrtime.bigint();
      run(slice);
      times[name].push(Number(process.hrtime.bigint() - start) / turns);
    }
  }
  let unit;
  const all = Object.entries(times).map(([name, list]) => {
    const spent = list.sort((a, b) => a - b)[Math.floor(slices / 10)];
    unit ??= spent;
    return `${name} ${spent.toFixed(0)} ns (${(spent / unit).toFixed(2)})`;
  });
  console.log(`${title}: ${all.join(", ")}`);
}

for (const [length, entries, turns] of [
  [8, 1000, 1000],
  [100, 1000, 1000],
  [4096, 1000, 200],
  [65_536, 200, 20],
  [1_048_576, 32, 1],
]) {
  const map = new MassTree({ value: "bytes" });
  const keys = Array.from({ length: entries }, (_, i) => keyOf(i));
  for (const key of keys) map.set(key, new Uint8Array(length).fill(1));
  const { tree, codec } = partsOf(map);
  // A guard for as many values as a program might look at before it ends it.
  const perGuard = Math.min(turns, 100);
  race(
    `${length} bytes`,
    {
      view(slice) {
        for (let i = 0; i < turns; i++) {
          tree.checkOpen();
          const key = keys[(slice + i) % entries];
          const box = tree.exports.getBox(codec.encode(key, tree.key, 0)) >>> 0;
          const bytes = tree.reach(box).u32[(box - 4) / 4];
          const view = new Uint8Array(tree.reach(box + bytes).bytes.buffer, box, bytes);
          tree.exports.unpin();
          sink += view[length - 1];
        }
      },
      guard(slice) {
        for (let i = 0; i < turns; ) {
          const guard = map.pin();
          for (let j = 0; j < perGuard; j++, i++) {
            sink += guard.get(keys[(slice + i) % entries])[length - 1];
          }
          guard.dispose();
        }
      },
      get(slice) {
        for (let i = 0; i < turns; i++) sink += map.get(keys[(slice + i) % entries])[length - 1];
      },
    },
    turns,
  );
  map.close();
}

const keys = Array.from({ length: count }, (_, i) => keyOf(i));
const sorted = keys.toSorted();
for (const [name, map, makeValue] of [
  ["u32 in slots", new MassTreeInline({ value: "u32" }), (i) => i],
  ["utf8", new MassTree({ value: "utf8" }), (i) => `value ${i}`],
  ["bytes", new MassTree({ value: "bytes" }), (i) => Buffer.from(`value ${i}`)],
  ["json", new MassTree(), (i) => ({ n: i })],
]) {
  for (let i = 0; i < count; i++) map.set(keys[i], makeValue(i));
  const rangeOf = (slice) => ({
    gte: sorted[(slice * 7_368_787) % (count - SCANNED)],
    limit: SCANNED,
  });
  const visit = (key, value) => {
    sink += key.length + value.length;
  };
  race(
    `a scan of ${count} hex16 keys, ${name}`,
    {
      entries(slice) {
        for (const [key] of map.entries(rangeOf(slice))) sink += key.length;
      },
      scan(slice) {
        const guard = map.pin();
        guard.scan(rangeOf(slice), visit);
        guard.dispose();
      },
    },
    SCANNED,
  );
  map.close();
}
if (sink === 1) console.log(sink);
