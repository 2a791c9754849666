/*
 * What the explorer needs of a core besides the shipped module's exports: the allocator's, whose calls
 * the block checker watches (an export is never inlined away); and calls that make rare things common.
 */
import { retire } from "@masstree/epoch/assembly";
import {
  allocate,
  free,
  KEY_SCRATCH,
  markDead,
  PARTICIPANT_EPOCH,
  participantAt,
} from "@masstree/memory/assembly";
import { isLeaf, loadVersion } from "@masstree/nodeversion/assembly";
import { size } from "@masstree/permuter/assembly";
import { participant } from "@masstree/session/assembly";
import { childOf } from "@masstree/tree/assembly/internode";
import { nextOf, permutationOf } from "@masstree/tree/assembly/leaf";
import {
  attach,
  detach,
  endVisit,
  releaseGone,
  unrecovered,
  visit,
} from "@masstree/tree/assembly/module";
import { mapRoot } from "@masstree/tree/assembly/tree-words";

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

/** Leaves the map, and joins it again. */
export function cycle(): u32 {
  detach();
  return attach(1, 0, 0);
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

/** Says who has died: a bit of the word in the key scratch for each participant's index. */
export function mark(): void {
  const dead = load<u32>(participant, KEY_SCRATCH);
  for (let index: u32 = 0; index < 32; index++) {
    if ((dead >> index) & 1) markDead(participantAt(index));
  }
}

/** As `mark`, and takes over from them. */
export function bury(): u32 {
  mark();
  return releaseGone();
}

/** As `bury`, until there is nothing left to take over: what is in the way of that is given back some time. */
export function buryAtLast(): void {
  mark();
  do {
    releaseGone();
  } while (unrecovered() !== 0);
}

/** Of a thread that is no participant: recovers those that are known to have died, as a visitor. */
export function recoverAsVisitor(): void {
  if (visit(1, 0) === 0) return;
  releaseGone();
  endVisit();
}

/** How many leaves of the first layer have no entry, while nobody writes. */
export function emptyLeaves(): u32 {
  let node = mapRoot();
  while (!isLeaf(loadVersion(node))) node = childOf(node, 0);
  let count: u32 = 0;
  for (; node !== 0; node = nextOf(node)) {
    if (size(permutationOf(node)) === 0) count++;
  }
  return count;
}
