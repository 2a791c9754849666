import { assertSame, listOf } from "../assert.ts";
import type { Method } from "../method.ts";

/** `[Symbol.iterator]`, which `for...of` and spreading call. */
export const iterate: Method = {
  name: "[Symbol.iterator]",
  takes: [],
  weight: 1,
  call: (map) => map[Symbol.iterator](),
  read: (result) => listOf(result as Iterable<unknown>, "[Symbol.iterator]()"),
  answer: (model) => model.entries,
  checks: {
    "gives all entries, in order": (bench) => {
      const { map, model } = bench.filled();
      assertSame(listOf(map, "[...map]"), model.entries, "[...map]");
      const seen: unknown[] = [];
      for (const entry of map) seen.push(entry);
      assertSame(seen, model.entries, "for...of");
    },
    "lets new Map copy the map": (bench) => {
      const { map, model } = bench.filled();
      listOf(map, "[...map]"); // Fails if it does not end; the next line could only run out of memory.
      assertSame([...new Map(map)], model.entries, "new Map(map)");
    },
  },
};
