// The order of keys for peers that take a comparison. It is the order of the bytes that shared maps see.
import { byCodePoint } from "../../maps/native-map.ts";
import type { Key, MapFacts, Tuple } from "./peer.ts";

export type Compare = (a: Key, b: Key) => number;

function plain(a: Key, b: Key): number {
  return a > b ? 1 : a < b ? -1 : 0;
}

/** By the first member, then by the second. A number never meets a string: the members of one kind have one type. */
export function compareTuples(a: Tuple, b: Tuple): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a[i]!;
    const right = b[i]!;
    if (left !== right) return left > right ? 1 : -1;
  }
  return a.length - b.length;
}

/** The cheapest comparison that is right for such keys. */
export function comparisonFor({ type, ascii }: MapFacts): Compare {
  if (type === "bytes") return Buffer.compare as Compare;
  if (type === "tuple") return compareTuples as Compare;
  // `<` compares UTF-16 units, which is the order of UTF-8 for ASCII only.
  return type === "string" && !ascii ? (byCodePoint as Compare) : plain;
}
