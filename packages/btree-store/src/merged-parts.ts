/*
 * What an optimistic transaction sees, for `splitPoints`: the tree, and what was written, which is places as well. What is
 * written between two places of the tree counts exactly; the weight that the tree gives there is spread over its parts.
 */
import type { Bounds, Divisible, Division, Place } from "@masstree/tree";
import { compareBytes } from "./compare-bytes.ts";
import type { TreeParts } from "./tree-parts.ts";

/** A key that was written, and how many entries more there are by it: 1, 0 or -1. */
export interface Written {
  readonly key: Uint8Array;
  readonly growth: number;
}

/** How many places a division has of what was written, besides those of the tree. */
const MOST_PLACES = 64;

export class MergedParts implements Divisible {
  readonly #tree: TreeParts;
  /** In order. */
  readonly #written: readonly Written[];
  readonly #first: (bounds: Bounds) => Uint8Array | undefined;

  /** @param first the first key of a range, as the transaction sees it */
  constructor(
    tree: TreeParts,
    written: readonly Written[],
    first: (bounds: Bounds) => Uint8Array | undefined,
  ) {
    this.#tree = tree;
    this.#written = written;
    this.#first = first;
  }

  divide(start: Uint8Array | undefined, end: Uint8Array | undefined): Division | undefined {
    const below = this.#tree.divide(start, end);
    const from = start === undefined ? 0 : this.#indexOf(start);
    const to = end === undefined ? this.#written.length : this.#indexOf(end);
    if (from === to) return below;
    const weight = below?.weight ?? this.#tree.weightOf(start, end);
    const pieces = [{ key: undefined, weight }, ...(below?.places ?? [])];
    const every = Math.max(1, Math.ceil((to - from) / MOST_PLACES));
    const parts: { key: Uint8Array | undefined; weight: number }[] = [];
    let at = from;
    for (const [i, piece] of pieces.entries()) {
      const until = pieces[i + 1]?.key;
      const own: { key: Uint8Array | undefined; weight: number }[] = [
        { key: piece.key, weight: 0 },
      ];
      for (; at < to; at++) {
        const { key, growth } = this.#written[at]!;
        if (until !== undefined && compareBytes(key, until) >= 0) break;
        const beginning = own.at(-1)!.key ?? start;
        const isBehind =
          beginning === undefined ? key.length > 0 : compareBytes(key, beginning) > 0;
        if (isBehind && (at - from) % every === 0) own.push({ key, weight: 0 });
        own.at(-1)!.weight += growth;
      }
      for (const part of own) {
        parts.push({ key: part.key, weight: Math.max(0, part.weight + piece.weight / own.length) });
      }
    }
    const [front, ...places] = parts;
    return places.length === 0
      ? undefined
      : { weight: front!.weight, places: places as readonly Place[] };
  }

  firstKey(bounds: Bounds): Uint8Array | undefined {
    return this.#first(bounds);
  }

  /** The first of what was written that is at or behind a key. */
  #indexOf(key: Uint8Array): number {
    let low = 0;
    let high = this.#written.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(this.#written[middle]!.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
