import { assertSame, assertThrowsTypeError, assertTrue } from "../assert.ts";
import type { Method } from "../method.ts";

export const getOrInsertComputed: Method = {
  name: "getOrInsertComputed",
  needs: ["getOrInsertComputed"],
  takes: ["key", "value"],
  weight: 3,
  refuses: (_, isThere) => !isThere,
  call: (map, { key, value }) => map.getOrInsertComputed!(key, () => value),
  answer: (model, { key, value }) => {
    if (!model.has(key)) model.set(key, value);
    return model.get(key);
  },
  checks: {
    "asks for the value of a key that is not there, by its key, and for no other": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const values = bench.values(absent.length);
      for (const [i, key] of absent.entries()) {
        const asked: unknown[] = [];
        const compute = (...given: unknown[]) => {
          asked.push(...given);
          return values[i];
        };
        assertSame(map.getOrInsertComputed!(key, compute), values[i], "getOrInsertComputed");
        assertSame(asked, [key], "what the callback is given");
        model.set(key, values[i]);
      }
      const never = () => assertTrue(false, "The callback ran for a key that is there");
      for (const key of present) {
        assertSame(map.getOrInsertComputed!(key, never), model.get(key), "getOrInsertComputed");
      }
      bench.assertLike(map, model);
    },
    "lets its callback use the map, and keeps what that put there": (bench) => {
      const { map, model, absent } = bench.filled();
      const [mine, theirs, other] = bench.values(3);
      const [key, next] = absent;
      const answer = map.getOrInsertComputed!(key, () => {
        map.set(key, theirs);
        map.set(next, other);
        return mine;
      });
      assertSame(answer, theirs, "getOrInsertComputed, whose callback sets the key");
      model.set(key, theirs);
      model.set(next, other);
      bench.assertLike(map, model);
    },
    "lets what its callback throws through, and changes nothing": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const thrown = new Error("thrown by the callback");
      let caught: unknown;
      try {
        map.getOrInsertComputed!(absent[0], () => {
          throw thrown;
        });
      } catch (error) {
        caught = error;
      }
      assertTrue(caught === thrown, "getOrInsertComputed must throw what its callback throws");
      for (const none of [undefined, 5, {}]) {
        for (const key of [present[0], absent[0]]) {
          const call = () => map.getOrInsertComputed!(key, none as never);
          assertThrowsTypeError(call, "getOrInsertComputed, without a function,");
        }
      }
      bench.assertLike(map, model);
    },
  },
};
