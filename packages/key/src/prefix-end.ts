/**
 * The end of a prefix's range: the smallest byte string above every one that starts with `prefix`.
 *
 * The keys with a prefix are those from it, included, to its end, excluded. Linear in the prefix.
 *
 * @param prefix encoded, as a key is
 * @returns a new array, no longer than `prefix`; undefined when nothing is above them all: for the
 *   empty prefix, and for one of 0xFF bytes alone
 */
export function prefixEnd(prefix: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const end = new Uint8Array(prefix.subarray(0, length));
  end[length - 1]!++;
  return end;
}
