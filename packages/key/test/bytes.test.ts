import { runInNewContext } from "node:vm";
import { MassTreeBadKeyError, MassTreeKeyTooLongError } from "@masstree/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyCodecs, MAX_KEY_BYTES } from "../src/index.ts";
import { collidingBytes, decode, encode, structuralLengths } from "./helpers.ts";

const codec = keyCodecs.bytes;

test("bytes encode to and decode from themselves", () => {
  fc.assert(
    fc.property(fc.oneof(collidingBytes, fc.uint8Array({ maxLength: 300 })), (key) => {
      expect(encode(codec, key)).toEqual(key);
      expect(decode(codec, key)).toEqual(key);
    }),
  );
});

test.each(structuralLengths)("%i zero bytes decode to themselves", (length) => {
  expect(decode(codec, encode(codec, new Uint8Array(length)))).toEqual(new Uint8Array(length));
});

test("a decoded key has its own buffer", () => {
  const source = new Uint8Array([1, 2, 3, 4]);
  const key = codec.decode(source, 1, 3);
  source.fill(9);
  expect(key).toEqual(new Uint8Array([2, 3]));
  expect(key.buffer.byteLength).toBe(2);
});

test("a Buffer, a view, shared memory and an array from another realm are accepted", () => {
  const expected = new Uint8Array([1, 2, 3]);
  const shared = new Uint8Array(new SharedArrayBuffer(8), 2, 3);
  shared.set(expected);
  expect(encode(codec, Buffer.from([1, 2, 3]))).toEqual(expected);
  expect(encode(codec, new Uint8Array([0, 1, 2, 3]).subarray(1))).toEqual(expected);
  expect(encode(codec, shared)).toEqual(expected);
  expect(encode(codec, runInNewContext("new Uint8Array([1, 2, 3])"))).toEqual(expected);
});

test("other typed arrays and objects that imitate a Uint8Array are refused", () => {
  const fakes: unknown[] = [
    new Uint8ClampedArray(8),
    new Int8Array(8),
    new DataView(new ArrayBuffer(8)),
    new ArrayBuffer(8),
    [1, 2, 3],
    Object.create(Uint8Array.prototype),
    { length: 1, 0: 1, [Symbol.toStringTag]: "Uint8Array" },
  ];
  for (const fake of fakes) {
    expect(() => encode(codec, fake as Uint8Array)).toThrow(MassTreeBadKeyError);
  }
});

test("a key whose buffer was transferred is refused, an empty key is not", () => {
  const key = new Uint8Array([1, 2, 3]);
  structuredClone(key.buffer, { transfer: [key.buffer] });
  expect(() => encode(codec, key)).toThrow(MassTreeBadKeyError);
  expect(() => encode(codec, key)).toThrow(/Transfer a copy/);
  expect(encode(codec, new Uint8Array(new ArrayBuffer(8), 8))).toHaveLength(0);
});

test("a key of 64 KiB fits, one byte more is too long", () => {
  const full = new Uint8Array(MAX_KEY_BYTES).fill(0xff);
  expect(encode(codec, full)).toEqual(full);
  expect(() => encode(codec, new Uint8Array(MAX_KEY_BYTES + 1))).toThrow(MassTreeKeyTooLongError);
});

test("the constructor of a subclass is not called", () => {
  // subarray and slice would call this constructor with a buffer and get 40 zeros.
  class Digest extends Uint8Array {
    constructor(byte: unknown) {
      super(40);
      if (typeof byte === "number") this.fill(byte);
    }
  }
  expect(encode(codec, new Digest(1))).toEqual(new Uint8Array(40).fill(1));
});

test.each([3, 40])("overridden properties of an array of %i bytes are ignored", (length) => {
  const lie = (): never => expect.unreachable();
  for (const name of ["length", "byteLength", "byteOffset", "buffer", "subarray", "slice", "set"]) {
    for (const property of [{ value: -1 }, { get: lie }]) {
      const key = new Uint8Array(new ArrayBuffer(64), 8, length).fill(7);
      Object.defineProperty(key, name, property);
      expect(encode(codec, key)).toEqual(new Uint8Array(length).fill(7));
    }
  }
});

test("a key is refused while its buffer is too short for it", () => {
  const ResizableBuffer = ArrayBuffer as unknown as new (
    length: number,
    options: { maxByteLength: number },
  ) => ArrayBuffer & { resize(length: number): void };
  const buffer = new ResizableBuffer(8, { maxByteLength: 16 });
  const key = new Uint8Array(buffer, 4, 4);
  buffer.resize(2);
  expect(() => encode(codec, key)).toThrow(MassTreeBadKeyError);
  buffer.resize(8);
  expect(encode(codec, key)).toHaveLength(4);
});
