import { assertSame, listOf } from "../assert.ts";
import type { Method } from "../method.ts";
import { rangeChecks } from "../ranges.ts";

export const entries: Method = {
  name: "entries",
  takes: ["range"],
  weight: 2,
  call: (map, { range }) => map.entries(range),
  read: (result) => listOf(result as Iterable<unknown>, "entries()"),
  answer: (model, { range }) => model.range(range),
  checks: {
    ...rangeChecks("entries", (list) => list),
    "gives entries that are the caller's own": (bench) => {
      const { map, model } = bench.filled();
      for (const entry of map.entries()) entry.fill(undefined);
      bench.assertLike(map, model);
      const [one, two] = [map.entries().next().value, map.entries().next().value];
      assertSame(one === two, false, "whether two entries are one array");
    },
  },
};
