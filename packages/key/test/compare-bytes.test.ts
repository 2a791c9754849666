import { MassTreeBadKeyError, MassTreeKeyTooLongError } from "@masstree/errors";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compareBytes, equalBytes, MAX_KEY_BYTES } from "../src/index.ts";
import { byteOrder, collidingBytes, structuralLengths } from "./helpers.ts";

test("compareBytes and equalBytes agree with a comparison byte by byte", () => {
  fc.assert(
    fc.property(collidingBytes, collidingBytes, collidingBytes, (prefix, x, y) => {
      const a = Uint8Array.from([...prefix, ...x]);
      const b = Uint8Array.from([...prefix, ...y]);
      expect(compareBytes(a, b)).toBe(byteOrder(a, b));
      expect(compareBytes(a, prefix)).toBe(byteOrder(a, prefix));
      expect(compareBytes(a, a.slice())).toBe(0);
      expect(equalBytes(a, b)).toBe(byteOrder(a, b) === 0);
      expect(equalBytes(a, a.slice())).toBe(true);
    }),
    { numRuns: runs(1000) },
  );
});

test("a single different byte is found at every index and every length up to 40", () => {
  for (let length = 1; length <= 40; length++) {
    for (let i = 0; i < length; i++) {
      const a = new Uint8Array(length).fill(0x80);
      const b = a.slice();
      b[i] = 0x7f;
      // The bytes after it would give the opposite order: the first difference decides.
      a.fill(0, i + 1);
      expect(compareBytes(a, b)).toBe(1);
      expect(compareBytes(b, a)).toBe(-1);
      expect(equalBytes(a, b)).toBe(false);
    }
  }
});

test.each(structuralLengths)(
  "%i bytes sort before the same bytes plus one, zero or not",
  (length) => {
    const key = new Uint8Array(length);
    for (const byte of [0, 0xff]) {
      const longer = Uint8Array.from([...key, byte]);
      expect(compareBytes(key, longer)).toBe(-1);
      expect(compareBytes(longer, key)).toBe(1);
      expect(equalBytes(key, longer)).toBe(false);
    }
  },
);

test("keys of 64 KiB are compared up to their last byte, longer keys are refused", () => {
  const a = new Uint8Array(MAX_KEY_BYTES).fill(7);
  const b = a.slice();
  expect(compareBytes(a, b)).toBe(0);
  expect(equalBytes(a, b)).toBe(true);
  b[MAX_KEY_BYTES - 1] = 8;
  expect(compareBytes(a, b)).toBe(-1);
  expect(equalBytes(a, b)).toBe(false);
  const longer = new Uint8Array(MAX_KEY_BYTES + 1);
  expect(() => compareBytes(longer, a)).toThrow(MassTreeKeyTooLongError);
  expect(() => equalBytes(a, longer)).toThrow(MassTreeKeyTooLongError);
});

test("a key that is not encoded is refused", () => {
  expect(() => compareBytes("a" as never, new Uint8Array(1))).toThrow(MassTreeBadKeyError);
  expect(() => equalBytes(new Uint8Array(1), 1 as never)).toThrow(MassTreeBadKeyError);
});
