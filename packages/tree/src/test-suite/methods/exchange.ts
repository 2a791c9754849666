import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const exchange: Method = {
  name: "exchange",
  needs: ["exchange"],
  takes: ["key", "value"],
  weight: 3,
  call: (map, { key, value }) => map.exchange!(key, value),
  answer: (model, { key, value }) => {
    const before = model.get(key);
    model.set(key, value);
    return before;
  },
  checks: {
    "gives any key the value, and returns the one before": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const values = bench.values(present.length + absent.length).reverse();
      for (const [i, key] of [...present, ...absent].entries()) {
        assertSame(map.exchange!(key, values[i]), model.get(key), "exchange");
        model.set(key, values[i]);
        bench.assertLike(map, model);
      }
    },
  },
};
