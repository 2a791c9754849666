import { assertSame } from "../assert.ts";
import type { TestedRange } from "../map.ts";
import type { Method } from "../method.ts";

type Name = "floor" | "lower" | "ceiling" | "higher";

/** A method that gives the entry next to a key: the first of a range. */
function neighbour(name: Name, rangeOf: (key: unknown) => TestedRange<unknown>): Method {
  return {
    name,
    needs: ["neighbours"],
    takes: ["key"],
    weight: 1,
    call: (map, { key }) => map[name]!(key),
    answer: (model, { key }) => model.range(rangeOf(key)).at(0),
    checks: {
      "gives the entry next to a key, whether that is there or not": (bench) => {
        const { map, model, present, absent } = bench.filled();
        for (const key of [...present, ...absent]) {
          assertSame(map[name]!(key), model.range(rangeOf(key)).at(0), name);
        }
        map.clear();
        for (const key of present)
          assertSame(map[name]!(key), undefined, `${name}, of an empty map`);
      },
    },
  };
}

export const floor: Method = neighbour("floor", (lte) => ({ lte, reverse: true }));
export const lower: Method = neighbour("lower", (lt) => ({ lt, reverse: true }));
export const ceiling: Method = neighbour("ceiling", (gte) => ({ gte }));
export const higher: Method = neighbour("higher", (gt) => ({ gt }));
