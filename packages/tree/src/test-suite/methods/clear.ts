import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const clear: Method = {
  name: "clear",
  takes: ["range"],
  weight: 1,
  call: (map, { range }) => map.clear(range),
  answer: (model, { range }) => {
    const gone = model.range(range);
    for (const [key] of gone) model.delete(key);
    return gone.length;
  },
  checks: {
    "removes every key, of a map of any size, and says how many": (bench) => {
      for (const count of [0, 1, 30, 600]) {
        const keys = bench.keys(count);
        const { map } = bench.mapOf(keys);
        assertSame(map.clear(), count, "clear");
        bench.assertLike(map, bench.model());
        assertSame([map.first(), map.last()], [undefined, undefined], "first and last");
        for (const key of keys) assertSame(map.has(key), false, "has, after clear");
        bench.finish(map);
      }
    },
    "removes what is in a range, and nothing else": (bench) => {
      const keys = bench.keys(600);
      for (const range of [
        { gt: keys[100], lte: keys[550] },
        { lt: keys[300] },
        { gte: keys[300], limit: 5 },
        { gte: keys[300], limit: 270, reverse: true },
        { offset: 20, limit: 300 },
        { limit: 0 },
        {},
      ]) {
        const { map, model } = bench.mapOf(keys);
        const gone = model.range(range);
        assertSame(map.clear(range), gone.length, "clear, of a range");
        for (const [key] of gone) model.delete(key);
        bench.assertLike(map, model);
        bench.finish(map);
      }
    },
    "leaves a map that can be filled again": (bench) => {
      const { map, model } = bench.filled();
      for (let round = 0; round < 3; round++) {
        map.clear();
        for (const [key, value] of model.entries) map.set(key, value);
        bench.assertLike(map, model);
      }
    },
  },
};
