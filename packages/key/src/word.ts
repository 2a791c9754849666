// The number and bigint codecs read and write a key's 8 bytes through here, as two 32-bit halves. A
// 64-bit integer would be a bigint in JavaScript, which allocates.
import { type NamedKind, notEncoded } from "./describe.ts";

/** A 64-bit word, private to the thread, that holds a key on the way to or from its bytes. */
export const word: DataView<ArrayBuffer> = new DataView(new ArrayBuffer(8));

/** Writes two 32-bit halves as 8 bytes, highest byte first. Returns 8. */
export function writeHalves(high: number, low: number, target: Uint8Array, offset: number): number {
  target[offset] = high >>> 24;
  target[offset + 1] = high >>> 16;
  target[offset + 2] = high >>> 8;
  target[offset + 3] = high;
  target[offset + 4] = low >>> 24;
  target[offset + 5] = low >>> 16;
  target[offset + 6] = low >>> 8;
  target[offset + 7] = low;
  return 8;
}

/** Reads 4 bytes, highest first, as a signed 32-bit number. */
export function readHalf(source: Uint8Array, start: number): number {
  return (
    (source[start]! << 24) |
    (source[start + 1]! << 16) |
    (source[start + 2]! << 8) |
    source[start + 3]!
  );
}

/** Throws unless there are exactly 8 bytes from `start` to `end`. */
export function requireWord(kind: NamedKind, start: number, end: number): void {
  if (end - start !== 8) throw notEncoded(kind, `there are ${end - start} of them, not 8`);
}
