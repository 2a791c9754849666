import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const first: Method = {
  name: "first",
  takes: [],
  weight: 1,
  call: (map) => map.first(),
  answer: (model) => model.entries.at(0),
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
  },
};
