import { assertSame } from "../assert.ts";
import type { Method } from "../method.ts";

export const get: Method = {
  name: "get",
  takes: ["key"],
  weight: 3,
  call: (map, { key }) => map.get(key),
  answer: (model, { key }) => model.get(key),
  checks: {
    "gives each key's value, and undefined for keys that are not there": (bench) => {
      const { map, model, present, absent } = bench.filled();
      for (const key of [...present, ...absent]) assertSame(map.get(key), model.get(key), "get");
    },
    "gives undefined for every key of an empty map": (bench) => {
      const map = bench.create();
      for (const key of bench.keys(10)) assertSame(map.get(key), undefined, "get");
    },
  },
};
