import { listOf } from "../assert.ts";
import { type Method, when } from "../method.ts";
import { rangeChecks } from "../ranges.ts";

export const keys: Method = {
  name: "keys",
  takes: ["range"],
  weight: 2,
  call: (map, { range }) => map.keys(range),
  read: (result) => listOf(result as Iterable<unknown>, "keys()"),
  answer: (model, { range }) => model.range(range).map(([key]) => key),
  checks: {
    ...rangeChecks("keys", (list) => list.map(([key]) => key)),
    "gives keys that are the caller's own": when(
      ({ keys }) => keys.spoil !== undefined,
      (bench) => {
        const { map } = bench.filled();
        for (const key of map.keys()) bench.kind.spoil!(key);
        bench.assertLike(map, bench.filled().model);
      },
    ),
  },
};
