/**
 * A copy of `source[start..end)` that begins, in a buffer of its own, at the same place between two multiples of 8: engines
 * copy from shared memory by words only if both sides begin alike, and else by bytes, which takes several times as long.
 *
 * @internal
 */
export function copyLike(source: Uint8Array, start: number, end: number): Uint8Array {
  const head = (source.byteOffset + start) & 7;
  const copy = new Uint8Array(new ArrayBuffer(head + end - start), head);
  copy.set(source.subarray(start, end));
  return copy;
}
