import { MassTreeBadKeyError, MassTreeKeyTooLongError } from "@masstree/errors";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyCodecs, MAX_KEY_BYTES } from "../src/index.ts";
import { byteOrder, decode, encode, structuralLengths } from "./helpers.ts";

const codec = keyCodecs.string;

// Characters of every script and on every border between UTF-8 lengths, in strings on both sides of
// the length from which on the engine's encoder is used.
const unit = fc.oneof(
  fc.constantFrom("\0", "a", "\x7f", "\x80", "é", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff"),
  fc.constantFrom("\u{10000}", "😀", "\u{10ffff}", "\ufeff", "\ufffd"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);
const text = fc.oneof(
  fc.string({ unit, maxLength: 12 }),
  fc.string({ unit, minLength: 30, maxLength: 60 }),
  fc.string({ unit: "binary-ascii", maxLength: 60 }),
);

// Any string that JavaScript can represent: arbitrary 16-bit units.
const anyUnits = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe00f })), {
    maxLength: 60,
  })
  .map((units) => String.fromCharCode(...units));

// A lone surrogate does not survive conversion to UTF-8 and back.
function isWellFormed(text: string): boolean {
  const utf8 = new TextEncoder().encode(text);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(utf8) === text;
}

function codePointOrder(a: string, b: string): number {
  const x = Array.from(a, (point) => point.codePointAt(0)!);
  const y = Array.from(b, (point) => point.codePointAt(0)!);
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] !== y[i]) return x[i]! < y[i]! ? -1 : 1;
  }
  return Math.sign(x.length - y.length);
}

test("a string encodes to its UTF-8", () => {
  fc.assert(
    fc.property(text, (key) => {
      expect(encode(codec, key)).toEqual(new TextEncoder().encode(key));
    }),
    { numRuns: runs(1000) },
  );
});

test("a string encodes to the same bytes at the start of the target, where no view is needed", () => {
  const target = new Uint8Array(new SharedArrayBuffer(MAX_KEY_BYTES + 16));
  fc.assert(
    fc.property(text, (key) => {
      const bytes = new TextEncoder().encode(key);
      target.fill(0xa5, 0, bytes.length + 8);
      expect(codec.encode(key, target, 0)).toBe(bytes.length);
      expect(target.slice(0, bytes.length)).toEqual(bytes);
      expect([...target.subarray(bytes.length, bytes.length + 8)]).toEqual(Array(8).fill(0xa5));
    }),
    { numRuns: runs(1000) },
  );
  expect(() => codec.encode(`${"a".repeat(30)}\ud800`, target, 0)).toThrow(MassTreeBadKeyError);
});

test("a string decodes to itself", () => {
  fc.assert(
    fc.property(text, (key) => {
      expect(decode(codec, encode(codec, key))).toBe(key);
    }),
    { numRuns: runs(1000) },
  );
});

test("the bytes sort in the order of the code points", () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(byteOrder(encode(codec, a), encode(codec, b))).toBe(codePointOrder(a, b));
    }),
    { numRuns: runs(1000) },
  );
});

test("a character above U+FFFF sorts after all others, unlike with JavaScript's `<`", () => {
  expect("\u{10000}" < "\uffff").toBe(true);
  expect(byteOrder(encode(codec, "\u{10000}"), encode(codec, "\uffff"))).toBe(1);
});

test("a string is refused if and only if it has a lone surrogate", () => {
  fc.assert(
    fc.property(anyUnits, (key) => {
      if (isWellFormed(key)) expect(decode(codec, encode(codec, key))).toBe(key);
      else expect(() => encode(codec, key)).toThrow(MassTreeBadKeyError);
    }),
    { numRuns: runs(1000) },
  );
});

describe.each([
  ["a high one at the end", "\ud800"],
  ["a high one before another character", "\ud800a"],
  ["two high ones", "\udbff\udbff"],
  ["a low one", "\udc00"],
  ["a pair in the wrong order", "\udc00\ud800"],
])("a lone surrogate: %s", (_, lone) => {
  test.each(["", "a", "é", "a".repeat(39), "a".repeat(100), "é".repeat(1000)])(
    "is refused after %j",
    (before) => {
      expect(() => encode(codec, before + lone)).toThrow(MassTreeBadKeyError);
      expect(() => encode(codec, before + lone)).toThrow(/toWellFormed/);
      expect(() => encode(codec, lone + before + "\u{10000}".repeat(50))).toThrow(
        MassTreeBadKeyError,
      );
    },
  );
});

