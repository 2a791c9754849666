import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const replace: Method = {
  name: "replace",
  needs: ["replace"],
  takes: ["key", "value"],
  weight: 4,
  call: (map, { key, value }) => map.replace!(key, value),
  answer: (model, { key, value }) => {
    const before = model.get(key);
    if (model.has(key)) model.set(key, value);
    return before;
  },
  checks: {
    "gives a key that has a value the new one, and returns the one before": (bench) => {
      const { map, model, present } = bench.filled();
      const fresh = bench.values(2 * present.length).slice(present.length);
      for (const [i, key] of present.entries()) {
        assertSame(map.replace!(key, fresh[i]), model.get(key), "replace");
        model.set(key, fresh[i]);
        bench.assertLike(map, model);
      }
    },
    "changes nothing for a key that is not there, and returns undefined": (bench) => {
      const { map, model, absent } = bench.filled();
      const [value] = bench.values(1);
      for (const key of absent) assertSame(map.replace!(key, value), undefined, "replace");
      bench.assertLike(map, model);
    },
  },
};
