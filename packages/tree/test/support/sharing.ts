// How many keys that share a slice stay in a leaf of so many entries: assembly/leaf.ts, SHARING. A test holds it true
// (structure.test.ts).
export function sharing(width: number): number {
  return width >= 15 ? 6 : width >> 1;
}
