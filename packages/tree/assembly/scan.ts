/*
 * Scanning in order, in both directions (the paper's section 3, getrange). One call fills the result scratch with
 * some entries of a range; the caller continues from the last key. scratch.ts says where entries go. Counting goes the
 * same way (count.ts).
 *
 * Invariants
 *   SCAN1  A leaf's entries are copied out before its version is checked. If it changed, the entries of this leaf
 *          are dropped and the leaf is searched again for the same target. So no entry is given twice, and none is
 *          torn.
 *   SCAN2  The target is a place in key order, never a place in memory. A leaf that the scan has left is a hint,
 *          checked through its bounds like any other. After a leaf comes the successor of its upper bound (in
 *          reverse: the predecessor of its lower bound), whatever leaf covers that by then.
 *   SCAN3  Every key that is present from the first call to the last is given exactly once: some leaf covers it
 *          throughout.
 *   SCAN4  If the layer being scanned vanishes, the call ends with what it has, or starts over if it has nothing.
 */

import { pin, unpin } from "@masstree/epoch/assembly";
import {
  compareBytes,
  copyBytes,
  ikeyAt,
  storeIkey,
  TAG_SUFFIX,
  tagOf,
} from "@masstree/key/assembly";
import { BOUND_SCRATCH, KEY_SCRATCH, RESULT_SCRATCH } from "@masstree/memory/assembly";
import { hasChanged } from "@masstree/nodeversion/assembly";
import { size, slot } from "@masstree/permuter/assembly";
import { participant } from "@masstree/session/assembly";
import { copyWords, suffixAddress, suffixLength } from "./bag";
import { Reached, reach, walkFrom } from "./descend";
import { layerAt } from "./find";
import {
  boundPosition,
  highestClassOf,
  highestOf,
  ikeyOf,
  isMatch,
  LAST_CLASS,
  LAST_IKEY,
  lowerBound,
  lowestClassOf,
  lowestOf,
  nextOf,
  permutationHighOf,
  permutationOf,
  prevOf,
  STRADDLE,
  tagIn,
  valueIn,
} from "./leaf";
import { prefetchLeaf } from "./prefetch";
import {
  ENTRIES,
  ENTRY_BYTES,
  ENTRY_KEY,
  ENTRY_VALUE,
  PATH,
  resumeAt,
  setResumeAt,
  stateArea,
} from "./scratch";
import { lowerBoundOf, upperBound } from "./search";
import { suffixOf } from "./suffix";

/** Flags of a scan. This one: from the greatest key down; the start is then the upper bound. */
export const SCAN_REVERSE: u32 = 1;
/** There is a start bound, in the key scratch. */
export const SCAN_HAS_START: u32 = 2;
/** The start bound is within the range. */
export const SCAN_START_INCLUSIVE: u32 = 4;
/** There is an end bound, in the bound scratch. */
export const SCAN_HAS_END: u32 = 8;
/** The end bound is within the range. */
export const SCAN_END_INCLUSIVE: u32 = 16;

/**
 * How to treat entries equal to the target: they are wanted, they are not, or the rest of the start key decides. There
 * may be several with its slice (leaf.ts LEAF1).
 */
const AT: u32 = 0;
const BEYOND: u32 = 1;
const FOLLOW: u32 = 2;

/** Why a visit of a leaf ended. */
export const LEFT_LEAF: u32 = 0;
export const ENTER_LAYER: u32 = 1;
export const ENOUGH: u32 = 2;
export const PAST_END: u32 = 3;

/** A scan in progress. It lies in the participant's scratch, because a scan waits for nodes. */
@unmanaged
export class Scan {
  /** The target: (ikey, cls) in the layer at `offset`, whose root, possibly stale, is `root` (0: not known). */
  ikey: u64;
  cls: u32;
  mode: u32;
  offset: u32;
  root: u32;
  /** The bounds. */
  flags: u32;
  startLength: u32;
  endLength: u32;
  /** What has been written: the address behind it, the number of entries, and their limit. */
  out: u32;
  count: u32;
  limit: u32;
  /** The root of the layer that ENTER_LAYER found, and whether the start key leads into it. */
  layerRoot: u32;
  layerFollows: u32;
  /** Whether the scan reached the end of its range. */
  done: u32;
}

function theScan(): Scan {
  return changetype<Scan>(stateArea(offsetof<Scan>()));
}

/** Whether this participant's last scan reached the end of its range. */
export function isScanDone(): bool {
  return theScan().done !== 0;
}

export function isReverse(it: Scan): bool {
  return (it.flags & SCAN_REVERSE) !== 0;
}

export function startKey(): usize {
  return participant + KEY_SCRATCH;
}

