/*
 * Looking a key up (the paper's section 4.6, get): without locks, through all layers.
 *
 * Invariants
 *   FIND1  Permutation, ikey, tag, value and suffix are all read before the leaf's version is checked again. They
 *          are used only if the version has not changed since the leaf was found to enclose the key.
 *   FIND2  So the answer was true at some moment of the call. An absence was true when the permutation was read. A
 *          value was true when the value word was read or, if its entry had been removed by then, when the
 *          permutation was read.
 */

import { ikeyAt, TAG_LAYER, TAG_SUFFIX, tagOf } from "@masstree/key/assembly";
import { BOUND_SCRATCH } from "@masstree/memory/assembly";
import { hasChanged } from "@masstree/nodeversion/assembly";
import { participant } from "@masstree/session/assembly";
import { Reached, reach, walkOrReach } from "./descend";
import {
  isMatch,
  lowerBound,
  matchedSlot,
  permutationHighOf,
  permutationOf,
  tagIn,
  valueIn,
} from "./leaf";
import { prefetchLeaf } from "./prefetch";
import { restOfGroup } from "./search";
import { suffixEquals } from "./suffix";
import { mapRoot } from "./tree-words";

/** Outcomes of `locate`. */
export const ABSENT: u32 = 0;
export const PRESENT: u32 = 1;

/** What the last `locate` found. Valid until the next wait. */
export class Located {
  /** The leaf where it ended. */
  static leaf: usize = 0;
  /** The root of the leaf's layer, as the search read it. */
  static root: usize = 0;
  /** The offset in the key of the slice that the leaf compares, in bytes. */
  static offset: u32 = 0;
  /** The value word, if the key is there. */
  static value: u64 = 0;
}

/** Finds a key's leaf in its last layer, and its value if it exists. The caller is pinned. */
export function locate(key: usize, length: u32): u32 {
  return locateFrom(key, length, mapRoot(), 0, 0);
}

/**
 * As `locate`, from a place on the key's way that was read under the same pin.
 *
 * @param root of a layer, possibly stale
 * @param offset in the key of the slice that this layer compares
 * @param leaf of this layer, near the key; or 0
 */
export function locateFrom(key: usize, length: u32, root: usize, offset: u32, leaf: usize): u32 {
  while (true) {
    const ikey = ikeyAt(key, length, offset);
    const cls = tagOf(length, offset);
    leaf = leaf === 0 ? reach(root, ikey, cls) : walkOrReach(leaf, root, ikey, cls);
    if (leaf === 0) {
      root = mapRoot();
      offset = 0;
      continue;
    }
    const version = Reached.version;
    const lo = permutationOf(leaf);
    const hi = permutationHighOf(leaf);
    let bound = lowerBound(leaf, lo, hi, ikey, cls);
    let tag: u32 = 0;
    let value: u64 = 0;
    if (isMatch(bound)) {
      let at = matchedSlot(bound);
      tag = tagIn(leaf, at);
      if (tag === TAG_SUFFIX) {
        const rest = key + offset + 8;
        const restLength = length - offset - 8;
        if (!suffixEquals(leaf, at, rest, restLength)) {
          bound = restOfGroup(leaf, lo, hi, bound, ikey, rest, restLength);
          at = matchedSlot(bound);
        }
      }
      value = valueIn(leaf, at);
    }
    const equal = isMatch(bound);
    // FIND1
    if (hasChanged(leaf, version)) continue;
    if (equal && tag === TAG_LAYER) {
      root = <usize>value;
      prefetchLeaf(root);
      offset += 8;
      leaf = 0;
      continue;
    }
    Located.leaf = leaf;
    Located.root = root;
    Located.offset = offset;
    Located.value = value;
    return equal ? PRESENT : ABSENT;
  }
}

/**
 * The root of the layer that the slices of a route lead to: `offset` bytes of prefix, a multiple of 8; the map's
 * root for 0. Returns 0 if there is no such layer any more. The caller is pinned. With `record`, the path is kept
 * in the bound scratch for `passedRoot` and `passedLeaf`.
 */
export function layerAt(prefix: usize, offset: u32, record: bool): usize {
  let root = mapRoot();
  let depth: u32 = 0;
  let leaf: usize = 0;
  while (depth < offset) {
    const ikey = ikeyAt(prefix, offset, depth);
    leaf = leaf === 0 ? reach(root, ikey, TAG_SUFFIX) : walkOrReach(leaf, root, ikey, TAG_SUFFIX);
    if (leaf === 0) {
      root = mapRoot();
      depth = 0;
      continue;
    }
    const version = Reached.version;
    const bound = lowerBound(leaf, permutationOf(leaf), permutationHighOf(leaf), ikey, TAG_SUFFIX);
    const at = matchedSlot(bound);
    let value: u64 = 0;
    const isLayer = isMatch(bound) && tagIn(leaf, at) === TAG_LAYER;
    if (isLayer) value = valueIn(leaf, at);
    if (hasChanged(leaf, version)) continue;
    if (!isLayer) return 0;
    if (record) setPassed(depth, root, leaf);
    root = <usize>value;
    depth += 8;
    leaf = 0;
  }
  if (record) setPassed(depth, root, 0);
  return root;
}

function passed(offset: u32): usize {
  return participant + BOUND_SCRATCH + offset;
}

function setPassed(offset: u32, root: usize, leaf: usize): void {
  store<u32>(passed(offset), <u32>root);
  store<u32>(passed(offset), <u32>leaf, 4);
}

/**
 * The root of the layer at `offset`, and the leaf that the path led through, as they were when the path was last
 * recorded.
 */
export function passedRoot(offset: u32): usize {
  return load<u32>(passed(offset));
}

export function passedLeaf(offset: u32): usize {
  return load<u32>(passed(offset), 4);
}
