/**
 * Scanning in order, in both directions (the paper's section 3, getrange): one call fills the result scratch with some
 * entries of a range; the caller goes on from the last key.
 *
 *     result scratch  64         entries: u32 key length, u32 bytes of the entry, u64 value word, key, zero to 7 bytes more
 *                     PATH       the slices that lead to the layer being scanned
 *
 * Invariants
 *  N1  A leaf's entries are copied out before its version is checked; if it changed, what was copied from this leaf is taken
 *      back and the leaf is searched again for the same target. So nothing is given twice, and nothing torn.
 *  N2  The target is a place in key order, never a place in memory: a leaf that was left behind is a hint, checked through
 *      its bounds like any other. After a leaf comes the successor of its upper bound (in reverse: the predecessor of its
 *      lower one), whatever leaf covers that by then.
 *  N3  Every key that stays from the first call to the last is given exactly once: its leaf covers it throughout.
 *  N4  If the layer being scanned vanishes, the call ends with what it has, or starts over when it has nothing.
 */

import { pin, unpin } from "@masstree/epoch/assembly";
import { compareBytes, ikeyAt, storeIkey, TAG_SUFFIX, tagOf } from "@masstree/key/assembly";
import { BOUND_SCRATCH, KEY_SCRATCH, RESULT_SCRATCH } from "@masstree/memory/assembly";
import { hasChanged } from "@masstree/nodeversion/assembly";
import { size, slot } from "@masstree/permuter/assembly";
import { copyWords, suffixLength } from "./bag";
import { reach, reachedVersion, walkFrom } from "./descend";
import { layerAt } from "./find";
import {
  highestClassOf,
  highestOf,
  ikeyOf,
  LAST_CLASS,
  LAST_IKEY,
  lowerBound,
  lowestClassOf,
  lowestOf,
  matched,
  nextOf,
  permutationHighOf,
  permutationOf,
  prevOf,
  STRADDLE,
  tagIn,
  valueIn,
} from "./leaf";
import { participant, resumeAt, setResumeAt } from "./session";
import { suffixOf } from "./suffix";
import { touchLeaf } from "./touch";

export const REVERSE: u32 = 1;
export const HAS_START: u32 = 2;
export const START_INCLUSIVE: u32 = 4;
export const HAS_END: u32 = 8;
export const END_INCLUSIVE: u32 = 16;

/** Where the entries begin in the result scratch, and where the path does. A key of the greatest length fits between. */
export const ENTRIES: usize = 64;
const PATH: usize = 69632;
const ENTRY_HEAD: usize = 16;

/** How entries equal to the target count: they are wanted, they are not, or the rest of the start key decides. */
const AT: u32 = 0;
const BEYOND: u32 = 1;
const FOLLOW: u32 = 2;

/** Why a leaf was left. */
const LEFT_LEAF: u32 = 0;
const ENTER_LAYER: u32 = 1;
const ENOUGH: u32 = 2;
const PAST_END: u32 = 3;

/** Whether the last scan came to the end of its range. */
export let scanDone: bool = false;

// The bounds of the scan in hand.
let flags: u32 = 0;
let start: usize = 0;
let startLength: u32 = 0;
let end: usize = 0;
let endLength: u32 = 0;

// The target: (ikey, class) in the layer at `offset`, of which `root` is a root (0: not known).
let ikey: u64 = 0;
let cls: u32 = 0;
let mode: u32 = 0;
let offset: u32 = 0;
let root: usize = 0;

// What has been written.
let out: usize = 0;
let count: u32 = 0;
let limit: u32 = 0;

/** Where the layer that ENTER_LAYER found hangs. */
let layerRoot: usize = 0;
let layerFollows: bool = false;

function isReverse(): bool {
  return (flags & REVERSE) !== 0;
}

function path(): usize {
  return participant + RESULT_SCRATCH + PATH;
}

/** Copies key bytes, exactly. Calls to memory.copy cost more than short loops. */
function copyBytes(to: usize, from: usize, length: u32): void {
  if (length > 64) {
    memory.copy(to, from, length);
    return;
  }
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) store<u64>(to + at, load<u64>(from + at));
  for (; at < length; at++) store<u8>(to + at, load<u8>(from + at));
}

/** Aims at the first entry of the layer at `offset`: its smallest, its greatest, or where the start key says. */
function aimIntoLayer(follows: bool): void {
  if (follows) {
    ikey = ikeyAt(start, startLength, offset);
    cls = tagOf(startLength, offset);
    mode = FOLLOW;
  } else {
    ikey = isReverse() ? LAST_IKEY : 0;
    cls = isReverse() ? LAST_CLASS : 0;
    mode = AT;
  }
}

/** Aims beyond the slot of the layer just finished, in the layer above. False when there is none. */
function aimAbove(): bool {
  if (offset === 0) return false;
  offset -= 8;
  ikey = ikeyAt(path(), offset + 8, offset);
  cls = TAG_SUFFIX;
  mode = BEYOND;
  root = 0;
  return true;
}

/** Whether an entry equal to the target is within the range, as far as it can be told without its suffix. */
function equalIsWanted(tag: u32): bool {
  if (mode !== FOLLOW) return mode === AT;
  return tag >= TAG_SUFFIX || (flags & START_INCLUSIVE) !== 0;
}

/** The same for an entry with a suffix, where the rest of the start key decides. */
function suffixIsWanted(suffix: usize, length: u32): bool {
  const rest = start + offset + 8;
  const order = compareBytes(suffix, length, rest, startLength - offset - 8);
  if (order === 0) return (flags & START_INCLUSIVE) !== 0;
  return order > 0 !== isReverse();
}