export function path(): usize {
  return participant + RESULT_SCRATCH + PATH;
}

/**
 * Aims at the first entry of the layer at `offset`: its smallest, its greatest, or the one where the start key
 * leads.
 */
function aimIntoLayer(it: Scan, follows: bool): void {
  if (follows) {
    it.ikey = ikeyAt(startKey(), it.startLength, it.offset);
    it.cls = tagOf(it.startLength, it.offset);
    it.mode = FOLLOW;
  } else {
    it.ikey = isReverse(it) ? LAST_IKEY : 0;
    it.cls = isReverse(it) ? LAST_CLASS : 0;
    it.mode = AT;
  }
}

/** Aims beyond the slot of the finished layer, in the layer above. False if there is none above. */
function aimAbove(it: Scan): bool {
  if (it.offset === 0) return false;
  it.offset -= 8;
  it.ikey = ikeyAt(path(), it.offset + 8, it.offset);
  it.cls = TAG_SUFFIX;
  it.mode = BEYOND;
  it.root = 0;
  return true;
}

/**
 * Where the scan begins in a leaf: the first position behind the target, as `lowerBound` says it. A match is the entry
 * of the start key, or the layer that it leads into. In reverse, what comes first is the match, or else the entry
 * before the position.
 */
export function startIn(it: Scan, leaf: usize, lo: u64, hi: u64): u32 {
  if (it.mode === FOLLOW) {
    const rest = startKey() + it.offset + 8;
    return lowerBoundOf(leaf, lo, hi, it.ikey, it.cls, rest, it.startLength - it.offset - 8);
  }
  const isAbove = (it.mode === BEYOND) !== isReverse(it);
  if (isAbove) return upperBound(leaf, lo, hi, it.ikey, it.cls);
  return boundPosition(lowerBound(leaf, lo, hi, it.ikey, it.cls));
}

/** Whether the entry of the start key itself is within the range. */
export function startIsWanted(it: Scan): bool {
  return (it.flags & SCAN_START_INCLUSIVE) !== 0;
}

/** Notes the layer of a slot, which is in the way: ENTER_LAYER. The start key may lead into it. */
export function enterLayer(it: Scan, slice: u64, root: u64, follows: bool): u32 {
  storeIkey(path() + it.offset, slice);
  it.layerRoot = <u32>root;
  it.layerFollows = follows ? 1 : 0;
  return ENTER_LAYER;
}

function isPastEnd(it: Scan, key: usize, length: u32): bool {
  if ((it.flags & SCAN_HAS_END) === 0) return false;
  const order = compareBytes(key, length, participant + BOUND_SCRATCH, it.endLength);
  if (order === 0) return (it.flags & SCAN_END_INCLUSIVE) === 0;
  return order > 0 !== isReverse(it);
}

/**
 * Copies the wanted entries of a leaf, from the target on, to the result. None of it is valid before the version
 * is checked.
 */
function copyLeaf(it: Scan, leaf: usize): u32 {
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const entries = <i32>size(lo);
  const step = isReverse(it) ? -1 : 1;
  const start = startIn(it, leaf, lo, hi);
  const offset = it.offset;
  let position = <i32>boundPosition(start);
  let isNext = isMatch(start);
  if (isReverse(it) && !isNext) position--;
  for (; position >= 0 && position < entries; position += step) {
    const at = slot(lo, hi, position);
    const tag = tagIn(leaf, at);
    const isStart = isNext;
    isNext = false;
    if (isStart && tag <= TAG_SUFFIX && !startIsWanted(it)) continue;
    const slice = ikeyOf(leaf, at);
    const value = valueIn(leaf, at);
    if (tag > TAG_SUFFIX) return enterLayer(it, slice, value, isStart);
    const suffix: u64 = tag === TAG_SUFFIX ? suffixOf(leaf, at) : 0;
    const rest = suffixLength(suffix);
    const length = offset + min<u32>(tag, 8) + rest;
    const bytes = <u32>ENTRY_KEY + ((length + 7) & ~7);
    const out: usize = it.out;
    if (it.count === it.limit || out + bytes + 8 > path()) return ENOUGH;
    const key = out + ENTRY_KEY;
    copyBytes(key, path(), offset);
    storeIkey(key + offset, slice);
    if (tag === TAG_SUFFIX) copyWords(key + offset + 8, suffixAddress(suffix), rest);
    if (isPastEnd(it, key, length)) return PAST_END;
    store<u32>(out, length);
    store<u32>(out, bytes, ENTRY_BYTES);
    store<u64>(out, value, ENTRY_VALUE);
    it.out = <u32>(out + bytes);
    it.count++;
  }
  return LEFT_LEAF;
}

