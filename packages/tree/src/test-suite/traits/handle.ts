import { assertSame, assertThrowsCode, assertTrue, show } from "../assert.ts";
import { able, type Trait, when } from "../method.ts";

export const handle: Trait = {
  name: "handle",
  needs: ["handle"],
  checks: {
    "is always one frozen object": (bench) => {
      const map = bench.create();
      const { handle } = map;
      assertTrue(map.handle === handle, "handle must always be the same object");
      assertTrue(Object.isFrozen(map.handle), "handle must be frozen");
    },
    "leads to the same map, from both sides": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const other = bench.attach(map);
      bench.assertLike(other, model);
      const [value] = bench.values(1);
      for (const [one, two] of [
        [map, other],
        [other, map],
      ] as const) {
        for (const key of [present.pop(), absent.pop()]) {
          one.set(key, value);
          model.set(key, value);
          bench.assertLike(two, model);
          assertSame(two.delete(key), true, "delete, of what another object has set");
          model.delete(key);
          bench.assertLike(one, model);
        }
      }
    },
    "is shown to iterators of other objects as the map changes": (bench) => {
      const { map, present } = bench.filled();
      const other = bench.attach(map);
      const iterator = other.keys();
      iterator.next();
      for (const key of present) map.delete(key);
      for (const _ of iterator);
      assertSame(other.size, 0, "size");
    },
    "can be cloned and spread": (bench) => {
      const { map, model } = bench.filled();
      const { attach } = bench.capabilities.handle!;
      for (const handle of [structuredClone(map.handle), { ...(map.handle as object) }]) {
        bench.assertLike(bench.keep(attach(handle)), model);
      }
    },
    "outlives the map that gave it": when(able("close"), (bench) => {
      const { map, model } = bench.filled();
      const { handle } = map;
      bench.finish(map);
      bench.assertLike(bench.keep(bench.capabilities.handle!.attach(handle)), model);
    }),
    "can be attached to and left any number of times": when(able("close"), (bench) => {
      const { map, model } = bench.filled();
      for (let round = 0; round < 100; round++) {
        const other = bench.capabilities.handle!.attach(map.handle);
        assertSame(other.size, model.entries.length, "size");
        other.close!();
      }
      bench.assertLike(map, model);
    }),
    "is refused if it is none": (bench) => {
      const { map, model } = bench.filled();
      const { attach } = bench.capabilities.handle!;
      const { handle } = map as { handle: Record<string, unknown> };
      const incomplete = Object.keys(handle).map((name) => ({ ...handle, [name]: undefined }));
      const throwing = Object.defineProperty({}, Object.keys(handle)[0]!, {
        get() {
          throw new Error("the caller's own");
        },
      });
      for (const bad of [
        ...[undefined, null, "handle", 5, true, {}, [], Object.create(null), () => {}, map],
        ...incomplete,
        throwing,
      ]) {
        const what = `attach, to ${bad === map ? "a map" : show(bad)}`;
        assertThrowsCode(() => bench.keep(attach(bad)), bench.codes.badHandle, what);
      }
      bench.assertLike(bench.attach(map), model);
    },
  },
};
