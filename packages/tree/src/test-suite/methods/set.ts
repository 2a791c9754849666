import { assertSame, assertTrue, listOf } from "../assert.ts";
import { type Method, when } from "../method.ts";

export const set: Method = {
  name: "set",
  takes: ["key", "value"],
  weight: 10,
  call: (map, { key, value }) => map.set(key, value),
  read: (result, map) => result === map,
  answer: (model, { key, value }) => {
    model.set(key, value);
    return true;
  },
  checks: {
    "returns the map": (bench) => {
      const map = bench.create();
      const [key] = bench.keys(1);
      for (const value of bench.values(2)) assertTrue(map.set(key, value) === map, "set");
    },
    "gives a key that has a value the new one, and nothing else another": (bench) => {
      const { map, model, present } = bench.filled();
      const fresh = bench.values(3 * present.length).slice(2 * present.length);
      for (const [i, key] of present.entries()) {
        map.set(key, fresh[i]);
        model.set(key, fresh[i]);
        bench.assertLike(map, model);
      }
    },
    "gives back every value as it was": (bench) => {
      const map = bench.create();
      const [key] = bench.keys(1);
      for (const value of bench.values(200)) {
        map.set(key, value);
        assertSame(map.get(key), value, "get, after set");
        assertSame(listOf(map.values(), "values()"), [value], "values(), after set");
      }
    },
    "keeps neither the key nor the value that it was given, but copies": when(
      ({ keys, values }) => Boolean(keys.spoil ?? values.spoil),
      (bench) => {
        const { kind, valueKind } = bench;
        const map = bench.create();
        const { present, model } = bench.filled();
        // Drawn with the same seed: equal to those of the model, and other objects.
        const [keys, values] = [bench.filled().present, bench.values(present.length)];
        for (const [i, key] of keys.entries()) {
          map.set(key, values[i]);
          kind.spoil?.(key);
          valueKind.spoil?.(values[i]);
        }
        bench.assertLike(map, model);
      },
    ),
  },
};
