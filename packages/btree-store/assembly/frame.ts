/*
 * Frames, which are pages in memory, and the table that leads to them: docs/design.md, 'Memory'.
 *
 *   byte of a frame
 *   0   number    u32  of the page
 *   4   state     u32  DIRTY, USED
 *   8   next      u32  the next dirty frame, 0 = none
 *   12  previous  u32  the dirty frame before, 0 = none
 *   32  the page, then 8 bytes for @masstree/epoch
 *
 *   a word of the table, u64:   number of the page | address of the frame << 32      0 = free
 *
 * The table is a hash table with linear probing: a number is at its own slot or at one of the next ones, without a
 * free slot in between. Removal moves later ones back, so there are no marks of removed ones.
 *
 * Invariants
 *   FRAME1  A frame is in the table while anyone may find it. It leaves the table before it is retired, and is freed
 *           when no thread is pinned that may have found it.
 *   FRAME2  A frame of a committed page never changes. A dirty frame is the transaction's alone: no state leads to
 *           its number yet.
 *   FRAME3  A page number that is taken anew may have a frame with former contents, which nobody needs: the new
 *           frame replaces it.
 *   FRAME4  Only clean frames are evicted, and only between operations: an operation may keep addresses.
 */
import { RETIRE_TAIL, retire } from "@masstree/epoch/assembly";
import { allocate, dropAllPrivate, free } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { FAULT_CORRUPT, FAULT_MEMORY, FAULT_READ, note } from "./fault";
import { load as loadPage } from "./host";
import { SOUND, validate } from "./page";
import { words } from "./words";

@unmanaged
class Frame {
  number: u32;
  state: u32;
  next: u32;
  previous: u32;
}

/** Bytes of a frame before its page. */
export const FRAME_HEAD: usize = 32;
/** Offsets that JavaScript uses, from the page. */
export const NUMBER_BEFORE: u32 = 32;
export const NEXT_BEFORE: u32 = 24;

const DIRTY: u32 = 1;
const USED: u32 = 2;

function frameBytes(): u32 {
  return <u32>FRAME_HEAD + words().pageBytes + <u32>RETIRE_TAIL;
}

function frameOf(page: usize): Frame {
  return changetype<Frame>(page - FRAME_HEAD);
}

/** The slot where the search for a number begins: multiplicative hashing (Knuth, volume 3, 6.4). */
function homeOf(number: u32): u32 {
  return (number * 0x9e3779b1) >> (32 - words().tableBits);
}

function slotMask(): u32 {
  return ((<u32>1) << words().tableBits) - 1;
}

/** A block of the region that belongs to the structure from now on; 0 when there is none. */
export function take(bytes: u32): usize {
  const block = allocate(participant, bytes);
  if (block !== 0) dropAllPrivate(participant);
  return block;
}

/** Makes an empty table of 2^bits slots. False when the region is full. */
export function makeTable(bits: u32): bool {
  const table = take((<u32>8) << bits);
  if (table === 0) return false;
  memory.fill(table, 0, (<usize>8) << bits);
  words().tableBits = bits;
  words().table = <u32>table;
  return true;
}

/** The page with a number if it is in memory; 0 if not. */
export function cached(number: u32): usize {
  const table: usize = words().table;
  const mask = slotMask();
  let slot = homeOf(number);
  while (true) {
    const word = load<u64>(table + ((<usize>slot) << 3));
    if (<u32>word === number && word !== 0) {
      const frame = <usize>(word >> 32);
      const it = changetype<Frame>(frame);
      if ((it.state & USED) === 0) it.state |= USED;
      return frame + FRAME_HEAD;
    }
    if (word === 0) return 0;
    slot = (slot + 1) & mask;
  }
}

/** The page with a number, from memory or from the file; after a fault, an empty leaf. */
export function fetch(number: u32): usize {
  const found = cached(number);
  return found !== 0 ? found : read(number);
}

function read(number: u32): usize {
  if (number < 2) {
    note(FAULT_CORRUPT, number, 0);
    return words().nowhere;
  }
  const page = makeFrame(number);
  if (page === 0) return words().nowhere;
  let how = SOUND;
  const isRead = loadPage(number, page) !== 0;
  if (isRead) how = validate(page, number, words().newest);
  if (!isRead || how !== SOUND || !insert(page)) {
    if (!isRead) note(FAULT_READ, number, 0);
    else if (how !== SOUND) note(FAULT_CORRUPT, number, how);
    free(participant, page - FRAME_HEAD, frameBytes());
    return words().nowhere;
  }
  return page;
}

/** A frame that is not in the table yet, with nothing in its page; 0 when the region is full. */
function makeFrame(number: u32): usize {
  const frame = take(frameBytes());
  if (frame === 0) {
    note(FAULT_MEMORY, number, 0);
    return 0;
  }
  const it = changetype<Frame>(frame);
  it.number = number;
  it.state = USED;
  it.next = 0;
  it.previous = 0;
  return frame + FRAME_HEAD;
}

/** Puts a frame into the table, in place of another with its number (FRAME3). False when the region is full. */
function insert(page: usize): bool {
  const it = words();
  const slots = slotMask() + 1;
  if ((it.frames + 1) << 1 > slots && !growTable()) {
    note(FAULT_MEMORY, frameOf(page).number, 0);
    return false;
  }
  const former = place(page);
  if (former === 0) it.frames++;
  else retire(participant, former, frameBytes());
  return true;
}

