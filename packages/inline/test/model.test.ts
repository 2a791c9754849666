import "./debug.ts";
import { verify } from "@masstree/tree";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, test } from "vitest";
import {
  assertLikeModel,
  bigintKeys,
  bytesKeys,
  type KeyKind,
  numberKeys,
  stringKeys,
} from "../../tree/test/map-model.ts";
import { type InlineValue, type KeyType, MassTreeInline } from "../src/index.ts";

const values: Record<string, fc.Arbitrary<InlineValue>> = {
  u32: fc.oneof(fc.nat(100), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  i32: fc.integer(),
  f64: fc.double(),
  u64: fc.bigInt(0n, 2n ** 64n - 1n),
  i64: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
};
const kinds = [stringKeys, bytesKeys, numberKeys, bigintKeys] as unknown as KeyKind<KeyType>[];

describe.each([15, 24] as const)("width %i", (width) => {
  describe.each(kinds)("$name keys", (kind) => {
    test.each(Object.keys(values))("%s values: does as a sorted array does", (value) => {
      const options = { key: kind.name, value, width } as object;
      const create = () => new MassTreeInline<InlineValue, KeyType>(options as never);
      assertLikeModel(kind, values[value]!, create, verify, runs(15));
    });
  });
});
