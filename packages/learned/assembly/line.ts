/*
 * A line: where a node's model puts a key. 64 bytes, one cache line, with room for three entries.
 *
 *     0    u64     version: lock and change counter (@masstree/nodeversion)
 *     8    u64     state
 *     16   u64[3]  keys        (ordinals)
 *     40   u64[3]  values
 *
 *     state   bit  63 ........ 32   15 ....... 8   7        6      5  4   3  2   1  0
 *                  +--------------+--------------+---------+-------+------+------+------+
 *                  | child        | FROZEN       | PENDING | CHILD | slot | slot | slot |
 *                  |              | by whom      |         |       | 2    | 1    | 0    |
 *                  +--------------+--------------+---------+-------+------+------+------+
 *
 *     slot     0 EMPTY      nothing was ever here
 *              1 ENTRY      key and value are an entry
 *              2 TOMBSTONE  an entry was here; a reader may still believe in it
 *     CHILD    all keys of the line are in the node at `child`; the slots have no meaning
 *     FROZEN   the number of the participant that rebuilds a subtree with this line in it; 0: nobody
 *     PENDING  only in private nodes (build.ts)
 *
 * Invariants
 *   LINE1  Whoever holds the lock alone changes the line, by the journal. There is one exception: a rebuild sets and
 *          clears FROZEN outside of it (rebuild.ts FREEZE1).
 *   LINE2  The state is one word. So a line turns from entries to a child, from child to child, and gains an entry in
 *          an EMPTY slot, by one store that comes after the words that it tells of: readers are not disturbed.
 *   LINE3  A key is written into a slot that was EMPTY, or under the mark INSERTING: then readers of the older state
 *          look again.
 *   LINE4  Values are single words: a reader gets the old one or the new one.
 *   LINE5  An entry is in the line that its node's model says, and no key is twice in a line.
 */
import { LINE_LOCK_BYTES } from "./words";

@unmanaged
class Line {
  version: u64;
  state: u64;
  key0: u64;
  key1: u64;
  key2: u64;
  value0: u64;
  value1: u64;
  value2: u64;
}

/** Bytes of a line. */
export const LINE_BYTES: usize = offsetof<Line>();
/** How many entries a line has room for. */
export const LINE_SLOTS: u32 = 3;

const STATE: usize = offsetof<Line>("state");
const KEYS: usize = offsetof<Line>("key0");
const VALUES: usize = offsetof<Line>("value0");

/** What a slot is. */
export const EMPTY: u64 = 0;
export const ENTRY: u64 = 1;
export const TOMBSTONE: u64 = 2;

/** One bit of each slot: the one that entries have. */
const ENTRIES: u64 = 0b010101;
/** All bits of the slots. */
const SLOTS: u64 = 0b111111;
const CHILD: u64 = 1 << 6;
const PENDING: u64 = 1 << 7;
const FROZEN_SHIFT: u64 = 8;
/** The bits that say who froze the line. */
const FROZEN: u64 = 0xff << FROZEN_SHIFT;
const CHILD_SHIFT: u64 = 32;
/** Three slots that were in use, and have no entries. */
export const ALL_TOMBSTONES: u64 = ENTRIES << 1;

/** The state of a line. */
export function stateOf(line: usize): u64 {
  if (LINE_BYTES !== LINE_LOCK_BYTES) ERROR("a line is not what the session reaches of it");
  return atomic.load<u64>(line, STATE);
}

/** Address of the state. */
export function stateField(line: usize): usize {
  return line + STATE;
}

/** Sets the state of a line of a private node, or FROZEN of a line whose lock this thread holds. */
export function storeState(line: usize, state: u64): void {
  atomic.store<u64>(line, state, STATE);
}

/** Whether the line's keys are in a node below. */
export function isChild(state: u64): bool {
  return (state & CHILD) !== 0;
}

/** That node. */
export function childOf(state: u64): usize {
  return <usize>(state >> CHILD_SHIFT);
}

/** The state of a line whose keys are in the node at `child`. */
export function childState(child: usize): u64 {
  return CHILD | ((<u64>child) << CHILD_SHIFT);
}

/** Who has frozen the line; 0: nobody. */
export function frozenBy(state: u64): u32 {
  return <u32>((state & FROZEN) >> FROZEN_SHIFT);
}

