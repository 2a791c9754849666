/**
 * The end of a prefix's range: the smallest byte string above all strings that start with `prefix`.
 *
 * The keys that start with a prefix run from the prefix, inclusive, to its end, exclusive. Linear in
 * the length of the prefix.
 *
 * @param prefix encoded bytes, as of a key
 * @returns a new array, no longer than `prefix`; undefined if no string is above them all, that is,
 *   if the prefix is empty or has only 0xFF bytes
 */
export function prefixEnd(prefix: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const end = new Uint8Array(prefix.subarray(0, length));
  end[length - 1]!++;
  return end;
}
