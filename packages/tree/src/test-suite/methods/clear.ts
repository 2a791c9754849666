import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const clear: Method = {
  name: "clear",
  takes: [],
  weight: 1,
  call: (map) => map.clear(),
  read: (_, map) => map.size,
  answer: (model) => {
    model.entries = [];
    return 0;
  },
  checks: {
    "removes every key, of a map of any size": (bench) => {
      for (const count of [0, 1, 30, 600]) {
        const keys = bench.keys(count);
        const { map } = bench.mapOf(keys);
        map.clear();
        bench.assertLike(map, bench.model());
        assertSame([map.first(), map.last()], [undefined, undefined], "first and last");
        for (const key of keys) assertSame(map.has(key), false, "has, after clear");
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