/** The same state, frozen by a participant. */
export function frozenState(state: u64, by: u32): u64 {
  return state | ((<u64>by) << FROZEN_SHIFT);
}

/** Thaws a line that a participant has frozen. Takes no lock (FREEZE1). */
export function thaw(line: usize): void {
  atomic.and<u64>(line, ~FROZEN, STATE);
}

/** Whether a line has no entries and no child. */
export function isVacant(state: u64): bool {
  return (state & (ENTRIES | CHILD)) === 0;
}

/** How many entries a line without a child has. */
export function entriesIn(state: u64): u32 {
  return <u32>popcnt(state & ENTRIES);
}

/** Whether slot `slot` is an entry. */
export function isEntry(state: u64, slot: u32): bool {
  return ((state >> (slot << 1)) & 3) === ENTRY;
}

/** Whether slot `slot` is a tombstone. */
export function isTombstone(state: u64, slot: u32): bool {
  return ((state >> (slot << 1)) & 3) === TOMBSTONE;
}

/** The same state, in which a slot is something else. */
export function withSlot(state: u64, slot: u32, what: u64): u64 {
  const shift = (<u64>slot) << 1;
  return (state & ~((<u64>3) << shift)) | (what << shift);
}

/** The state of a line with entries in its first `count` slots. */
export function firstEntries(count: u32): u64 {
  return ENTRIES & (((<u64>1) << (count << 1)) - 1);
}

/** The same for a line that was in use: tombstones in the other slots. */
export function firstEntriesOfUsed(count: u32): u64 {
  const entries = firstEntries(count);
  return entries | (ALL_TOMBSTONES & ~(entries << 1));
}

/** The slot for a new entry: an EMPTY one if there is any, else a tombstone; -1 if there is none. */
export function freeSlot(state: u64): i32 {
  const empty = ~(state | (state >> 1)) & ENTRIES;
  if (empty !== 0) return <i32>(ctz(empty) >> 1);
  const tombs = (state >> 1) & ENTRIES;
  return tombs !== 0 ? <i32>(ctz(tombs) >> 1) : -1;
}

/** Whether the bits of a state that nobody is changing make sense. */
export function isSound(state: u64): bool {
  if ((state & (PENDING | FROZEN | 0xffff_0000)) !== 0) return false;
  if (isChild(state)) return (state & SLOTS) === 0 && childOf(state) !== 0;
  return childOf(state) === 0 && (state & (state >> 1) & ENTRIES) === 0;
}

/** The key in a slot. */
export function keyIn(line: usize, slot: u32): u64 {
  return atomic.load<u64>(line + (slot << 3), KEYS);
}

/** The value word in a slot. */
export function valueIn(line: usize, slot: u32): u64 {
  return atomic.load<u64>(line + (slot << 3), VALUES);
}

/** Address of the key in a slot. */
export function keyField(line: usize, slot: u32): usize {
  return line + KEYS + (slot << 3);
}

/** Address of the value word in a slot. */
export function valueField(line: usize, slot: u32): usize {
  return line + VALUES + (slot << 3);
}

/** The slot that has a key, in a line with this state; -1 if none has it. */
export function slotOf(line: usize, state: u64, key: u64): i32 {
  if (isEntry(state, 0) && keyIn(line, 0) === key) return 0;
  if (isEntry(state, 1) && keyIn(line, 1) === key) return 1;
  if (isEntry(state, 2) && keyIn(line, 2) === key) return 2;
  return -1;
}

/** Fills a slot of a line that is private. */
export function fillSlot(line: usize, slot: u32, key: u64, value: u64): void {
  store<u64>(keyField(line, slot), key);
  store<u64>(valueField(line, slot), value);
}

/** Notes in a private line which entries its child is to be built of. */
export function fillPending(line: usize, entries: usize, count: u32): void {
  fillSlot(line, 0, entries, count);
  storeState(line, PENDING);
}

/** Whether a private line waits for its child. */
export function isPending(line: usize): bool {
  return (load<u64>(line, STATE) & PENDING) !== 0;
}

/** The first entry of those. */
export function pendingEntries(line: usize): usize {
  return <usize>load<u64>(keyField(line, 0));
}

/** How many they are. */
export function pendingCount(line: usize): u32 {
  return <u32>load<u64>(valueField(line, 0));
}