/**
 * SCAN2: aims past the leaf's far bound, as the scan read it. False if the leaf is the last of its layer in scan
 * direction.
 */
function aimPast(it: Scan, bound: u64, boundClass: u32): bool {
  it.mode = AT;
  if (isReverse(it)) {
    if (bound === 0 && boundClass === 0) return false;
    const within = STRADDLE && boundClass !== 0;
    it.ikey = within ? bound : bound - 1;
    it.cls = within ? boundClass - 1 : LAST_CLASS;
  } else {
    if (bound === LAST_IKEY && boundClass === LAST_CLASS) return false;
    const within = STRADDLE && boundClass !== LAST_CLASS;
    it.ikey = within ? bound : bound + 1;
    it.cls = within ? boundClass + 1 : 0;
  }
  return true;
}

/** The leaf for the target, starting from a hint (0: none). 0 if the layer is gone. */
function find(it: Scan, hint: usize): usize {
  if (hint !== 0) {
    const leaf = walkFrom(hint, it.ikey, it.cls);
    if (leaf !== 0) return leaf;
  }
  if (it.root === 0) it.root = <u32>layerAt(path(), it.offset, false);
  return it.root === 0 ? 0 : reach(it.root, it.ikey, it.cls);
}

/** What a scan does with the leaves of its range: it copies their entries. */
@unmanaged
export class Copying {
  /** Takes the wanted entries of a leaf, and says why it ended. Nothing is valid before the version is checked. */
  visit(it: Scan, leaf: usize): u32 {
    return copyLeaf(it, leaf);
  }

  /** Whether what was taken before a layer vanished can be gone on from (SCAN4). */
  endsEarly(): bool {
    return true;
  }
}

/**
 * Scans from the current target until the range, the limit or the room ends. False if the layer vanished (SCAN4).
 */
function run<V extends Copying>(it: Scan): bool {
  let hint: usize = 0;
  while (true) {
    const leaf = find(it, hint);
    if (leaf === 0) return false;
    const version = Reached.version;
    const outBefore = it.out;
    const countBefore = it.count;
    // While this leaf is copied, the next one is loaded from memory.
    if (!DEBUG && it.limit - it.count > <u32>WIDTH) {
      prefetchLeaf(isReverse(it) ? prevOf(leaf) : nextOf(leaf));
    }
    const reason = changetype<V>(0).visit(it, leaf);
    const bound = isReverse(it) ? lowestOf(leaf) : highestOf(leaf);
    const boundClass = isReverse(it) ? lowestClassOf(leaf) : highestClassOf(leaf);
    const neighbour = isReverse(it) ? prevOf(leaf) : nextOf(leaf);
    if (hasChanged(leaf, version)) {
      // SCAN1
      it.out = outBefore;
      it.count = countBefore;
      hint = leaf;
      continue;
    }
    if (reason === ENOUGH) return true;
    if (reason === ENTER_LAYER) {
      setResumeAt(it.offset >> 3, leaf);
      it.offset += 8;
      it.root = it.layerRoot;
      hint = 0;
      aimIntoLayer(it, it.layerFollows !== 0);
      continue;
    }
    if (reason === LEFT_LEAF && aimPast(it, bound, boundClass)) {
      hint = neighbour;
      continue;
    }
    if (reason === PAST_END || !aimAbove(it)) {
      it.done = 1;
      return true;
    }
    hint = resumeAt(it.offset >> 3);
  }
}

/**
 * Copies up to `limit` entries of a range to the result scratch, in order: at least one, unless the range has no
 * more (`isScanDone`). The start is in the key scratch, the end in the bound scratch.
 *
 * @param startLength bytes of the start bound, if SCAN_HAS_START
 * @param endLength bytes of the end bound, if SCAN_HAS_END
 * @param flags sum of SCAN_ flags
 * @returns how many entries
 */
export function scan(startLength: u32, endLength: u32, flags: u32, limit: u32): u32 {
  return perform<Copying>(startLength, endLength, flags, limit);
}

/** The same, with what V does with leaves. */
export function perform<V extends Copying>(
  startLength: u32,
  endLength: u32,
  flags: u32,
  limit: u32,
): u32 {
  const it = theScan();
  it.flags = flags;
  it.startLength = startLength;
  it.endLength = endLength;
  it.limit = max<u32>(limit, 1);
  it.done = 0;
  pin(participant);
  do {
    it.count = 0;
    it.out = <u32>(participant + RESULT_SCRATCH + ENTRIES);
    it.offset = 0;
    it.root = 0;
    aimIntoLayer(it, (flags & SCAN_HAS_START) !== 0);
  } while (!run<V>(it) && !(changetype<V>(0).endsEarly() && it.count !== 0));
  unpin(participant);
  return it.count;
}
