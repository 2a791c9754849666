import { assertSame, assertThrowsTypeError, assertTrue } from "../assert.ts";
import type { Method } from "../method.ts";

export const update: Method = {
  name: "update",
  needs: ["update"],
  takes: ["key", "next"],
  weight: 6,
  call: (map, { key, next }) => map.update!(key, () => next),
  answer: (model, { key, next }) => {
    if (next === undefined) model.delete(key);
    else model.set(key, next);
    return next;
  },
  checks: {
    "gives its callback the value and the key, and the key what that returns": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const values = bench.values(present.length + absent.length).reverse();
      for (const [i, key] of [...present, ...absent].entries()) {
        for (const next of [values[i], undefined]) {
          const given: unknown[] = [];
          const change = (...all: unknown[]) => {
            given.push(...all);
            return next;
          };
          assertSame(map.update!(key, change), next, "update");
          assertSame(given, [model.get(key), key], "what the callback is given");
          if (next === undefined) model.delete(key);
          else model.set(key, next);
          bench.assertLike(map, model);
        }
      }
    },
    "calls its callback again if the value changes meanwhile": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const [theirs, mine] = bench.values(2 * present.length + 2).slice(-2);
      for (const key of [present[3], absent[3]]) {
        for (const change of [() => map.set(key, theirs), () => map.delete(key)]) {
          const before = map.get(key);
          const seen: unknown[] = [];
          let now = before;
          const update = (old: unknown) => {
            if (seen.push(old) > 1) return mine;
            change();
            now = map.get(key);
            return mine;
          };
          assertSame(map.update!(key, update), mine, "update");
          const wanted = model.equal(before, now) ? [before] : [before, now];
          assertSame(seen, wanted, "what the callback saw of a value that it changed");
          assertSame(map.get(key), mine, "get, after update");
        }
        model.set(key, mine);
        bench.assertLike(map, model);
      }
    },
    "lets its callback use the map": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const [one, two] = bench.values(2);
      const answer = map.update!(present[0], () => {
        map.set(absent[0], two);
        map.update!(present[1], () => undefined);
        return one;
      });
      assertSame(answer, one, "update");
      model.set(present[0], one);
      model.set(absent[0], two);
      model.delete(present[1]);
      bench.assertLike(map, model);
    },
    "lets what its callback throws through, and changes nothing": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const thrown = new Error("thrown by the callback");
      for (const key of [present[0], absent[0]]) {
        let caught: unknown;
        try {
          map.update!(key, () => {
            throw thrown;
          });
        } catch (error) {
          caught = error;
        }
        assertTrue(caught === thrown, "update must throw what its callback throws");
        for (const none of [undefined, 5, {}]) {
          assertThrowsTypeError(
            () => map.update!(key, none as never),
            "update, without a function,",
          );
        }
      }
      bench.assertLike(map, model);
    },
  },
};
