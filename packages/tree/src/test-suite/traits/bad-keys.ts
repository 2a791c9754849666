import { assertThrowsCode, show } from "../assert.ts";
import type { Bench } from "../bench.ts";
import { type Trait, when } from "../method.ts";

export const badKeys: Trait = {
  name: "keys",
  checks: {
    "that are none are refused by every method, and change nothing": when(
      ({ keys }) => Boolean(keys.refused?.length),
      (bench) => {
        refuse(bench, bench.kind.refused!, bench.codes.badKey);
      },
    ),
    "that are too long are refused by every method, and change nothing": when(
      ({ keys }) => Boolean(keys.tooLong?.length),
      (bench) => {
        refuse(bench, bench.kind.tooLong!, bench.codes.keyTooLong);
      },
    ),
  },
};

function refuse(bench: Bench, keys: readonly unknown[], code: string): void {
  const { map, model } = bench.filled();
  const [value] = bench.values(1);
  for (const { name, takes, call } of bench.methods) {
    if (!takes.includes("key")) continue;
    for (const key of keys) {
      const what = `${name}, of the key ${show(key)},`;
      assertThrowsCode(() => call(map, { key, value, range: {} }), code, what);
      bench.assertLike(map, model);
    }
  }
}
