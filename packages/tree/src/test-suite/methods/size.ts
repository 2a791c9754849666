import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const size: Method = {
  name: "size",
  takes: [],
  weight: 1,
  call: (map) => map.size,
  answer: (model) => model.entries.length,
  checks: {
    "counts keys, not writes": (bench) => {
      const map = bench.create();
      assertSame(map.size, 0, "size of an empty map");
      const keys = bench.keys(10);
      const [value] = bench.values(1);
      for (const [i, key] of keys.entries()) {
        map.set(key, value);
        map.set(key, value);
        assertSame(map.size, i + 1, "size");
      }
      for (const [i, key] of keys.entries()) {
        map.delete(key);
        map.delete(key);
        assertSame(map.size, keys.length - i - 1, "size");
      }
    },
  },
};
