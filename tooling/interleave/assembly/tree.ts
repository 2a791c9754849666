// The tree as the explorer runs it: the shipped module's exports; the allocator's, whose calls the
// block checker watches (an export is never inlined away); and calls that make rare things common.
import { allocate, free, KEY_SCRATCH, markDead, participantAt } from "@masstree/memory/assembly";
import { participant } from "@masstree/tree/assembly";
import { attach, detach, releaseGone } from "@masstree/tree/assembly/module";

export { tryAdvance } from "@masstree/epoch/assembly";
export { verifyMemory } from "@masstree/memory/assembly";
export * from "@masstree/tree/assembly/module";
export { allocate, free };

/** Bytes of a block of `churn`: of a class whose caches and slabs hold few. */
const LARGE: u32 = 6000;
const BLOCKS: u32 = 4;

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

/** Leaves the map, and joins it again. */
export function cycle(): u32 {
  detach();
  return attach(1);
}

/** Takes over from the dead: a bit of the word in the key scratch for each participant's index. */
export function bury(): u32 {
  const dead = load<u32>(participant, KEY_SCRATCH);
  for (let index: u32 = 0; index < 32; index++) {
    if ((dead >> index) & 1) markDead(participantAt(index));
  }
  return releaseGone();
}
