import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const has: Method = {
  name: "has",
  takes: ["key"],
  weight: 2,
  call: (map, { key }) => map.has(key),
  answer: (model, { key }) => model.has(key),
  checks: {
    "is true for the keys that are there, and false for others": (bench) => {
      const { map, present, absent } = bench.filled();
      for (const key of present) assertSame(map.has(key), true, "has, of a key that is there");
      for (const key of absent) assertSame(map.has(key), false, "has, of another key");
    },
  },
};
