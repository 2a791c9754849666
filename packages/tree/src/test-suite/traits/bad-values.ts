import { assertThrowsCode, show } from "../assert.ts";
import { type Trait, when } from "../method.ts";

export const badValues: Trait = {
  name: "values",
  checks: {
    "that are none are refused by every method, and change nothing": when(
      ({ values }) => Boolean(values.refused?.length),
      (bench) => {
        const { map, model, present, absent } = bench.filled();
        for (const { name, takes, call, refuses = () => true } of bench.methods) {
          if (!takes.includes("value")) continue;
          for (const value of bench.valueKind.refused!) {
            for (const key of [present[0], absent[0]]) {
              if (!refuses(value, key === present[0])) continue;
              const what = `${name}, with the value ${show(value)},`;
              assertThrowsCode(
                () => call(map, { key, value, range: {} }),
                bench.codes.badValue,
                what,
              );
              bench.assertLike(map, model);
            }
          }
        }
      },
    ),
    "that are refused leave nothing behind for the next ones": when(
      ({ values }) => Boolean(values.refused?.length),
      (bench) => {
        const { map, model, present } = bench.filled();
        const [value] = bench.values(1);
        for (const refused of bench.valueKind.refused!) {
          const { badValue } = bench.codes;
          assertThrowsCode(() => map.set(present[0], refused), badValue, "set");
          map.set(present[1], value);
          model.set(present[1], value);
          bench.assertLike(map, model);
        }
      },
    ),
  },
};
