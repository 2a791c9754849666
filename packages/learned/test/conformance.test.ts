// The suite that every map must pass, with each kind of value and each kind of key.
import type { MapHandle } from "@masstree/tree";
import {
  bigintKeys,
  type KeyKind,
  type MapCheck,
  mapChecks,
  numberKeys,
  orderedMapMethods,
  type ValueKind,
} from "@masstree/tree/test-suite";
import { runs, seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { beforeAll, describe, test } from "vitest";
import { type InlineValue, type KeyType, LearnedMap } from "../src/index.ts";
import { useBuild } from "./builds.ts";

type AnyMap = LearnedMap<InlineValue, KeyType>;

const values: Record<string, ValueKind<InlineValue>> = {
  f64: { arbitrary: fc.double(), refused: ["1", 1n, null, undefined, {}, Symbol("1")] },
  i64: {
    arbitrary: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    refused: ["1", 1, null, undefined, 2n ** 63n, -(2n ** 63n) - 1n],
  },
};
const kinds = [numberKeys, bigintKeys] as unknown as KeyKind<KeyType>[];

function checksOf(keys: KeyKind<KeyType>, value: string): readonly MapCheck[] {
  const options = { key: keys.name, value };
  const create = (more: object = {}): AnyMap =>
    new LearnedMap<InlineValue, KeyType>({ ...options, ...more } as never);
  return mapChecks({
    create,
    keys,
    values: values[value]!,
    capabilities: {
      ...orderedMapMethods,
      verify: true,
      close: true,
      dispose: true,
      release: true,
      handle: {
        attach: (handle) => LearnedMap.attach<InlineValue, KeyType>(handle as MapHandle),
      },
      options: {
        create: (options) => new LearnedMap(options as never) as unknown as AnyMap,
        refused: [
          null,
          1,
          { key: "string" },
          { value: "utf8" },
          { width: 15 },
          { expansion: 0.5 },
          { expansion: Number.NaN },
          { rebuildDepth: 0 },
          { rebuildDepth: 65 },
          { tombstoneRatio: 0 },
          { autoRebuild: 1 },
        ],
      },
      full: { create: () => create({ maxBytes: 2 ** 20 }) },
      fromSorted: {
        create: (entries) =>
          LearnedMap.fromSorted<InlineValue, KeyType>(entries, options as never) as AnyMap,
      },
    },
    inspect: (map) => map.verify(),
    seed,
    runs: runs(15),
  });
}

const isModel = ({ group }: MapCheck) => group === "model";

// Everything on the build in which the rare is common; of the published one, what is random.
describe.each(["debug", "published"] as const)("%s build:", (build) => {
  beforeAll(() => useBuild(build));
  describe.each(kinds)("$name keys", (keys) => {
    describe.each(Object.keys(values))("%s values:", (value) => {
      const checks = checksOf(keys, value);
      const all = build === "debug" && (keys.name === "number") === (value === "f64");
      test.each(all ? checks : checks.filter(isModel))("$name", ({ run }) => run());
    });
  });
});
