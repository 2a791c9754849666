/*
 * Dividing an interval of keys without reading it: the tree's own separators lie about evenly.
 *
 * The search goes down as long as one child, or one layer, holds the whole interval. The node where it parts gives
 * the places: separators of an internode, or slices of a leaf's entries. How much lies between two places is
 * estimated by one path down: the sizes of the nodes on it, multiplied.
 *
 *     WORD_OUT       f64  the weight of what lies in front of the first place
 *     ENTRIES        as of a scan: the key is a place, the value word the weight (f64) of what lies between it and
 *                    the next
 *
 * Invariants
 *   DIVIDE1  A place is a hint. It is the least string of bytes that the keys behind it can have, and need be no key
 *            itself. Places of nodes that others changed meanwhile may be out of order or outside the interval: the
 *            caller drops those.
 *   DIVIDE2  A value word is followed as a layer's root only after the leaf's version was checked (find.ts FIND1).
 *   DIVIDE3  The work is bounded by the height of the tree and the length of the bounds, whatever others do: a node
 *            that keeps changing gives no places.
 */

import { pin, unpin } from "@masstree/epoch/assembly";
import {
  copyBytes,
  ikeyAt,
  SLICE_BYTES,
  storeIkey,
  TAG_LAYER,
  TAG_SUFFIX,
  tagOf,
} from "@masstree/key/assembly";
import { BOUND_SCRATCH, KEY_SCRATCH, RESULT_SCRATCH, reachTo } from "@masstree/memory/assembly";
import {
  hasChanged,
  isDeleted,
  isDirty,
  isLeaf,
  isRoot,
  loadVersion,
} from "@masstree/nodeversion/assembly";
import { size, slot } from "@masstree/permuter/assembly";
import { participant } from "@masstree/session/assembly";
import { copyWords, suffixAddress, suffixLength } from "./bag";
import { climb, Reached } from "./descend";
import { childIndexFor, childOf, countOf, separatorClassOf, separatorOf } from "./internode";
import {
  boundPosition,
  ikeyOf,
  isMatch,
  LAST_CLASS,
  LAST_IKEY,
  matchedSlot,
  NODE_BYTES,
  permutationHighOf,
  permutationOf,
  SLOTS,
  tagIn,
  valueIn,
} from "./leaf";
import { parentOf } from "./node";
import { SCAN_HAS_END, SCAN_HAS_START } from "./scan";
import { ENTRIES, ENTRY_BYTES, ENTRY_KEY, ENTRY_VALUE, PATH, WORD_OUT } from "./scratch";
import { lowerBoundOf } from "./search";
import { suffixOf } from "./suffix";
import { mapRoot } from "./tree-words";
import { stable } from "./wait";

/** How often a division looks at nodes that others have changed meanwhile. */
const ATTEMPTS: u32 = 64;
/** How many nodes an estimate reads. */
const ESTIMATE_STEPS: u32 = 64;

/** Where the places are written. No wait comes between `begin` and the end of what it begins (SESSION1). */
class Division {
  /** The address behind the last place. */
  static out: usize = 0;
  static count: u32 = 0;
}

function path(): usize {
  return participant + RESULT_SCRATCH + PATH;
}

/** About how many entries a layer has. One path: of several layers in a leaf, one stands for all. */
function estimateByPath(root: usize): f64 {
  let node = root;
  // A layer's root may be stale.
  let climbs: bool = true;
  let above: f64 = 0;
  let factor: f64 = 1;
  for (let step: u32 = 0; step < ESTIMATE_STEPS && node !== 0; step++) {
    reachTo(node, NODE_BYTES);
    const version = loadVersion(node);
    if (climbs && !isRoot(version)) {
      const parent = parentOf(node);
      if (parent === 0) break;
      node = parent;
      continue;
    }
    climbs = false;
    if (!isLeaf(version)) {
      const children = min<u32>(countOf(node), SLOTS) + 1;
      factor *= children;
      node = childOf(node, children >> 1);
      continue;
    }
    const lo = permutationOf(node);
    const hi = permutationHighOf(node);
    const entries = min<u32>(size(lo), SLOTS);
    let layers: u32 = 0;
    let below: u64 = 0;
    for (let position: u32 = 0; position < entries; position++) {
      const at = slot(lo, hi, position);
      if (tagIn(node, at) <= TAG_SUFFIX) continue;
      // One about in the middle.
      if (layers === 0 || position <= entries >> 1) below = valueIn(node, at);
      layers++;
    }
    // DIVIDE2
    if (layers === 0 || isDirty(version) || hasChanged(node, version)) {
      return above + factor * entries;
    }
    above += factor * (entries - layers);
    factor *= layers;
    node = <usize>below;
    climbs = true;
  }
  return above + factor;
}