function isPastEnd(key: usize, length: u32): bool {
  if ((flags & HAS_END) === 0) return false;
  const order = compareBytes(key, length, end, endLength);
  if (order === 0) return (flags & END_INCLUSIVE) === 0;
  return order > 0 !== isReverse();
}

/** Copies the wanted entries of a leaf, from the target on, into the result. Nothing of it is valid before the version is checked. */
function copyLeaf(leaf: usize): u32 {
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const entries = <i32>size(lo);
  const step = isReverse() ? -1 : 1;
  let position = <i32>lowerBound(leaf, lo, hi, ikey, cls);
  let equal = matched;
  if (isReverse() && !equal) position--;
  for (; position >= 0 && position < entries; position += step) {
    const at = slot(lo, hi, position);
    const tag = tagIn(leaf, at);
    const first = equal;
    equal = false;
    if (first && !equalIsWanted(tag)) continue;
    const slice = ikeyOf(leaf, at);
    const value = valueIn(leaf, at);
    if (tag > TAG_SUFFIX) {
      storeIkey(path() + offset, slice);
      layerRoot = <usize>value;
      layerFollows = first && mode === FOLLOW;
      return ENTER_LAYER;
    }
    const suffix: usize = tag === TAG_SUFFIX ? suffixOf(leaf, at) : 0;
    const rest: u32 = suffix !== 0 ? suffixLength : 0;
    const length = offset + min<u32>(tag, 8) + rest;
    const bytes = ENTRY_HEAD + ((length + 7) & ~7);
    if (count === limit || out + bytes + 8 > path()) return ENOUGH;
    const key = out + ENTRY_HEAD;
    copyBytes(key, path(), offset);
    storeIkey(key + offset, slice);
    if (tag === TAG_SUFFIX) {
      copyWords(key + offset + 8, suffix, rest);
      if (first && mode === FOLLOW && !suffixIsWanted(key + offset + 8, rest)) continue;
    }
    if (isPastEnd(key, length)) return PAST_END;
    store<u32>(out, length);
    store<u32>(out, <u32>bytes, 4);
    store<u64>(out, value, 8);
    out += bytes;
    count++;
  }
  return LEFT_LEAF;
}

/** N2: aims past the leaf's far bound, as it was read. False when the leaf ends its layer. */
function aimPast(bound: u64, boundClass: u32): bool {
  mode = AT;
  if (isReverse()) {
    if (bound === 0 && boundClass === 0) return false;
    const within = STRADDLE && boundClass !== 0;
    ikey = within ? bound : bound - 1;
    cls = within ? boundClass - 1 : LAST_CLASS;
  } else {
    if (bound === LAST_IKEY && boundClass === LAST_CLASS) return false;
    const within = STRADDLE && boundClass !== LAST_CLASS;
    ikey = within ? bound : bound + 1;
    cls = within ? boundClass + 1 : 0;
  }
  return true;
}

/** The leaf for the target, from a hint (0: none). 0 when the layer is gone. */
function find(hint: usize): usize {
  if (hint !== 0) {
    const leaf = walkFrom(hint, ikey, cls);
    if (leaf !== 0) return leaf;
  }
  if (root === 0) root = layerAt(path(), offset, false);
  return root === 0 ? 0 : reach(root, ikey, cls);
}

/** Scans from the current target until the range, the limit or the room ends. False when the layer vanished (N4). */
function run(): bool {
  let hint: usize = 0;
  while (true) {
    const leaf = find(hint);
    if (leaf === 0) return false;
    const version = reachedVersion;
    const outBefore = out;
    const countBefore = count;
    // While this leaf is copied, the next one comes from memory.
    if (!DEBUG && limit - count > <u32>WIDTH) touchLeaf(isReverse() ? prevOf(leaf) : nextOf(leaf));
    const reason = copyLeaf(leaf);
    const bound = isReverse() ? lowestOf(leaf) : highestOf(leaf);
    const boundClass = isReverse() ? lowestClassOf(leaf) : highestClassOf(leaf);
    const neighbour = isReverse() ? prevOf(leaf) : nextOf(leaf);
    if (hasChanged(leaf, version)) {
      // N1
      out = outBefore;
      count = countBefore;
      hint = leaf;
      continue;
    }
    if (reason === ENOUGH) return true;
    if (reason === ENTER_LAYER) {
      setResumeAt(offset >> 3, leaf);
      offset += 8;
      root = layerRoot;
      hint = 0;
      aimIntoLayer(layerFollows);
      continue;
    }
    if (reason === LEFT_LEAF && aimPast(bound, boundClass)) {
      hint = neighbour;
      continue;
    }
    if (reason === PAST_END || !aimAbove()) {
      scanDone = true;
      return true;
    }
    hint = resumeAt(offset >> 3);
  }
}

/**
 * Copies up to `entryLimit` entries of a range to the result scratch, in order; at least one, unless the range has no more
 * (`scanDone`). The start is in the key scratch, the end in the bound scratch. Flags: see above.
 */
export function scan(startBytes: u32, endBytes: u32, scanFlags: u32, entryLimit: u32): u32 {
  flags = scanFlags;
  start = participant + KEY_SCRATCH;
  startLength = startBytes;
  end = participant + BOUND_SCRATCH;
  endLength = endBytes;
  limit = max<u32>(entryLimit, 1);
  count = 0;
  scanDone = false;
  pin(participant);
  do {
    out = participant + RESULT_SCRATCH + ENTRIES;
    offset = 0;
    root = 0;
    aimIntoLayer((flags & HAS_START) !== 0);
  } while (!run() && count === 0);
  unpin(participant);
  return count;
}
