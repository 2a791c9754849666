/*
 * Region, allocator and epochs as the explorer runs them: threads that join, allocate, publish a block,
 * replace it, read it and leave.
 *
 *   STRUCTURE_WORDS  u32  address of the published block
 *               + 4  u32  address of a block that is passed on (`dropAllPrivate`, `takeOver`), or 0
 *               + 8  u32  how many blocks `crowd` has kept
 *   block       0 u64, 8 u64: equal; the last eight bytes belong to the epochs
 */
import { collect, leave, pin, retire, tryAdvance, unpin } from "@masstree/epoch/assembly";
import {
  allocate,
  dropPrivate,
  free,
  dropAllPrivate as letGoOfAll,
  liveBlocks,
  liveBytes,
  PARTICIPANT_EPOCH,
  register,
  STRUCTURE_WORDS,
  unregister,
} from "@masstree/memory/assembly";

export { retiredBlocks, retiredBytes, verifyEpochs } from "@masstree/epoch/assembly";
export { createRegion, liveBlocks, verifyMemory } from "@masstree/memory/assembly";
export { allocate, free, tryAdvance };

const BYTES: u32 = 32;
const LARGE: u32 = 6000;
const OTHER: u32 = 400;
const HUGE: u32 = 20000;

let participant: usize = 0;

export function join(): u32 {
  participant = register();
  return participant !== 0 ? 1 : 0;
}

export function part(): void {
  leave(participant);
  unregister(participant);
  participant = 0;
}

export function cycle(): u32 {
  part();
  return join();
}

/** Address of the word in which this thread announces that it is pinned. */
export function announcement(): usize {
  return participant + PARTICIPANT_EPOCH;
}

/** A call that the block checker can watch: the epochs' own is generic, and inlined. */
export function retireBlock(block: usize, bytes: u32): void {
  retire(participant, block, bytes);
}

/** Publishes a new block in place of the old one, which is retired. */
export function replace(value: u64): void {
  pin(participant);
  const block = allocate(participant, BYTES);
  store<u64>(block, value);
  store<u64>(block, value, 8);
  const old = atomic.xchg<u32>(STRUCTURE_WORDS, <u32>block);
  dropPrivate(participant, block);
  if (old !== 0) retireBlock(<usize>old, BYTES);
  unpin(participant);
}

/** 1 when the published block was torn, else 0. */
export function read(): u32 {
  pin(participant);
  const block = <usize>atomic.load<u32>(STRUCTURE_WORDS);
  const torn = block !== 0 && load<u64>(block) !== load<u64>(block, 8);
  unpin(participant);
  return torn ? 1 : 0;
}

/** As `read`, with a pin within the pin. */
export function readNested(): u32 {
  pin(participant);
  const torn = read();
  const block = <usize>atomic.load<u32>(STRUCTURE_WORDS);
  const again = block !== 0 && load<u64>(block) !== load<u64>(block, 8);
  unpin(participant);
  return torn !== 0 || again ? 1 : 0;
}

export function collectNow(): void {
  tryAdvance();
  collect(participant);
}

function allocateFree(bytes: u32, count: u32): u32 {
  let head: usize = 0;
  let got: u32 = 0;
  for (; got < count; got++) {
    const block = allocate(participant, bytes);
    if (block === 0) break;
    store<usize>(block, head);
    head = block;
  }
  while (head !== 0) {
    const next = load<usize>(head);
    free(participant, head, bytes);
    head = next;
  }
  return got;
}

/** How many blocks something leads to: all that may be live in the end. */
export function blocksInUse(): u32 {
  const published: u32 = load<u32>(STRUCTURE_WORDS) !== 0 ? 1 : 0;
  const passed: u32 = load<u32>(STRUCTURE_WORDS, 4) !== 0 ? 1 : 0;
  return published + passed + load<u32>(STRUCTURE_WORDS, 8);
}

/** What a thread reads of all others meanwhile. */
export function statistics(): u32 {
  return liveBytes() < 0 || liveBlocks() > 1000 ? 1 : 0;
}

/**
 * Fills the region, and frees all but one block of each slab: from now on small blocks come from slabs of a larger class,
 * unless one of their own has some.
 */
export function crowd(): void {
  let kept: usize = 0;
  let head: usize = 0;
  while (true) {
    const block = allocate(participant, LARGE);
    if (block === 0) break;
    if (block - kept < 28_000) {
      store<usize>(block, head);
      head = block;
    } else {
      kept = block;
      store<u32>(STRUCTURE_WORDS, load<u32>(STRUCTURE_WORDS, 8) + 1, 8);
    }
  }
  letGoOfAll(participant);
  while (head !== 0) {
    const next = load<usize>(head);
    free(participant, head, LARGE);
    head = next;
  }
}

export function churnOther(): u32 {
  return allocateFree(OTHER, 3);
}

export function churnSmall(): u32 {
  return allocateFree(BYTES, 3);
}

export function churnLarge(): u32 {
  return allocateFree(LARGE, 4);
}

export function churnHuge(): u32 {
  return allocateFree(HUGE, 2);
}

/** Leaves a block for another thread to free: puts it where `takeOver` finds it. */
export function dropAllPrivate(): void {
  const block = allocate(participant, LARGE);
  store<u64>(block, 7);
  const old = atomic.xchg<u32>(STRUCTURE_WORDS + 4, <u32>block);
  dropPrivate(participant, block);
  if (old !== 0) free(participant, <usize>old, LARGE);
}

export function takeOver(): u32 {
  const block = <usize>atomic.xchg<u32>(STRUCTURE_WORDS + 4, 0);
  if (block === 0) return 0;
  const value = load<u64>(block);
  free(participant, block, LARGE);
  return value === 7 ? 0 : 1;
}
