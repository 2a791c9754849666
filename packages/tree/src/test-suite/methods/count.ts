import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";
import { rangesOf } from "../ranges.ts";

export const count: Method = {
  name: "count",
  needs: ["count"],
  takes: ["range"],
  weight: 2,
  call: (map, { range }) => map.count!(range),
  answer: (model, { range }) => model.range(range).length,
  checks: {
    "counts the entries of a range": (bench) => {
      const { map, model } = bench.filled();
      assertSame(map.count!(), model.entries.length, "count()");
      for (const range of rangesOf(bench)) {
        assertSame(map.count!(range), model.range(range).length, "count, of a range");
      }
    },
    "counts more entries than a scan takes at a time": (bench) => {
      const keys = bench.keys(900);
      const { map, model } = bench.mapOf(keys);
      for (const range of [{}, { gt: keys[20] }, { limit: 700 }, { offset: 600, lt: keys[880] }]) {
        assertSame(map.count!(range), model.range(range).length, "count, of 900 entries");
      }
    },
  },
};
