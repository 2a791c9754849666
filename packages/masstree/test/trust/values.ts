// Values of the trust tests: a number, alone or with padding that follows from it. So a value tells by
// itself whether it is whole.

/** What a map of the trust tests holds. */
export type Value = number | { readonly v: number; readonly pad: string };

/** What `numberOf` answers for a value that was never written like that. */
export const TORN = -1;

/** Lengths of the padding: in a small box, in a slab's box, in pages of its own. */
const lengths = [0, 1, 9, 40, 100, 300, 1000, 5000];

/** The value of a number above 0: odd ones are short and fit into a leaf's slot. */
export function valueFor(v: number): Value {
  return v % 2 === 1 ? v : { v, pad: padOf(v) };
}

/** The number of a value; 0 for none, TORN for one that is not whole. */
export function numberOf(value: Value | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === "number") return value % 2 === 1 ? value : TORN;
  return value.v % 2 === 0 && value.pad === padOf(value.v) ? value.v : TORN;
}

function padOf(v: number): string {
  // Once in a while one that does not travel through the scratch.
  const length = v % 502 === 0 ? 70_000 : lengths[(v >>> 1) % lengths.length]!;
  return String.fromCharCode(97 + (v % 26)).repeat(length);
}
