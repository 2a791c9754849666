import { assertSame, assertThrowsCode } from "../assert.ts";
import { type Method, when } from "../method.ts";

export const compareAndSet: Method = {
  name: "compareAndSet",
  needs: ["compareAndSet"],
  fits: ({ values }) => values.comparable !== false,
  takes: ["key", "expected", "next"],
  weight: 6,
  call: (map, { key, expected, next }) => map.compareAndSet!(key, expected, next),
  answer: (model, { key, expected, next }) => {
    if (!model.equal(model.get(key), expected)) return false;
    if (next === undefined) model.delete(key);
    else model.set(key, next);
    return true;
  },
  checks: {
    "changes a value that is the expected one, and no other": (bench) => {
      const { map, model, present } = bench.filled();
      const values = bench.values(2 * present.length).slice(present.length);
      for (const [i, key] of present.entries()) {
        const [wrong, next] = [values[i], values[(i + 1) % values.length]];
        const isThat = model.equal(wrong, model.get(key));
        assertSame(
          map.compareAndSet!(key, wrong, next),
          isThat,
          "compareAndSet, with another value",
        );
        if (isThat) model.set(key, next);
        bench.assertLike(map, model);
        assertSame(map.compareAndSet!(key, model.get(key), next), true, "compareAndSet");
        model.set(key, next);
        bench.assertLike(map, model);
      }
    },
    "takes undefined for no value, before and after": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const values = bench.values(absent.length);
      for (const [i, key] of absent.entries()) {
        const value = values[i];
        assertSame(map.compareAndSet!(key, undefined, undefined), true, "no value for no value");
        assertSame(map.compareAndSet!(key, value, undefined), false, "no value for a value");
        assertSame(map.compareAndSet!(key, value, value), false, "a value for a value");
        bench.assertLike(map, model);
        assertSame(map.compareAndSet!(key, undefined, value), true, "a value for no value");
        model.set(key, value);
        bench.assertLike(map, model);
      }
      for (const key of present) {
        assertSame(map.compareAndSet!(key, undefined, values[0]), false, "a value for no value");
        assertSame(map.compareAndSet!(key, undefined, undefined), false, "no value for no value");
        bench.assertLike(map, model);
        const value = model.get(key);
        assertSame(map.compareAndSet!(key, value, undefined), true, "no value for the value");
        model.delete(key);
        bench.assertLike(map, model);
      }
    },
    "refuses what is no value, as the expected one and as the next": when(
      ({ values }) => Boolean(values.refused?.length),
      (bench) => {
        const { map, model, present, absent } = bench.filled();
        const { badValue } = bench.codes;
        for (const refused of bench.valueKind.refused!) {
          if (refused === undefined) continue;
          for (const key of [present[0], absent[0]]) {
            for (const [expected, next] of [
              [refused, undefined],
              [refused, model.get(present[0])],
              [undefined, refused],
              [model.get(present[0]), refused],
            ]) {
              const compare = () => map.compareAndSet!(key, expected, next);
              assertThrowsCode(compare, badValue, "compareAndSet, with what is no value,");
            }
          }
        }
        bench.assertLike(map, model);
      },
    ),
  },
};