test("an engine without isWellFormed refuses the same strings", () => {
  const method = Object.getOwnPropertyDescriptor(String.prototype, "isWellFormed")!;
  Reflect.deleteProperty(String.prototype, "isWellFormed");
  try {
    expect(() => encode(codec, `${"é".repeat(100)}\ud800`)).toThrow(MassTreeBadKeyError);
    expect(encode(codec, "😀".repeat(100))).toHaveLength(400);
  } finally {
    Object.defineProperty(String.prototype, "isWellFormed", method);
  }
});

test.each(structuralLengths)("%i bytes, with and without zeros, decode to themselves", (length) => {
  for (const key of [
    "\0".repeat(length),
    "a".repeat(length),
    "a\0".repeat(length).slice(0, length),
  ]) {
    expect(encode(codec, key)).toHaveLength(length);
    expect(decode(codec, encode(codec, key))).toBe(key);
  }
});

test("ASCII of every length decodes to itself, also with one other character in it", () => {
  const ascii = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (let length = 0; length <= ascii.length; length++) {
    const key = ascii.slice(0, length);
    expect(decode(codec, encode(codec, key))).toBe(key);
    for (let i = 0; i < length; i++) {
      const other = `${key.slice(0, i)}é${key.slice(i + 1)}`;
      expect(decode(codec, encode(codec, other))).toBe(other);
    }
  }
});

test("a leading byte order mark is part of the key", () => {
  for (const key of ["\ufeff", "\ufeffa", `\ufeff${"a".repeat(100)}`]) {
    expect(decode(codec, encode(codec, key))).toBe(key);
  }
});

describe("the limit of 64 KiB", () => {
  test.each([
    ["one byte", "a", 1],
    ["two bytes", "é", 2],
    ["three bytes", "€", 3],
    ["four bytes", "😀", 4],
  ])("counts bytes, not characters: characters of %s", (_, character, bytes) => {
    const fits = character.repeat(Math.floor(MAX_KEY_BYTES / bytes));
    const full = "a".repeat(MAX_KEY_BYTES - fits.length * (bytes / character.length)) + fits;
    expect(encode(codec, full)).toHaveLength(MAX_KEY_BYTES);
    expect(decode(codec, encode(codec, full))).toBe(full);
    expect(() => encode(codec, `${full}a`)).toThrow(MassTreeKeyTooLongError);
    expect(() => encode(codec, `a${full}`)).toThrow(/at most 65536 bytes.*Shorten it/);
  });

  test("refuses a string whose last character crosses it", () => {
    expect(() => encode(codec, `${"a".repeat(MAX_KEY_BYTES - 3)}😀`)).toThrow(
      MassTreeKeyTooLongError,
    );
  });

  test("refuses a huge string without reading it", () => {
    // Half a gigabyte: encoding it would take four times as long as the test allows.
    const huge = "a".repeat(2 ** 29 - 24);
    // Of this process's own time, for the machine may be busy with others.
    const started = process.cpuUsage();
    expect(() => encode(codec, huge)).toThrow(MassTreeKeyTooLongError);
    expect(process.cpuUsage(started).user).toBeLessThan(100_000);
  });
});

test.each([[[0x80]], [[0xc3]], [[0xed, 0xa0, 0x80]], [Array(40).fill(0xff)]])(
  "bytes that are not UTF-8 are refused: %j",
  (bytes) => {
    expect(() => decode(codec, Uint8Array.from(bytes))).toThrow(MassTreeBadKeyError);
    expect(() => decode(codec, Uint8Array.from(bytes))).toThrow(/not UTF-8/);
  },
);

test("a single byte that is not UTF-8 is found at every index and every length up to 40", () => {
  for (let length = 1; length <= 40; length++) {
    for (let i = 0; i < length; i++) {
      const bytes = new Uint8Array(length).fill(0x61);
      bytes[i] = 0x80;
      expect(() => decode(codec, bytes)).toThrow(MassTreeBadKeyError);
    }
  }
});
