/*
 * Scanning in order, in both directions: down to the line of the start, then from line to line along the bits of the
 * nodes (group.ts), into children and out of them. One call fills the result scratch with some entries of a range; the
 * caller continues from the last key. Counting goes the same way.
 *
 * Invariants
 *   WALK1  The entries of a line are copied out before its version is checked, as a search does (find.ts SEARCH1): all of
 *          them belong to one state of the line.
 *   WALK2  In a node that the scan enters, it begins at the line where the model puts the start. No key in range is in a
 *          line before that (node.ts MODEL2), wherever the node is.
 *   WALK3  Every key that is present from the first call to the last is given exactly once. A call goes through one
 *          subtree of each line, from top to bottom; one that is replaced meanwhile had all of the line's keys (SEARCH3).
 */
import { pin, unpin } from "@masstree/epoch/assembly";
import { storeIkey } from "@masstree/key/assembly";
import { BOUND_SCRATCH, KEY_SCRATCH, RESULT_SCRATCH_BYTES } from "@masstree/memory/assembly";
import { hasChanged, isDirty, loadVersion } from "@masstree/nodeversion/assembly";
import { participant, stableVersion } from "@masstree/session/assembly";
import {
  SCAN_END_INCLUSIVE,
  SCAN_HAS_END,
  SCAN_HAS_START,
  SCAN_REVERSE,
  SCAN_START_INCLUSIVE,
} from "@masstree/tree/assembly/scan";
import {
  ENTRIES,
  ENTRY_BYTES,
  ENTRY_KEY,
  ENTRY_VALUE,
  firstEntry,
  setWordOut,
} from "@masstree/tree/assembly/scratch";
import { LearnedClient } from "./client";
import { nextLine, previousLine } from "./group";
import { childOf, isChild, isEntry, keyIn, LINE_SLOTS, stateOf, valueIn } from "./line";
import { lineAt, linesOf, predict, reachNode } from "./node";
import { KEY_BYTES, ordinalOf } from "./ordinal";
import { frameLine, frameNode, setFrame, setFrameLine, walkArea } from "./scratch";
import { ROOT_LINE } from "./words";

/** Bytes of an entry that a scan writes. */
const SCANNED_BYTES: u32 = <u32>ENTRY_KEY + KEY_BYTES;
/** Entries that one call of `scan` gives at most; they fit in the result scratch. */
const MOST_SCANNED: u32 = 2048;
/** Entries that `count` counts while it is pinned. */
const MOST_COUNTED: u32 = 4096;

/** A scan in progress. It lies in the participant's scratch, because a scan waits for lines. */
@unmanaged
class Walk {
  /** The range, both ends within it. */
  from: u64;
  to: u64;
  /** The last key that was visited. */
  last: u64;
  isReverse: u32;
  /** What has been visited, and how much may be. */
  count: u32;
  limit: u32;
  /** Where the next entry goes. */
  out: u32;
  /** Whether the scan reached the end of its range. */
  done: u32;
  /** A line, sorted in the scan's direction: how many entries of it. */
  size: u32;
  key0: u64;
  key1: u64;
  key2: u64;
  value0: u64;
  value1: u64;
  value2: u64;
}

const LINE_KEYS: usize = offsetof<Walk>("key0");
const LINE_VALUES: usize = offsetof<Walk>("value0");

function theWalk(): Walk {
  return changetype<Walk>(walkArea(offsetof<Walk>()));
}

/** Whether this participant's last scan reached the end of its range. */
export function isScanDone(): bool {
  return theWalk().done !== 0;
}

function lineKey(it: Walk, index: u32): u64 {
  return load<u64>(changetype<usize>(it) + ((<usize>index) << 3), LINE_KEYS);
}

function lineValue(it: Walk, index: u32): u64 {
  return load<u64>(changetype<usize>(it) + ((<usize>index) << 3), LINE_VALUES);
}

function setLineEntry(it: Walk, index: u32, key: u64, value: u64): void {
  const at = changetype<usize>(it) + ((<usize>index) << 3);
  store<u64>(at, key, LINE_KEYS);
  store<u64>(at, value, LINE_VALUES);
}

/** Sorts an entry of a line in. */
function addToLine(it: Walk, key: u64, value: u64): void {
  let at = it.size;
  while (at > 0 && lineKey(it, at - 1) > key !== (it.isReverse !== 0)) {
    setLineEntry(it, at, lineKey(it, at - 1), lineValue(it, at - 1));
    at--;
  }
  setLineEntry(it, at, key, value);
  it.size++;
}

/** Copies the entries of a line (WALK1). Returns its child; 0 if it has none. */
function readLine(it: Walk, line: usize): usize {
  while (true) {
    const loaded = loadVersion(line);
    const version = isDirty(loaded) ? stableVersion<LearnedClient>(line) : loaded;
    const state = stateOf(line);
    if (isChild(state)) return childOf(state);
    it.size = 0;
    for (let slot: u32 = 0; slot < LINE_SLOTS; slot++) {
      if (isEntry(state, slot)) addToLine(it, keyIn(line, slot), valueIn(line, slot));
    }
    if (!hasChanged(line, version)) return 0;
  }
}