/** About how many entries are below a node of a layer. Of its leaves, the middle one stands for all. */
function estimate(start: usize): f64 {
  let node = start;
  let factor: f64 = 1;
  let version: u64 = 0;
  for (let step: u32 = 0; step < ESTIMATE_STEPS; step++) {
    if (node === 0) return factor;
    reachTo(node, NODE_BYTES);
    version = loadVersion(node);
    if (isLeaf(version)) break;
    const children = min<u32>(countOf(node), SLOTS) + 1;
    factor *= children;
    node = childOf(node, children >> 1);
  }
  if (!isLeaf(version)) return factor;
  const lo = permutationOf(node);
  const hi = permutationHighOf(node);
  const entries = min<u32>(size(lo), SLOTS);
  let weight: f64 = 0;
  for (let position: u32 = 0; position < entries; position++) {
    const at = slot(lo, hi, position);
    const tag = tagIn(node, at);
    const value = valueIn(node, at);
    // DIVIDE2
    if (isDirty(version) || hasChanged(node, version)) return factor * entries;
    weight += weightOfEntry(tag, value);
  }
  return factor * weight;
}

/** Adds weight behind the last place. */
function addWeight(weight: f64, last: usize): void {
  if (last === 0) {
    const field = participant + RESULT_SCRATCH;
    store<f64>(field, load<f64>(field, WORD_OUT) + weight, WORD_OUT);
  } else store<f64>(last, load<f64>(last, ENTRY_VALUE) + weight, ENTRY_VALUE);
}

/** The least class that a key at or behind (ikey, cls) can have with this ikey: zeros at its end are no bytes. */
function leastClass(ikey: u64, cls: u32): u32 {
  return max(cls, ikey === 0 ? 0 : 8 - (<u32>ctz(ikey) >> 3));
}

/**
 * Writes a place of the layer at `offset`, the least key of (ikey, cls), or the one that continues with a suffix, and
 * what is about behind it. `last` is the place before, or 0. Returns this one; without room for it, `last`, which gets
 * the weight.
 */
function addPlace(
  last: usize,
  offset: u32,
  ikey: u64,
  cls: u32,
  weight: f64,
  suffix: u64 = 0,
): usize {
  const inSlice = leastClass(ikey, cls);
  const rest = suffixLength(suffix);
  const length = offset + (rest === 0 ? inSlice : SLICE_BYTES + rest);
  const bytes = <u32>ENTRY_KEY + ((length + 7) & ~7);
  const out = Division.out;
  if (out + bytes + 8 > path()) {
    addWeight(weight, last);
    return last;
  }
  const key = out + ENTRY_KEY;
  copyBytes(key, path(), offset);
  storeIkey(key + offset, ikey);
  // What continues beyond the slice has at least one byte more.
  if (rest !== 0) copyWords(key + offset + SLICE_BYTES, suffixAddress(suffix), rest);
  else if (inSlice > SLICE_BYTES) store<u8>(key + offset, 0, SLICE_BYTES);
  store<u32>(out, length);
  store<u32>(out, bytes, ENTRY_BYTES);
  store<f64>(out, weight, ENTRY_VALUE);
  Division.out = out + bytes;
  Division.count++;
  return out;
}

function begin(weight: f64): void {
  const result = participant + RESULT_SCRATCH;
  store<f64>(result, weight, WORD_OUT);
  Division.out = result + ENTRIES;
  Division.count = 0;
}

/** Places between the children `first` and `last` of an internode. */
function divideInternode(node: usize, offset: u32, first: u32, last: u32): void {
  begin(estimate(childOf(node, first)));
  let place: usize = 0;
  for (let index = first; index < last; index++) {
    const ikey = separatorOf(node, index);
    // A torn read: no separator is 0.
    if (ikey === 0) continue;
    const weight = estimate(childOf(node, index + 1));
    place = addPlace(place, offset, ikey, separatorClassOf(node, index), weight);
  }
}

/**
 * The position behind the last entry before an end, of which `length` bytes are left from `end` on. A layer that the end
 * leads into counts, unless the end is its place.
 */
function endIn(leaf: usize, lo: u64, hi: u64, ikey: u64, cls: u32, end: usize, length: u32): u32 {
  const bound = lowerBoundOf(leaf, lo, hi, ikey, cls, end + SLICE_BYTES, length - SLICE_BYTES);
  const position = boundPosition(bound);
  if (!isMatch(bound) || tagIn(leaf, matchedSlot(bound)) <= TAG_SUFFIX) return position;
  const isPlace = length === SLICE_BYTES + 1 && load<u8>(end, SLICE_BYTES) === 0;
  return isPlace ? position : position + 1;
}

/** Weight of a leaf's entry, whose leaf has not changed (DIVIDE2). */
function weightOfEntry(tag: u32, value: u64): f64 {
  return tag > TAG_SUFFIX ? estimateByPath(<usize>value) : 1;
}

