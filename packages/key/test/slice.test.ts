import { MassTreeBadKeyError } from "@masstree/errors";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  classOf,
  compareKey,
  ikeyAt,
  SLICE_BYTES,
  storeIkey,
  TAG_LAYER,
  TAG_SUFFIX,
  tagOf,
} from "../src/index.ts";
import { byteOrder, collidingBytes, structuralLengths } from "./helpers.ts";

function naiveIkey(key: Uint8Array, offset: number): bigint {
  let ikey = 0n;
  for (let i = offset; i < offset + 8; i++) ikey = (ikey << 8n) | BigInt(key[i] ?? 0);
  return ikey;
}

/** The order of two keys as the tree determines it, layer by layer. */
function layerOrder(a: Uint8Array, b: Uint8Array): number {
  for (let offset = 0; ; offset += SLICE_BYTES) {
    const classA = classOf(tagOf(a.length, offset));
    const classB = classOf(tagOf(b.length, offset));
    const order = compareKey(ikeyAt(a, offset), classA, ikeyAt(b, offset), classB);
    if (order !== 0 || classA !== TAG_SUFFIX) return order;
  }
}

test("an ikey has the slice's bytes, the first one highest, padded with zeros", () => {
  fc.assert(
    fc.property(collidingBytes, fc.nat(), (key, seed) => {
      const offset = seed % (key.length + 1);
      expect(ikeyAt(key, offset)).toBe(naiveIkey(key, offset));
    }),
    { numRuns: runs(1000) },
  );
});

test("comparing slices layer by layer gives the same order as comparing byte by byte", () => {
  fc.assert(
    fc.property(collidingBytes, collidingBytes, (a, b) => {
      expect(layerOrder(a, b)).toBe(byteOrder(a, b));
      expect(layerOrder(a, Uint8Array.from([...a, ...b]))).toBe(b.length === 0 ? 0 : -1);
    }),
    { numRuns: runs(1000) },
  );
});

describe.each(structuralLengths)("a key of %i bytes", (length) => {
  const key = Uint8Array.from({ length }, (_, i) => i + 1);

  test("equals its slices, one after the other", () => {
    const bytes = new Uint8Array(length + SLICE_BYTES);
    let offset = 0;
    for (; tagOf(length, offset) === TAG_SUFFIX; offset += SLICE_BYTES) {
      storeIkey(bytes, offset, ikeyAt(key, offset));
    }
    storeIkey(bytes, offset, ikeyAt(key, offset));
    expect(bytes.subarray(0, offset + tagOf(length, offset))).toEqual(key);
    expect(bytes.subarray(length).every((byte) => byte === 0)).toBe(true);
  });

  test("sorts before the same bytes plus a zero, even if all of them are zeros", () => {
    const zeros = new Uint8Array(length);
    expect(layerOrder(zeros, new Uint8Array(length + 1))).toBe(-1);
    expect(layerOrder(new Uint8Array(length + 1), zeros)).toBe(1);
    expect(layerOrder(key, Uint8Array.from([...key, 0]))).toBe(-1);
    expect(layerOrder(key, key)).toBe(0);
  });

  test("ends in its last slice", () => {
    expect(tagOf(length, length)).toBe(0);
    expect(ikeyAt(key, length)).toBe(0n);
    expect(tagOf(length, 0)).toBe(Math.min(length, TAG_SUFFIX));
  });
});

test("bytes left over from an earlier, longer key are not read", () => {
  ikeyAt(new Uint8Array(8).fill(0xff), 0);
  expect(ikeyAt(new Uint8Array([1]), 0)).toBe(0x0100_0000_0000_0000n);
  expect(ikeyAt(new Uint8Array(0), 0)).toBe(0n);
});

test("a suffix and a layer have the same class, above all lengths", () => {
  for (let tag = 0; tag <= 8; tag++) expect(classOf(tag)).toBe(tag);
  expect(classOf(TAG_SUFFIX)).toBe(TAG_SUFFIX);
  expect(classOf(TAG_LAYER)).toBe(TAG_SUFFIX);
});

test("ikeys are compared as unsigned numbers, before classes", () => {
  const high = 0x8000_0000_0000_0000n;
  const low = 0x7fff_ffff_ffff_ffffn;
  expect(compareKey(high, 0, low, 9)).toBe(1);
  expect(compareKey(low, 9, high, 0)).toBe(-1);
  expect(compareKey(high, 1, high, 2)).toBe(-1);
  expect(compareKey(high, 2, high, 1)).toBe(1);
  expect(compareKey(high, 2, high, 2)).toBe(0);
});

test("storing an ikey writes its 8 bytes and nothing else", () => {
  const target = new Uint8Array(10);
  storeIkey(target, 1, 0x8102_0304_0506_0708n);
  expect([...target]).toEqual([0, 0x81, 2, 3, 4, 5, 6, 7, 8, 0]);
  expect(() => storeIkey(target, 3, 0n)).toThrow(RangeError);
});

test.each([-1, 4, 0.5, Number.NaN, "0"])(
  "an offset of %s is refused for a key of 3 bytes",
  (offset) => {
    expect(() => ikeyAt(new Uint8Array(3), offset as number)).toThrow(MassTreeBadKeyError);
    expect(() => tagOf(3, offset as number)).toThrow(/an offset from 0 to 3/);
  },
);

test("a key that is not encoded is refused", () => {
  expect(() => ikeyAt("abc" as never, 0)).toThrow(MassTreeBadKeyError);
});
