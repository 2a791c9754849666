/** The order of two keys as bytes: negative, 0 or positive. A prefix comes before the longer one. */
export function compareBytes(a: Uint8Array, b: Uint8Array, aLength: number = a.length): number {
  const shared = Math.min(aLength, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return aLength - b.length;
}
