import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";
import { rangesOf } from "../ranges.ts";

export const first: Method = {
  name: "first",
  takes: ["range"],
  weight: 1,
  call: (map, { range }) => map.first(range),
  answer: (model, { range }) => model.range(range).at(0),
  checks: {
    "gives the entry with the least key, down to the end": (bench) => {
      const { map, model, present } = bench.filled();
      for (const key of present) {
        assertSame(map.first(), model.entries.at(0), "first()");
        map.delete(key);
        model.delete(key);
      }
      assertSame(map.first(), undefined, "first(), of an empty map");
    },
    "gives the first entry of a range": (bench) => {
      const { map, model } = bench.filled();
      for (const range of rangesOf(bench)) {
        assertSame(map.first(range), model.range(range).at(0), "first, of a range");
      }
    },
  },
};
