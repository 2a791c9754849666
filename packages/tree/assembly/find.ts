/**
 * Looking a key up (the paper's section 4.6, get): without locks, through all layers.
 *
 * Invariants
 *  F1  Permutation, ikey, tag, value and suffix are all read before the leaf's version is checked again; what was read is
 *      used only if the version did not change since the leaf was found to enclose the key.
 *  F2  So the answer was true at some moment of the call: absence when the permutation was read, a value when the value
 *      word was read or, if its entry had been removed by then, when the permutation was.
 */

import { ikeyAt, TAG_LAYER, TAG_SUFFIX, tagOf } from "@masstree/key/assembly";
import { BOUND_SCRATCH } from "@masstree/memory/assembly";
import { hasChanged } from "@masstree/nodeversion/assembly";
import { reach, reachedVersion, settle } from "./descend";
import {
  lowerBound,
  matched,
  matchedSlot,
  permutationHighOf,
  permutationOf,
  tagIn,
  valueIn,
} from "./leaf";
import { mapRoot, participant } from "./session";
import { suffixEquals } from "./suffix";
import { touchLeaf } from "./touch";

/** Outcomes of `locate`. */
export const ABSENT: u32 = 0;
export const PRESENT: u32 = 1;

/** Where the last `locate` ended: the leaf, the root of its layer as it was met, and the byte at which its slice begins. */
export let locatedLeaf: usize = 0;
export let locatedRoot: usize = 0;
export let locatedOffset: u32 = 0;
/** The value word that the last `locate` found. */
export let locatedValue: u64 = 0;

/** Finds a key's leaf in its last layer, and its value if it is there. The caller is pinned. */
export function locate(key: usize, length: u32): u32 {
  let root = mapRoot();
  let offset: u32 = 0;
  let leaf: usize = 0;
  while (true) {
    const ikey = ikeyAt(key, length, offset);
    const cls = tagOf(length, offset);
    leaf = leaf === 0 ? reach(root, ikey, cls) : settle(leaf, root, ikey, cls);
    if (leaf === 0) {
      root = mapRoot();
      offset = 0;
      continue;
    }
    const version = reachedVersion;
    lowerBound(leaf, permutationOf(leaf), permutationHighOf(leaf), ikey, cls);
    let tag: u32 = 0;
    let value: u64 = 0;
    let equal = matched;
    if (equal) {
      tag = tagIn(leaf, matchedSlot);
      value = valueIn(leaf, matchedSlot);
      if (tag === TAG_SUFFIX)
        equal = suffixEquals(leaf, matchedSlot, key + offset + 8, length - offset - 8);
    }
    // F1
    if (hasChanged(leaf, version)) continue;
    if (equal && tag === TAG_LAYER) {
      root = <usize>value;
      touchLeaf(root);
      offset += 8;
      leaf = 0;
      continue;
    }
    locatedLeaf = leaf;
    locatedRoot = root;
    locatedOffset = offset;
    locatedValue = value;
    return equal ? PRESENT : ABSENT;
  }
}

/**
 * The root of the layer that a route's slices lead to: `offset` bytes of prefix, a multiple of 8; the map's root for 0.
 * 0 when there is no such layer (any more). The caller is pinned. With `record`, where it went through is kept for
 * `passedRoot` and `passedLeaf`, in the bound scratch.
 */
export function layerAt(prefix: usize, offset: u32, record: bool): usize {
  let root = mapRoot();
  let at: u32 = 0;
  let leaf: usize = 0;
  while (at < offset) {
    const ikey = ikeyAt(prefix, offset, at);
    leaf = leaf === 0 ? reach(root, ikey, TAG_SUFFIX) : settle(leaf, root, ikey, TAG_SUFFIX);
    if (leaf === 0) {
      root = mapRoot();
      at = 0;
      continue;
    }
    const version = reachedVersion;
    lowerBound(leaf, permutationOf(leaf), permutationHighOf(leaf), ikey, TAG_SUFFIX);
    let value: u64 = 0;
    const isLayer = matched && tagIn(leaf, matchedSlot) === TAG_LAYER;
    if (isLayer) value = valueIn(leaf, matchedSlot);
    if (hasChanged(leaf, version)) continue;
    if (!isLayer) return 0;
    if (record) setPassed(at, root, leaf);
    root = <usize>value;
    at += 8;
    leaf = 0;
  }
  if (record) setPassed(at, root, 0);
  return root;
}

function passed(offset: u32): usize {
  return participant + BOUND_SCRATCH + offset;
}

function setPassed(offset: u32, root: usize, leaf: usize): void {
  store<u32>(passed(offset), <u32>root);
  store<u32>(passed(offset), <u32>leaf, 4);
}

/** The root of the layer at `offset`, and the leaf that the way down went through, as the last recorded way met them. */
export function passedRoot(offset: u32): usize {
  return load<u32>(passed(offset));
}

export function passedLeaf(offset: u32): usize {
  return load<u32>(passed(offset), 4);
}
