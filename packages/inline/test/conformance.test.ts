// The suite that every map must pass, with each kind of value and each kind of key.
import "./debug.ts";
import { type MapHandle, verify } from "@masstree/tree";
import {
  bigintKeys,
  bytesKeys,
  type KeyKind,
  type MapCheck,
  mapChecks,
  numberKeys,
  orderedMapMethods,
  stringKeys,
  type ValueKind,
} from "@masstree/tree/test-suite";
import { isFull, runs, seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, test } from "vitest";
import { type InlineValue, type KeyType, MassTreeInline } from "../src/index.ts";

type AnyMap = MassTreeInline<InlineValue, KeyType>;

const noNumbers = ["1", 1n, null, undefined, {}, Symbol("1")];
const noBigints = ["1", 1, null, undefined, {}, Symbol("1")];
const values: Record<string, ValueKind<InlineValue>> = {
  u32: {
    arbitrary: fc.oneof(fc.nat(100), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
    refused: [...noNumbers, -1, 2 ** 32, 0.5, Number.NaN],
  },
  i32: { arbitrary: fc.integer(), refused: [...noNumbers, 2 ** 31, -(2 ** 31) - 1, 0.5] },
  f64: { arbitrary: fc.double(), refused: noNumbers },
  u64: { arbitrary: fc.bigInt(0n, 2n ** 64n - 1n), refused: [...noBigints, -1n, 2n ** 64n] },
  i64: {
    arbitrary: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    refused: [...noBigints, 2n ** 63n, -(2n ** 63n) - 1n],
  },
};
const kinds = [stringKeys, bytesKeys, numberKeys, bigintKeys] as unknown as KeyKind<KeyType>[];

function checksOf(keys: KeyKind<KeyType>, value: string, width: number): readonly MapCheck[] {
  const create = (more: object = {}): AnyMap =>
    new MassTreeInline<InlineValue, KeyType>({ key: keys.name, value, width, ...more } as never);
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
      handle: { attach: (handle): AnyMap => MassTreeInline.attach(handle as MapHandle) },
      options: {
        create: (options): AnyMap => new MassTreeInline(options as never) as AnyMap,
        refused: [null, 1, { valeu: "u32" }, { value: "u16" }, { key: "u32" }, { width: 5 }],
      },
      fromSorted: {
        create: (entries): AnyMap =>
          MassTreeInline.fromSorted(entries, {
            key: keys.name,
            value,
            width,
          } as never) as unknown as AnyMap,
      },
      full: { create: () => create({ maxBytes: 2 ** 20 }) },
    },
    inspect: verify,
    seed,
    runs: runs(2, 15),
  });
}

const isModel = ({ group }: MapCheck) => group === "model";

const names = Object.keys(values);

describe.each(kinds)("$name keys", (kind) => {
  describe.each(names)("%s values:", (value) => {
    // Each kind of key with one kind of value, and the other way round: they do not depend on each other.
    const checks = checksOf(kind, value, 15);
    const all = isFull
      ? kind.name === "string" || value === "f64"
      : kinds.indexOf(kind) === names.indexOf(value);
    test.each(all ? checks : checks.filter(isModel))("$name", ({ run }) => run());

    test.each(checksOf(kind, value, 24).filter(isModel))("width 24: $name", ({ run }) => run());
  });
});
