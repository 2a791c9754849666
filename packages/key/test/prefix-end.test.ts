import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { prefixEnd } from "../src/index.ts";
import { byteOrder, collidingBytes } from "./helpers.ts";

const startsWith = (key: Uint8Array, prefix: Uint8Array) =>
  byteOrder(key.subarray(0, prefix.length), prefix) === 0;

test("a key starts with the prefix if and only if prefix <= key < end", () => {
  fc.assert(
    fc.property(collidingBytes, collidingBytes, fc.boolean(), (prefix, tail, below) => {
      const end = prefixEnd(prefix);
      const keys = [tail, Uint8Array.from([...prefix, ...tail])];
      if (end !== undefined) keys.push(end, Uint8Array.from([...end, ...tail]));
      if (below) keys.push(prefix.subarray(0, -1));
      for (const key of keys) {
        const within =
          byteOrder(prefix, key) <= 0 && (end === undefined || byteOrder(key, end) < 0);
        expect(within).toBe(startsWith(key, prefix));
      }
    }),
    { numRuns: runs(1000) },
  );
});

test.each([
  [[0x61], [0x62]],
  [
    [0x61, 0x00],
    [0x61, 0x01],
  ],
  [[0x61, 0xff], [0x62]],
  [[0x61, 0xff, 0xff], [0x62]],
  [[0xfe, 0xff], [0xff]],
  [
    [0xff, 0xfe, 0xff],
    [0xff, 0xff],
  ],
])("the end of %j is %j", (prefix, end) => {
  const given = Uint8Array.from(prefix);
  expect(prefixEnd(given)).toEqual(Uint8Array.from(end));
  expect(given).toEqual(Uint8Array.from(prefix));
});

test.each([[[]], [[0xff]], [Array(24).fill(0xff)]])(
  "no key is above all keys that start with %j",
  (prefix) => {
    expect(prefixEnd(Uint8Array.from(prefix))).toBeUndefined();
  },
);
