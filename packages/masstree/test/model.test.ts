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
import { type KeyType, MassTree, type ValueCodec } from "../src/index.ts";

const dates: ValueCodec<Date> = {
  encode: (date) => new TextEncoder().encode(date.toISOString()),
  decode: (bytes) => new Date(new TextDecoder().decode(bytes)),
};
// As JSON has them: it makes 0 of -0.
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const values: [name: string, value: unknown, arbitrary: fc.Arbitrary<unknown>][] = [
  ["json", undefined, json],
  [
    "utf8",
    "utf8",
    fc.oneof(fc.string({ unit: "binary" }), fc.string({ maxLength: 300, size: "max" })),
  ],
  ["bytes", "bytes", fc.uint8Array({ maxLength: 300, size: "max" })],
  ["custom", dates, fc.date({ noInvalidDate: true })],
];
const kinds = [stringKeys, bytesKeys, numberKeys, bigintKeys] as unknown as KeyKind<KeyType>[];

describe.each([3, 4, 7, 15, 24])("width %i", (width) => {
  describe.each(kinds)("$name keys", (kind) => {
    test.each(values)("%s values: does as a sorted array does", (_, value, arbitrary) => {
      const options = { key: kind.name, value, width } as object;
      const create = () => new MassTree<unknown, KeyType>(options as never);
      assertLikeModel(kind, arbitrary, create, verify, runs(10));
    });
  });
});