/** What a scan does with entries: it copies them. */
@unmanaged
class Copying {
  visit(it: Walk, key: u64, value: u64): void {
    const out = <usize>it.out;
    store<u32>(out, KEY_BYTES);
    store<u32>(out, SCANNED_BYTES, ENTRY_BYTES);
    store<u64>(out, value, ENTRY_VALUE);
    storeIkey(out + ENTRY_KEY, key);
    it.out = <u32>(out + SCANNED_BYTES);
  }
}

/** What a count does: nothing. */
@unmanaged
class Counting {
  visit(_it: Walk, _key: u64, _value: u64): void {}
}

/** Visits the entries of the line that was read. Returns whether the scan goes on behind it. */
function visitLine<V extends Copying>(it: Walk): bool {
  const isReverse = it.isReverse !== 0;
  for (let index: u32 = 0; index < it.size; index++) {
    const key = lineKey(it, index);
    if (isReverse ? key > it.from : it.from > key) continue;
    if (isReverse ? it.to > key : key > it.to) {
      it.done = 1;
      return false;
    }
    if (it.count === it.limit) return false;
    changetype<V>(0).visit(it, key, lineValue(it, index));
    it.last = key;
    it.count++;
  }
  return true;
}

/** Visits entries until the range or the limit ends. */
function walk<V extends Copying>(it: Walk): void {
  const isReverse = it.isReverse !== 0;
  let child = readLine(it, ROOT_LINE);
  if (child === 0) {
    if (visitLine<V>(it)) it.done = 1;
    return;
  }
  let depth: i32 = -1;
  while (true) {
    if (child !== 0) {
      reachNode(child);
      setFrame(++depth, child, predict(child, it.from)); // WALK2
    }
    const node = frameNode(depth);
    const from = frameLine(depth);
    const index = isReverse ? <u32>previousLine(node, <i32>from) : nextLine(node, from);
    // Both -1 and the number of lines: this node has no more.
    if (index >= linesOf(node)) {
      if (depth === 0) {
        it.done = 1;
        return;
      }
      depth--;
      child = 0;
      continue;
    }
    setFrameLine(depth, isReverse ? index - 1 : index + 1);
    child = readLine(it, lineAt(node, index));
    if (child === 0 && !visitLine<V>(it)) return;
  }
}

/** Sets the range of a scan. False if no key can be in it. */
function setRange(it: Walk, flags: u32): bool {
  const isReverse = (flags & SCAN_REVERSE) !== 0;
  it.isReverse = u32(isReverse);
  it.from = isReverse ? u64.MAX_VALUE : 0;
  it.to = isReverse ? 0 : u64.MAX_VALUE;
  if ((flags & SCAN_HAS_START) !== 0) {
    const start = ordinalOf(participant + KEY_SCRATCH);
    const isWithin = (flags & SCAN_START_INCLUSIVE) !== 0;
    if (!isWithin && start === it.to) return false;
    it.from = isWithin ? start : isReverse ? start - 1 : start + 1;
  }
  if ((flags & SCAN_HAS_END) !== 0) {
    const end = ordinalOf(participant + BOUND_SCRATCH);
    const isWithin = (flags & SCAN_END_INCLUSIVE) !== 0;
    if (!isWithin && end === (isReverse ? u64.MAX_VALUE : 0)) return false;
    it.to = isWithin ? end : isReverse ? end + 1 : end - 1;
  }
  return isReverse ? it.from >= it.to : it.from <= it.to;
}

/** Scans the range of `flags`, whose bounds are in the scratch areas. */
function perform<V extends Copying>(flags: u32, limit: u32): u32 {
  const it = theWalk();
  it.done = 0;
  it.count = 0;
  it.limit = limit;
  it.out = <u32>firstEntry();
  if (!setRange(it, flags)) {
    it.done = 1;
    return 0;
  }
  pin(participant);
  walk<V>(it);
  unpin(participant);
  return it.count;
}

/**
 * Copies up to `limit` entries of a range to the result scratch, in order: at least one, unless the range has no more
 * (`isScanDone`). The start is in the key scratch, the end in the bound scratch.
 *
 * @param flags sum of the tree's SCAN_ flags
 * @returns how many entries
 */
export function scan(flags: u32, limit: u32): u32 {
  if (<usize>MOST_SCANNED * SCANNED_BYTES + ENTRIES > RESULT_SCRATCH_BYTES)
    ERROR("a scan does not fit in its area");
  return perform<Copying>(flags, min(max<u32>(limit, 1), MOST_SCANNED));
}

/**
 * Counts the entries of a range, `most` at most. The bounds are as for `scan`. If there are that many, leaves the last
 * key that it counted in the key scratch, and its length as a value word: a scan can go on behind it.
 */
export function count(flags: u32, most: u32): u32 {
  let from = flags;
  let counted: u32 = 0;
  const it = theWalk();
  while (counted < most) {
    const limit = min(MOST_COUNTED, most - counted);
    const some = perform<Counting>(from, limit);
    counted += some;
    if (some === limit) {
      storeIkey(participant + KEY_SCRATCH, it.last);
      from = (flags & ~SCAN_START_INCLUSIVE) | SCAN_HAS_START;
    }
    if (it.done !== 0) break;
  }
  setWordOut(KEY_BYTES);
  return counted;
}
