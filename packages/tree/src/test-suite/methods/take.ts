import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const take: Method = {
  name: "take",
  needs: ["take"],
  takes: ["key"],
  weight: 3,
  call: (map, { key }) => map.take!(key),
  answer: (model, { key }) => {
    const before = model.get(key);
    model.delete(key);
    return before;
  },
  checks: {
    "removes a key and returns its value, once": (bench) => {
      const { map, model, present, absent } = bench.filled();
      for (const key of absent) assertSame(map.take!(key), undefined, "take, of no key of the map");
      bench.assertLike(map, model);
      for (const key of present) {
        assertSame(map.take!(key), model.get(key), "take");
        assertSame(map.take!(key), undefined, "take, a second time");
        model.delete(key);
        bench.assertLike(map, model);
      }
    },
  },
};
