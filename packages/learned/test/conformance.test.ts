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
import { valueKinds } from "../../masstree/test/value-kinds.ts";
import { type KeyType, LearnedMap } from "../src/index.ts";
import { useBuild } from "./builds.ts";

type AnyMap = LearnedMap<unknown, KeyType>;

/** Numbers are in slots; the others, whose options are `value`, in boxes. */
const values: Record<string, ValueKind<unknown> & { readonly value?: unknown }> = {
  ...valueKinds,
  f64: { arbitrary: fc.double(), refused: ["1", 1n, null, undefined, {}, Symbol("1")] },
  i64: {
    arbitrary: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    refused: ["1", 1, null, undefined, 2n ** 63n, -(2n ** 63n) - 1n],
  },
};
const kinds = [numberKeys, bigintKeys] as unknown as KeyKind<KeyType>[];

function checksOf(keys: KeyKind<KeyType>, name: string): readonly MapCheck[] {
  const { value: option = name, ...kind } = values[name]!;
  const options = { key: keys.name, value: option };
  const attachOptions = typeof option === "object" ? { value: option } : {};
  const create = (more: object = {}): AnyMap =>
    new LearnedMap({ ...options, ...more } as never) as unknown as AnyMap;
  return mapChecks({
    create,
    keys,
    values: kind,
    capabilities: {
      ...orderedMapMethods,
      verify: true,
      close: true,
      dispose: true,
      release: true,
      handle: {
        attach: (handle) =>
          LearnedMap.attach<unknown, KeyType>(handle as MapHandle, attachOptions as never),
      },
      options: {
        create: (options) => new LearnedMap(options as never) as unknown as AnyMap,
        refused: [
          null,
          1,
          { key: "string" },
          { value: "text" },
          { value: { encode() {} } },
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
          LearnedMap.fromSorted<unknown, KeyType>(entries, options as never) as unknown as AnyMap,
      },
    },
    inspect: (map) => map.verify(),
    seed,
    runs: runs(name in valueKinds ? 5 : 15),
  });
}

/** Each kind of value with one kind of key, for they do not depend on each other. */
const full = ["number f64", "bigint i64", "number json", "bigint bytes"];

const isModel = ({ group }: MapCheck) => group === "model";

// Everything on the build in which the rare is common; of the published one, what is random.
describe.each(["debug", "published"] as const)("%s build:", (build) => {
  beforeAll(() => useBuild(build));
  describe.each(kinds)("$name keys", (keys) => {
    describe.each(Object.keys(values))("%s values:", (value) => {
      const checks = checksOf(keys, value);
      const all = build === "debug" && full.includes(`${keys.name} ${value}`);
      test.each(all ? checks : checks.filter(isModel))("$name", ({ run }) => run());
    });
  });
});
