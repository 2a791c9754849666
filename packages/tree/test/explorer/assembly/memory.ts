/*
 * What the explorer needs of the core of any structure, besides what its shipped module exports: the allocator's calls,
 * which the block checker watches (an export is never inlined away), and calls that make memory rare.
 */
import { retire } from "@masstree/epoch/assembly";
import { allocate, free, PARTICIPANT_EPOCH } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";

export { tryAdvance } from "@masstree/epoch/assembly";
export { verifyMemory } from "@masstree/memory/assembly";
export { allocate, free };

/**
 * The epochs' own `retire`, which has two callers by this one: else it would be inlined, and nobody could
 * watch it.
 */
export function retireBlock(block: usize, bytes: u32): void {
  retire(participant, block, bytes);
}

/** Address of the word in which this thread announces that it is pinned. */
export function announcement(): usize {
  return participant + PARTICIPANT_EPOCH;
}

/** Bytes of a block of `churn`: of a class whose caches and slabs hold few. */
const LARGE: u32 = 6000;
const BLOCKS: u32 = 4;

/** Bytes of the largest and of the smallest run of pages that `fill` takes. */
const FILL_MOST: u32 = 1 << 20;
const FILL_LEAST: u32 = 8192;

/** Allocates some large blocks, chained through their first words, and frees them. */
export function churn(): u32 {
  let head: usize = 0;
  let count: u32 = 0;
  for (let left = BLOCKS; left > 0; left--) {
    const block = allocate(participant, LARGE);
    if (block === 0) break;
    store<usize>(block, head);
    head = block;
    count++;
  }
  while (head !== 0) {
    const next = load<usize>(head);
    free(participant, head, LARGE);
    head = next;
  }
  return count;
}

/** The runs of pages that `fill` took: the next one and the size are the first words of each. */
let filler: usize = 0;

/** Takes every run of free pages, in a region that cannot grow meanwhile. */
export function fill(): void {
  for (let bytes = FILL_MOST; bytes >= FILL_LEAST; bytes >>= 1) {
    for (let run = allocate(participant, bytes); run !== 0; run = allocate(participant, bytes)) {
      store<usize>(run, filler);
      store<u32>(run, bytes, 4);
      filler = run;
    }
  }
}

/** Gives back what `fill` took. */
export function unfill(): void {
  while (filler !== 0) {
    const run = filler;
    filler = load<usize>(run);
    free(participant, run, load<u32>(run, 4));
  }
}
