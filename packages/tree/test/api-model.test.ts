import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, test } from "vitest";
import { type KeyType, verify } from "../src/index.ts";
import { debugWidths } from "./debug-builds.ts";
import {
  assertLikeModel,
  bigintKeys,
  bytesKeys,
  type KeyKind,
  numberKeys,
  stringKeys,
} from "./map-model.ts";
import { WordMap } from "./word-map.ts";

const words = fc.bigInt(0n, 2n ** 64n - 1n);

describe.each(debugWidths)("width %i", (width) => {
  test.each([stringKeys, bytesKeys, numberKeys, bigintKeys] as unknown as KeyKind<KeyType>[])(
    "a map with $name keys does as a sorted array does",
    (kind) => {
      const create = () => new WordMap<KeyType>({ key: kind.name, width });
      assertLikeModel(kind, words, create, verify, runs(50));
    },
  );
});
