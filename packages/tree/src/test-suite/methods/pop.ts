import { assertSame } from "../assert.ts";
import type { TestedRange } from "../map.ts";
import type { Checks, Method } from "../method.ts";
import type { SortedModel } from "../model.ts";
import { rangesOf } from "../ranges.ts";

function popped(model: SortedModel, range: TestedRange<unknown> | undefined, at: 0 | -1): unknown {
  const entry = model.range(range).at(at);
  if (entry !== undefined) model.delete(entry[0]);
  return entry;
}

function checksOf(method: "popFirst" | "popLast", at: 0 | -1): Checks {
  return {
    "takes one entry after the other, to the end": (bench) => {
      const { map, model, present } = bench.filled();
      for (const _ of present) {
        assertSame(map[method]!(), popped(model, {}, at), `${method}()`);
        bench.assertLike(map, model);
      }
      assertSame(map[method]!(), undefined, `${method}(), of an empty map`);
    },
    "takes the entry at the end of a range, and no other": (bench) => {
      for (const range of rangesOf(bench)) {
        const { map, model } = bench.filled();
        assertSame(map[method]!(range), popped(model, range, at), `${method}, of a range`);
        bench.assertLike(map, model);
        bench.finish(map);
      }
    },
  };
}

export const popFirst: Method = {
  name: "popFirst",
  needs: ["pop"],
  takes: ["range"],
  weight: 2,
  call: (map, { range }) => map.popFirst!(range),
  answer: (model, { range }) => popped(model, range, 0),
  checks: checksOf("popFirst", 0),
};

export const popLast: Method = {
  name: "popLast",
  needs: ["pop"],
  takes: ["range"],
  weight: 2,
  call: (map, { range }) => map.popLast!(range),
  answer: (model, { range }) => popped(model, range, -1),
  checks: checksOf("popLast", -1),
};
