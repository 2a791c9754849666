import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const getOrInsert: Method = {
  name: "getOrInsert",
  needs: ["getOrInsert"],
  takes: ["key", "value"],
  weight: 3,
  call: (map, { key, value }) => map.getOrInsert!(key, value),
  answer: (model, { key, value }) => {
    if (!model.has(key)) model.set(key, value);
    return model.get(key);
  },
  checks: {
    "inserts the value of a key that is not there, and returns it": (bench) => {
      const { map, model, absent } = bench.filled();
      const values = bench.values(absent.length);
      for (const [i, key] of absent.entries()) {
        assertSame(map.getOrInsert!(key, values[i]), values[i], "getOrInsert");
        model.set(key, values[i]);
        bench.assertLike(map, model);
      }
    },
    "returns the value of a key that is there, and changes nothing": (bench) => {
      const { map, model, present } = bench.filled();
      const values = bench.values(2 * present.length).slice(present.length);
      for (const [i, key] of present.entries()) {
        assertSame(map.getOrInsert!(key, values[i]), model.get(key), "getOrInsert");
      }
      bench.assertLike(map, model);
    },
  },
};
