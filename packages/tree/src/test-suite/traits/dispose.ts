import { assertSame, assertThrowsCode } from "../assert.ts";
import type { AnyMap } from "../map.ts";
import type { Trait } from "../method.ts";

/** What `using` calls at the end of its block. */
export function disposeOf(map: AnyMap): (() => unknown) | undefined {
  const symbol: symbol = Symbol.dispose ?? Symbol.for("Symbol.dispose");
  return (map as unknown as Record<symbol, (() => unknown) | undefined>)[symbol];
}

export const dispose: Trait = {
  name: "dispose",
  needs: ["dispose", "close"],
  checks: {
    "closes the map, also one that is closed": (bench) => {
      const map = bench.create();
      for (let round = 0; round < 2; round++) {
        assertSame(disposeOf(map)?.call(map), undefined, "[Symbol.dispose]()");
      }
      const [key] = bench.keys(1);
      assertThrowsCode(() => map.get(key), bench.codes.closed, "get, after [Symbol.dispose]()");
      map.close!();
      bench.forget(map);
    },
  },
};
