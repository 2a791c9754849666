import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const delete_: Method = {
  name: "delete",
  takes: ["key"],
  weight: 6,
  call: (map, { key }) => map.delete(key),
  answer: (model, { key }) => model.delete(key),
  checks: {
    "removes one key, and says whether it was there": (bench) => {
      const { map, model, present, absent } = bench.filled();
      for (const key of absent) assertSame(map.delete(key), false, "delete, of no key of the map");
      bench.assertLike(map, model);
      for (const key of present) {
        assertSame(map.delete(key), true, "delete");
        assertSame(map.delete(key), false, "delete, a second time");
        model.delete(key);
        bench.assertLike(map, model);
      }
    },
    "leaves room for the key to be set again": (bench) => {
      const { map, model, present } = bench.filled();
      for (const [key, value] of model.entries) {
        map.delete(key);
        map.set(key, value);
      }
      assertSame(map.size, present.length, "size");
      bench.assertLike(map, model);
    },
    "empties a map of many keys, in any order": (bench) => {
      const keys = bench.keys(600);
      for (const order of [keys, [...keys].reverse(), scattered(keys)]) {
        const { map } = bench.mapOf(keys);
        for (const key of order) assertSame(map.delete(key), true, "delete");
        bench.assertLike(map, bench.model());
        bench.finish(map);
      }
    },
  },
};

/** The same, in an order that jumps. 7 must not divide their number. */
function scattered<T>(list: readonly T[]): T[] {
  return list.map((_, i) => list[(i * 7) % list.length]!);
}