/** Writes a frame's word to the table, and returns the frame whose word it replaces. */
function place(page: usize): usize {
  const number = frameOf(page).number;
  const table: usize = words().table;
  const mask = slotMask();
  let slot = homeOf(number);
  let word: u64;
  while (true) {
    word = load<u64>(table + ((<usize>slot) << 3));
    if (word === 0 || <u32>word === number) break;
    slot = (slot + 1) & mask;
  }
  const address = <u64>(page - FRAME_HEAD);
  atomic.store<u64>(table + ((<usize>slot) << 3), (address << 32) | <u64>number);
  return <usize>(word >> 32);
}

function growTable(): bool {
  const old: usize = words().table;
  const bits = words().tableBits;
  if (!makeTable(bits + 1)) return false;
  for (let slot: usize = 0; slot < (<usize>1) << bits; slot++) {
    const frame = <usize>(load<u64>(old + (slot << 3)) >> 32);
    if (frame !== 0) place(frame + FRAME_HEAD);
  }
  retire(participant, old, (<u32>8) << bits);
  return true;
}

/** Takes a number's frame out of the table and retires it, if there is one (FRAME1). */
export function forget(number: u32): void {
  const table: usize = words().table;
  const mask = slotMask();
  let slot = homeOf(number);
  while (true) {
    const word = load<u64>(table + ((<usize>slot) << 3));
    if (word === 0) return;
    if (<u32>word === number) {
      removeAt(slot);
      retire(participant, <usize>(word >> 32), frameBytes());
      return;
    }
    slot = (slot + 1) & mask;
  }
}

/** Empties a slot, and moves later words back that could not be found otherwise (Knuth, volume 3, 6.4, R). */
function removeAt(slot: u32): void {
  const table: usize = words().table;
  const mask = slotMask();
  let hole = slot;
  let at = slot;
  while (true) {
    at = (at + 1) & mask;
    const word = load<u64>(table + ((<usize>at) << 3));
    if (word === 0) break;
    // It may move to the hole if its home is not between the hole, exclusive, and its slot, inclusive.
    if (((at - homeOf(<u32>word)) & mask) >= ((at - hole) & mask)) {
      atomic.store<u64>(table + ((<usize>hole) << 3), word);
      hole = at;
    }
  }
  atomic.store<u64>(table + ((<usize>hole) << 3), 0);
  words().frames--;
}

/** Whether there are more clean frames than may stay. Dirty ones do not count: their number is the transaction's. */
export function isOverLimit(): bool {
  const it = words();
  return it.frames - it.dirtyCount > it.limit;
}

/**
 * Evicts clean frames until the limit holds: the clock algorithm (Corbato, 1968). Between operations (FRAME4). O(1) on
 * average for each frame that was added, however many are dirty, as long as some part of the frames is clean.
 */
export function trim(): void {
  const it = words();
  let left = (<u32>2) << it.tableBits; // Twice around: once to see who is used, once to evict.
  while (isOverLimit() && left > 0) {
    left--;
    const slot = it.hand & slotMask();
    const word = load<u64>(<usize>it.table + ((<usize>slot) << 3));
    if (word !== 0) {
      const frame = changetype<Frame>(<usize>(word >> 32));
      if (frame.state === 0) {
        removeAt(slot); // Another may have moved to the slot: look at it again.
        retire(participant, changetype<usize>(frame), frameBytes());
        continue;
      }
      frame.state &= ~USED;
    }
    it.hand = slot + 1;
  }
}

/** A dirty frame for a page number that was taken just now; 0 after a fault. */
export function makeDirty(number: u32): usize {
  const page = makeFrame(number);
  if (page === 0) return 0;
  if (!insert(page)) {
    free(participant, page - FRAME_HEAD, frameBytes());
    return 0;
  }
  const it = words();
  const frame = frameOf(page);
  const first: usize = it.dirty;
  frame.state = DIRTY | USED;
  frame.next = <u32>first;
  if (first !== 0) changetype<Frame>(first).previous = <u32>changetype<usize>(frame);
  it.dirty = <u32>changetype<usize>(frame);
  it.dirtyCount++;
  return page;
}

/** The number of a page that makeDirty has just made, whose header is not written yet. */
export function numberIn(page: usize): u32 {
  return frameOf(page).number;
}

/** Forgets a dirty page, whose number the transaction gives back. */
export function dropDirty(page: usize): void {
  const frame = frameOf(page);
  if ((frame.state & DIRTY) === 0) return;
  unlink(frame);
  forget(frame.number);
}

function unlink(frame: Frame): void {
  const it = words();
  if (frame.previous === 0) it.dirty = frame.next;
  else changetype<Frame>(frame.previous).next = frame.next;
  if (frame.next !== 0) changetype<Frame>(frame.next).previous = frame.previous;
  it.dirtyCount--;
}

/** Whether a page in memory is the transaction's. */
export function isDirty(page: usize): bool {
  return (frameOf(page).state & DIRTY) !== 0;
}

/** All dirty frames are clean from now on: they were written, and a state leads to them. */
export function settleDirty(): void {
  const it = words();
  for (let at: usize = it.dirty; at !== 0; ) {
    const frame = changetype<Frame>(at);
    at = frame.next;
    frame.state = USED;
    frame.next = 0;
    frame.previous = 0;
  }
  it.dirty = 0;
  it.dirtyCount = 0;
}

/** Forgets all dirty frames. */
export function discardDirty(): void {
  const it = words();
  while (it.dirty !== 0) dropDirty(<usize>it.dirty + FRAME_HEAD);
}
