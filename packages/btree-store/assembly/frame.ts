/*
 * Frames, which are pages in memory, and the table's own memory: docs/design.md, 'Memory'. table.ts works on them.
 *
 *   byte of a frame
 *   0   number    u32  of the page; never changes
 *   4   used      u32  1 if it was used since the clock's hand last came by (atomic; a hint)
 *   8   dirty     u32  1 if it is the transaction's (atomic); only the writer clears it
 *   12  next      u32  the next dirty frame, 0 = none: the writer's
 *   16  previous  u32  the dirty frame before, 0 = none: the writer's
 *   20  link 0    u32  the next frame of its bucket, in tables of side 0 (atomic)
 *   24  link 1    u32  the same, in tables of side 1
 *   28  heads     u32  whether the page's heads are there, and which (atomic): heads.ts
 *   32  the page, then 32 bytes, and its heads from a multiple of 64 on; then 8 bytes for @masstree/epoch
 *
 *   the word `table`, u64:   address of the table | log2 of its buckets << 32 | its side << 40
 *   a bucket, u32:           the first frame, 0 = none
 *
 * A table that grows is a new block of the other side: so those who still look through the former one find its links
 * as they were.
 */
import { RETIRE_TAIL } from "@masstree/epoch/assembly";
import { allocate, reachTo } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { pageBytes } from "./words";

@unmanaged
class Frame {
  number: u32;
  used: u32;
  dirty: u32;
  next: u32;
  previous: u32;
  link0: u32;
  link1: u32;
  heads: u32;
}

/** Bytes of a frame before its page. */
export const FRAME_HEAD: usize = 32;
/** Offsets that JavaScript uses, from the page. */
export const NUMBER_BEFORE: u32 = <u32>(FRAME_HEAD - offsetof<Frame>("number"));
export const NEXT_BEFORE: u32 = <u32>(FRAME_HEAD - offsetof<Frame>("next"));

/** Bytes between a page and its heads, so that these begin where a cache line does. */
const HEADS_GAP: u32 = 32;

/**
 * How many heads a frame has room for: as many as cost no memory. The allocator gives a frame of 4 KiB a block of 4,608
 * bytes, and a larger one whole pages.
 */
export function headsRoom(): u32 {
  return (pageBytes() === 4096 ? 416 : min<u32>(pageBytes() >> 3, 3968)) >> 2;
}

/** Address of the heads of a page. */
export function headsAt(page: usize): usize {
  return page + pageBytes() + HEADS_GAP;
}

/** What heads.ts says of them. */
export function headsWord(page: usize): u32 {
  return atomic.load<u32>(page - FRAME_HEAD, offsetof<Frame>("heads"));
}

export function setHeadsWord(page: usize, word: u32): void {
  atomic.store<u32>(page - FRAME_HEAD, word, offsetof<Frame>("heads"));
}

/** Bytes of a frame. */
export function frameBytes(): u32 {
  return <u32>FRAME_HEAD + pageBytes() + HEADS_GAP + (headsRoom() << 2) + <u32>RETIRE_TAIL;
}

/** A frame as an object, for what only one thread at a time uses. */
export function frameOf(page: usize): Frame {
  return changetype<Frame>(page - FRAME_HEAD);
}

/** The number of a frame's page, also if its header is not written yet. */
export function numberIn(page: usize): u32 {
  return load<u32>(page - FRAME_HEAD, offsetof<Frame>("number"));
}

/** Whether a page in memory is the transaction's. */
export function isDirty(page: usize): bool {
  return atomic.load<u32>(page - FRAME_HEAD, offsetof<Frame>("dirty")) !== 0;
}

export function setDirty(page: usize, dirty: u32): void {
  atomic.store<u32>(page - FRAME_HEAD, dirty, offsetof<Frame>("dirty"));
}

export function isUsed(page: usize): bool {
  return atomic.load<u32>(page - FRAME_HEAD, offsetof<Frame>("used")) !== 0;
}

export function setUsed(page: usize, used: u32): void {
  atomic.store<u32>(page - FRAME_HEAD, used, offsetof<Frame>("used"));
}

/** Address of a frame's link in tables of a side. */
export function linkAt(page: usize, side: u32): usize {
  return page - FRAME_HEAD + offsetof<Frame>("link0") + ((<usize>side) << 2);
}

/** A private frame that is not in the table yet, with nothing in its page; 0 when the region is full. */
export function makeFrame(number: u32): usize {
  const frame = allocate(participant, frameBytes());
  if (frame === 0) return 0;
  reachTo(frame, frameBytes());
  const it = changetype<Frame>(frame);
  it.number = number;
  it.next = 0;
  it.previous = 0;
  it.link0 = 0;
  it.link1 = 0;
  setUsed(frame + FRAME_HEAD, 1);
  setDirty(frame + FRAME_HEAD, 0);
  setHeadsWord(frame + FRAME_HEAD, 0);
  return frame + FRAME_HEAD;
}

/** Bytes of a table of 2^bits buckets. */
export function tableBytes(bits: u32): u32 {
  return ((<u32>4) << bits) + <u32>RETIRE_TAIL;
}

/** A private table without frames, as the word that stands for it; 0 when the region is full. */
export function makeTable(bits: u32, side: u32): u64 {
  const table = allocate(participant, tableBytes(bits));
  if (table === 0) return 0;
  reachTo(table, tableBytes(bits));
  memory.fill(table, 0, tableBytes(bits));
  return <u64>table | ((<u64>bits) << 32) | ((<u64>side) << 40);
}

export function addressOf(table: u64): usize {
  return <usize>(<u32>table);
}

export function bitsOf(table: u64): u32 {
  return <u32>(table >> 32) & 255;
}

export function sideOf(table: u64): u32 {
  return <u32>(table >> 40);
}

/** Address of the bucket of a page number: multiplicative hashing (Knuth, volume 3, 6.4). */
export function bucketAt(table: u64, number: u32): usize {
  return addressOf(table) + ((<usize>((number * 0x9e3779b1) >> (32 - bitsOf(table)))) << 2);
}

/** Takes the words of `prefetch`. It is exported so that the optimiser does not remove the loads. */
export let prefetched: u32 = 0;

/**
 * Fetches what a search of a page looks at first, all at once: otherwise it would wait for the frame, then for the heads,
 * then for the slots. No word is used, so any may be torn. Builds for tests leave it out.
 */
export function prefetch(page: usize): void {
  if (DEBUG) return;
  const heads = headsAt(page);
  prefetched = load<u32>(heads) ^ load<u32>(heads + 64) ^ load<u32>(page, 32);
}
