import fc from "fast-check";
import { type KeyCodec, MAX_KEY_BYTES } from "../src/index.ts";

const room = MAX_KEY_BYTES + 16;
const offset = 24;
const canary = 0xa5;

// As in a map: shared memory, with other data on both sides of the key.
const target = new Uint8Array(new SharedArrayBuffer(offset + room + 64));

/** Encodes into shared memory, and throws if anything but the key's bytes was written. */
export function encode<K>(codec: KeyCodec<K>, key: K): Uint8Array {
  target.fill(canary);
  const length = codec.encode(key, target, offset);
  for (let i = 0; i < offset; i++) if (target[i] !== canary) throw new Error(`wrote to ${i}`);
  const end = offset + length;
  for (let i = end; i < end + 64; i++) if (target[i] !== canary) throw new Error(`wrote to ${i}`);
  return target.slice(offset, end);
}

/** Decodes from the middle of a private array, between bytes that do not belong to the key. */
export function decode<K>(codec: KeyCodec<K>, bytes: Uint8Array): K {
  const source = new Uint8Array(bytes.length + 10).fill(canary);
  source.set(bytes, 7);
  return codec.decode(source, 7, 7 + bytes.length);
}

/** The order of byte strings, compared byte by byte: the model for all tests here. */
export function byteOrder(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

/** Lengths at or next to the end of a slice. */
export const structuralLengths: readonly number[] = [0, 1, 7, 8, 9, 15, 16, 17, 23, 24, 25, 64];

/** Byte strings that often collide: few distinct bytes, common prefixes, the lengths above. */
export const collidingBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff), { maxLength: 26 })
    .map((bytes) => Uint8Array.from(bytes)),
  fc
    .tuple(
      fc.constantFrom(...structuralLengths),
      fc.constantFrom(0, 0x61, 0xff),
      fc.uint8Array({ maxLength: 3 }),
    )
    .map(([length, byte, tail]) => {
      const bytes = new Uint8Array(length + tail.length).fill(byte);
      bytes.set(tail, length);
      return bytes;
    }),
);
