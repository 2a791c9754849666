import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const last: Method = {
  name: "last",
  takes: [],
  weight: 1,
  call: (map) => map.last(),
  answer: (model) => model.entries.at(-1),
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
  },
};
