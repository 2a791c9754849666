import { listOf } from "../assert.ts";
import { type Method, when } from "../method.ts";
import { rangeChecks } from "../ranges.ts";

export const values: Method = {
  name: "values",
  takes: ["range"],
  weight: 2,
  call: (map, { range }) => map.values(range),
  read: (result) => listOf(result as Iterable<unknown>, "values()"),
  answer: (model, { range }) => model.range(range).map(([, value]) => value),
  checks: {
    ...rangeChecks("values", (list) => list.map(([, value]) => value)),
    "gives values that are the caller's own": when(
      ({ values }) => values.spoil !== undefined,
      (bench) => {
        const { map, present } = bench.filled();
        const spoil = bench.valueKind.spoil!;
        for (const value of map.values()) spoil(value);
        for (const key of present) spoil(map.get(key));
        bench.assertLike(map, bench.filled().model);
      },
    ),
  },
};
