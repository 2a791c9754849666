/*
 * What a thread that dies leaves of the region, the allocator and the epochs, and how it is recovered: the
 * smallest structure there is, a published block that writers replace. One writer at a time: what it takes
 * out is private to it until it is retired.
 *
 *   STRUCTURE_WORDS  u32  address of the published block
 *   block            0 u64, 8 u64: equal; the last eight bytes belong to the epochs
 *
 * A recoverer finds the descriptors of the dead in its key scratch: u32 count, u32 descriptor, ...
 */
import { collect, pin, retire, tryAdvance, unpin, wasRetired } from "@masstree/epoch/assembly";
import {
  addPrivate,
  allocate,
  dropPrivate,
  free,
  KEY_SCRATCH,
  markDead,
  privateBlock,
  privateBytes,
  privateCount,
  STRUCTURE_WORDS,
} from "@masstree/memory/assembly";
import {
  attach,
  detach,
  participant,
  recover,
  recoverGone,
  recoverThread,
} from "@masstree/session/assembly";
import { endVisit, visit } from "@masstree/session/assembly/module";

export { retiredBlocks, verifyEpochs } from "@masstree/epoch/assembly";
export { createRegion, liveBlocks, verifyMemory } from "@masstree/memory/assembly";
export { abandon } from "@masstree/session/assembly/module";

/** What the structure has to say of itself. */
@unmanaged
class BlockClient {
  nodeBytes(): u32 {
    return 8;
  }

  isHere(): bool {
    return true;
  }

  attach(): bool {
    return true;
  }

  /** What is private is published, retired, or neither: then it was taken out, or never came in. */
  undo(): void {
    const published = <usize>atomic.load<u32>(STRUCTURE_WORDS);
    for (let index = privateCount(participant); index > 0; index--) {
      if (index > privateCount(participant)) continue;
      const block = privateBlock(participant, index - 1);
      if (block === 0) continue;
      if (block === published || wasRetired(participant, block)) dropPrivate(participant, block);
    }
    while (privateCount(participant) > 0) {
      const index = privateCount(participant) - 1;
      const block = privateBlock(participant, index);
      retire(participant, block, privateBytes(participant, index));
      dropPrivate(participant, block);
    }
  }

  handOver(): usize {
    return 0;
  }
}

const BYTES: u32 = 32;
const LARGE: u32 = 6000;
const HUGE: u32 = 20000;

/** Where the list of the dead is in a descriptor. */
export const scratch: usize = KEY_SCRATCH;

export function join(): u32 {
  return attach<BlockClient>(1, 0, 0) === 0 ? 1 : 0;
}

export function self(): usize {
  return participant;
}

export function part(): void {
  detach();
}

export function cycle(): u32 {
  part();
  return join();
}

export function read(): u32 {
  pin(participant);
  const block = <usize>atomic.load<u32>(STRUCTURE_WORDS);
  const torn = block !== 0 && load<u64>(block) !== load<u64>(block, 8);
  unpin(participant);
  return torn ? 1 : 0;
}

export function replace(value: u64): void {
  pin(participant);
  const block = allocate(participant, BYTES);
  store<u64>(block, value);
  store<u64>(block, value, 8);
  const old = <usize>atomic.load<u32>(STRUCTURE_WORDS);
  if (old !== 0) addPrivate(participant, old, BYTES);
  atomic.store<u32>(STRUCTURE_WORDS, <u32>block);
  dropPrivate(participant, block);
  if (old !== 0) {
    retire(participant, old, BYTES);
    dropPrivate(participant, old);
  }
  unpin(participant);
}

export function collectNow(): void {
  tryAdvance();
  collect(participant);
}

function churn(bytes: u32, count: u32): void {
  let head: usize = 0;
  for (; count > 0; count--) {
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
}

export function churnSmall(): void {
  churn(BYTES, 3);
}

export function churnLarge(): void {
  churn(LARGE, 4);
}

export function churnHuge(): void {
  churn(HUGE, 2);
}

/** Puts right what all of the dead left. */
export function recoverAll(): void {
  const list = participant + KEY_SCRATCH;
  const count = load<u32>(list);
  // All at first: whoever recovers one may have to wait for what another one holds.
  for (let index: u32 = 0; index < count; index++) {
    markDead(load<u32>(list + 4 + ((<usize>index) << 2)));
  }
  recoverMarked();
}

/** The same, if all are known to be dead. */
export function recoverMarked(): void {
  const list = participant + KEY_SCRATCH;
  const count = load<u32>(list);
  for (let index: u32 = 0; index < count; index++) {
    recover<BlockClient>(load<u32>(list + 4 + ((<usize>index) << 2)));
  }
}

/** Of a thread that is no participant and has this number: as a visitor, recovers all that are known to be dead. */
export function recoverAsVisitor(thread: u32): void {
  if (visit(1, thread) === 0) return;
  recoverGone<BlockClient>();
  endVisit();
}

/** The same for one thread that has ended, and for nobody else. */
export function recoverThreadAsVisitor(ended: u32): void {
  if (visit(1, 0) === 0) return;
  recoverThread<BlockClient>(ended);
  endVisit();
}
