import {
  SCAN_END_INCLUSIVE,
  SCAN_HAS_END,
  SCAN_HAS_START,
  SCAN_START_INCLUSIVE,
  WORD_OUT,
} from "./exports.ts";
import type { TreeInstance } from "./instance.ts";
import type { Bounds } from "./range.ts";

/**
 * Removes the entries of a range that has no `offset` and no `limit`, a leaf at a time (assembly/clear.ts).
 *
 * @returns how many
 * @internal
 */
export function clearRange(tree: TreeInstance, bounds: Bounds): number {
  const { lower, lowerInclusive, upper, upperInclusive } = bounds;
  const { exports, key, bound, result } = tree;
  let flags = 0;
  if (lower !== undefined) flags |= SCAN_HAS_START | (lowerInclusive ? SCAN_START_INCLUSIVE : 0);
  if (upper !== undefined) flags |= SCAN_HAS_END | (upperInclusive ? SCAN_END_INCLUSIVE : 0);
  let length = lower?.length ?? 0;
  if (lower !== undefined) key.set(lower);
  let removed = 0;
  while (true) {
    // Each removal may overwrite it.
    if (upper !== undefined) bound.set(upper);
    removed += exports.clearLeaf(length, upper?.length ?? 0, flags);
    if (exports.scanDone() !== 0) return removed;
    // Of the last key that went, which is where it has to be.
    length = result.u32[WORD_OUT / 4]!;
    flags = (flags & ~SCAN_START_INCLUSIVE) | SCAN_HAS_START;
  }
}
