import { assertSame, assertThrowsCode, assertTrue, show } from "../assert.ts";
import type { Method } from "../method.ts";

export const maintain: Method = {
  name: "maintain",
  needs: ["maintain"],
  takes: [],
  weight: 1,
  call: (map) => typeof map.maintain!({ budgetMs: 0.01 }),
  answer: () => "boolean",
  checks: {
    "changes no entry, whatever was removed before": (bench) => {
      const keys = bench.keys(600);
      const { map, model } = bench.mapOf(keys);
      for (const key of keys.slice(100, 500)) {
        map.delete(key);
        model.delete(key);
      }
      for (let i = 0; i < 3; i++) {
        assertTrue(typeof map.maintain!() === "boolean", "maintain must return a boolean");
        bench.assertLike(map, model);
      }
      map.clear();
      map.maintain!({});
      bench.assertLike(map, bench.model());
    },
    "refuses a budget that is none": (bench) => {
      const { map } = bench.filled();
      for (const budgetMs of [-1, Number.NaN, "1", null, 1n, {}]) {
        assertThrowsCode(
          () => map.maintain!({ budgetMs } as never),
          bench.codes.badOption,
          `maintain, with a budget of ${show(budgetMs)},`,
        );
      }
      assertSame(
        typeof map.maintain!({ budgetMs: Number.POSITIVE_INFINITY }),
        "boolean",
        "maintain",
      );
    },
  },
};
