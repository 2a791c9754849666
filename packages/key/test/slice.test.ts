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

/** The order of two keys as the tree finds it: layer by layer. */
function layerOrder(a: Uint8Array, b: Uint8Array): number {
  for (let offset = 0; ; offset += SLICE_BYTES) {
    const classA = classOf(tagOf(a.length, offset));
    const classB = classOf(tagOf(b.length, offset));
    const order = compareKey(ikeyAt(a, offset), classA, ikeyAt(b, offset), classB);
    if (order !== 0 || classA !== TAG_SUFFIX) return order;
  }
}

test("an ikey is the slice's bytes, the first one highest, with zeros below", () => {
  fc.assert(
    fc.property(collidingBytes, fc.nat(), (key, seed) => {
      const offset = seed % (key.length + 1);
      expect(ikeyAt(key, offset)).toBe(naiveIkey(key, offset));
    }),
    { numRuns: runs(1000) },
  );
});

test("slices compared layer by layer are keys compared byte by byte", () => {
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

  test("is all of its slices, one after another", () => {
    const bytes = new Uint8Array(length + SLICE_BYTES);
    let offset = 0;
    for (; tagOf(length, offset) === TAG_SUFFIX; offset += SLICE_BYTES) {
      storeIkey(bytes, offset, ikeyAt(key, offset));
    }
    storeIkey(bytes, offset, ikeyAt(key, offset));
    expect(bytes.subarray(0, offset + tagOf(length, offset))).toEqual(key);
    expect(bytes.subarray(length).every((byte) => byte === 0)).toBe(true);
  });

  test("is told from zero bytes in its place, and from itself with one more", () => {
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

test("what an earlier, longer key left behind is not seen", () => {
  ikeyAt(new Uint8Array(8).fill(0xff), 0);
  expect(ikeyAt(new Uint8Array([1]), 0)).toBe(0x0100_0000_0000_0000n);
  expect(ikeyAt(new Uint8Array(0), 0)).toBe(0n);
});

test("a suffix and a layer are one class, above all lengths", () => {
  for (let tag = 0; tag <= 8; tag++) expect(classOf(tag)).toBe(tag);
  expect(classOf(TAG_SUFFIX)).toBe(TAG_SUFFIX);
  expect(classOf(TAG_LAYER)).toBe(TAG_SUFFIX);
});

test("ikeys are compared without a sign, before classes", () => {
  const high = 0x8000_0000_0000_0000n;
  const low = 0x7fff_ffff_ffff_ffffn;
  expect(compareKey(high, 0, low, 9)).toBe(1);
  expect(compareKey(low, 9, high, 0)).toBe(-1);
  expect(compareKey(high, 1, high, 2)).toBe(-1);
  expect(compareKey(high, 2, high, 1)).toBe(1);
  expect(compareKey(high, 2, high, 2)).toBe(0);
});

test("an ikey is stored in its 8 bytes and nowhere else", () => {
  const target = new Uint8Array(10);
  storeIkey(target, 1, 0x8102_0304_0506_0708n);
  expect([...target]).toEqual([0, 0x81, 2, 3, 4, 5, 6, 7, 8, 0]);
  expect(() => storeIkey(target, 3, 0n)).toThrow(RangeError);
});

test.each([-1, 4, 0.5, Number.NaN, "0"])(
  "an offset of %s is not within a key of 3 bytes",
  (offset) => {
    expect(() => ikeyAt(new Uint8Array(3), offset as number)).toThrow(MassTreeBadKeyError);
    expect(() => tagOf(3, offset as number)).toThrow(/an offset from 0 to 3/);
  },
);

test("a key that is not encoded is refused", () => {
  expect(() => ikeyAt("abc" as never, 0)).toThrow(MassTreeBadKeyError);
});
