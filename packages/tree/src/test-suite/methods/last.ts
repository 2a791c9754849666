import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";
import { rangesOf } from "../ranges.ts";

export const last: Method = {
  name: "last",
  takes: ["range"],
  weight: 1,
  call: (map, { range }) => map.last(range),
  answer: (model, { range }) => model.range(range).at(-1),
  checks: {
    "gives the entry with the greatest key, down to the end": (bench) => {
      const { map, model, present } = bench.filled();
      for (const key of [...present].reverse()) {
        assertSame(map.last(), model.entries.at(-1), "last()");
        map.delete(key);
        model.delete(key);
      }
      assertSame(map.last(), undefined, "last(), of an empty map");
    },
    "gives the last entry of a range": (bench) => {
      const { map, model } = bench.filled();
      for (const range of rangesOf(bench)) {
        assertSame(map.last(range), model.range(range).at(-1), "last, of a range");
      }
    },
  },
};