/** Places between the entries of a leaf at positions [first, last). False if the leaf changed. */
function divideLeaf(leaf: usize, version: u64, offset: u32, first: u32, last: u32): bool {
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  let place: usize = 0;
  let before: u64 = 0;
  for (let position = first; position < last; position++) {
    const at = slot(lo, hi, position);
    const ikey = ikeyOf(leaf, at);
    const tag = tagIn(leaf, at);
    const value = valueIn(leaf, at);
    // The slice is no place between two of a group.
    const isNextOfGroup = tag === TAG_SUFFIX && ikey === before;
    const suffix: u64 = isNextOfGroup ? suffixOf(leaf, at) : 0;
    if (hasChanged(leaf, version)) return false;
    const weight = weightOfEntry(tag, value);
    if (position === first) begin(weight);
    else if (tag !== 0) place = addPlace(place, offset, ikey, min(tag, TAG_SUFFIX), weight, suffix);
    before = ikey;
  }
  // The suffixes were copied since.
  return !hasChanged(leaf, version);
}

/**
 * Divides the keys between two bounds at one node of the tree, into about as many parts as the node has children.
 * The start is in the key scratch, the end in the bound scratch.
 *
 * @param startLength bytes of the start bound, if SCAN_HAS_START
 * @param endLength bytes of the end bound, if SCAN_HAS_END
 * @param flags sum of these two
 * @returns how many places there are; 0 if there is at most one entry, or the nodes kept changing
 */
export function divide(startLength: u32, endLength: u32, flags: u32): u32 {
  pin(participant);
  const count = divideBetween(startLength, endLength, flags);
  unpin(participant);
  return count;
}

function divideBetween(startLength: u32, endLength: u32, flags: u32): u32 {
  const start = participant + KEY_SCRATCH;
  const end = participant + BOUND_SCRATCH;
  let hasStart = (flags & SCAN_HAS_START) !== 0;
  let hasEnd = (flags & SCAN_HAS_END) !== 0;
  let root = mapRoot();
  let offset: u32 = 0;
  let attempts: u32 = 0;
  while (true) {
    // What the bounds are in this layer.
    const fromIkey: u64 = hasStart ? ikeyAt(start, startLength, offset) : 0;
    const fromClass: u32 = hasStart ? tagOf(startLength, offset) : 0;
    const toIkey: u64 = hasEnd ? ikeyAt(end, endLength, offset) : LAST_IKEY;
    const toClass: u32 = hasEnd ? tagOf(endLength, offset) : LAST_CLASS;
    let node = climb(root);
    if (node === 0) return 0;
    let version = Reached.version;
    let below: usize = 0;
    while (below === 0) {
      // DIVIDE3
      if (isDeleted(version) || attempts === ATTEMPTS) return 0;
      if (isLeaf(version)) {
        const lo = permutationOf(node);
        const hi = permutationHighOf(node);
        const startRest = startLength - offset - SLICE_BYTES;
        const first = boundPosition(
          lowerBoundOf(node, lo, hi, fromIkey, fromClass, start + offset + SLICE_BYTES, startRest),
        );
        const last = hasEnd
          ? endIn(node, lo, hi, toIkey, toClass, end + offset, endLength - offset)
          : min<u32>(size(lo), SLOTS);
        if (last <= first) return 0;
        const at = slot(lo, hi, first);
        const ikey = ikeyOf(node, at);
        const tag = tagIn(node, at);
        const value = valueIn(node, at);
        if (hasChanged(node, version) || !divideLeaf(node, version, offset, first, last)) {
          version = stable(node);
          attempts++;
          continue;
        }
        if (last > first + 1) return Division.count;
        if (tag !== TAG_LAYER) return 0;
        storeIkey(path() + offset, ikey);
        hasStart = hasStart && fromIkey === ikey && fromClass === TAG_SUFFIX;
        hasEnd = hasEnd && toIkey === ikey && toClass === TAG_SUFFIX;
        below = <usize>value;
      } else {
        const first = childIndexFor(node, fromIkey, fromClass);
        let last = childIndexFor(node, toIkey, toClass);
        // What begins at the end is outside.
        while (
          hasEnd &&
          last > first &&
          separatorOf(node, last - 1) === toIkey &&
          leastClass(toIkey, separatorClassOf(node, last - 1)) >= toClass
        ) {
          last--;
        }
        const child = childOf(node, first);
        if (first < last) divideInternode(node, offset, first, last);
        const childVersion = first < last || child === 0 ? 0 : stable(child);
        if (child === 0 || hasChanged(node, version)) {
          version = stable(node);
          attempts++;
          continue;
        }
        if (first < last) return Division.count;
        node = child;
        version = childVersion;
      }
    }
    root = below;
    offset += 8;
  }
}
