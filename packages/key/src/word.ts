// The two codecs of fixed size meet the key's 8 bytes here, as two 32-bit halves: 64-bit integers
// in JavaScript are bigints, which allocate.
import type { KeyKind } from "./codec.ts";
import { notEncoded } from "./describe.ts";

/** One 64-bit word, private to the thread, on its way between a key and its bytes. */
export const word: DataView<ArrayBuffer> = new DataView(new ArrayBuffer(8));

/** Writes the word's bytes with the highest first, after its halves were changed. */
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

/** The signed 32-bit number of 4 bytes, highest first. */
export function readHalf(source: Uint8Array, start: number): number {
  return (
    (source[start]! << 24) |
    (source[start + 1]! << 16) |
    (source[start + 2]! << 8) |
    source[start + 3]!
  );
}

/** Throws unless there are 8 bytes from `start` to `end`. */
export function requireWord(kind: KeyKind, start: number, end: number): void {
  if (end - start !== 8) throw notEncoded(kind, `there are ${end - start} of them, not 8`);
}
