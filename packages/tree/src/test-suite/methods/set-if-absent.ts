import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const setIfAbsent: Method = {
  name: "setIfAbsent",
  needs: ["setIfAbsent"],
  takes: ["key", "value"],
  weight: 3,
  call: (map, { key, value }) => map.setIfAbsent!(key, value),
  answer: (model, { key, value }) => {
    if (model.has(key)) return false;
    model.set(key, value);
    return true;
  },
  checks: {
    "gives a key without a value one, and says so": (bench) => {
      const { map, model, absent } = bench.filled();
      const values = bench.values(absent.length);
      for (const [i, key] of absent.entries()) {
        assertSame(map.setIfAbsent!(key, values[i]), true, "setIfAbsent");
        model.set(key, values[i]);
        bench.assertLike(map, model);
      }
    },
    "changes nothing for a key that has a value, and says so": (bench) => {
      const { map, model, present } = bench.filled();
      const values = bench.values(2 * present.length).slice(present.length);
      for (const [i, key] of present.entries()) {
        assertSame(map.setIfAbsent!(key, values[i]), false, "setIfAbsent, of a key that is there");
      }
      bench.assertLike(map, model);
    },
  },
};
