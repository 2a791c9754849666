// What a thread that dies leaves of the region, the allocator and the epochs, and who puts it right.
//
// As reclaim.ts, for one writer at a time: what it takes out of use is in its hand until it is retired.
// A recoverer finds the descriptors of the dead in its key scratch: u32 count, u32 descriptor, ...
import {
  collect,
  leave,
  pin,
  recoverEpochs,
  retire,
  settleEpochs,
  tryAdvance,
  unpin,
  wasRetired,
} from "@masstree/epoch/assembly";
import {
  actFor,
  actForNone,
  allocate,
  claimRecovery,
  free,
  handBlock,
  handBytes,
  handCount,
  KEY_SCRATCH,
  letGo,
  markDead,
  recoverMemory,
  register,
  settleMemory,
  TREE_WORDS,
  takeInHand,
  unregister,
} from "@masstree/memory/assembly";

export { retiredBlocks, verifyEpochs } from "@masstree/epoch/assembly";
export { createRegion, liveBlocks, verifyMemory } from "@masstree/memory/assembly";

const BYTES: u32 = 32;
const LARGE: u32 = 6000;
const HUGE: u32 = 20000;

let participant: usize = 0;

/** Where the list of the dead is in a descriptor. */
export const scratch: usize = KEY_SCRATCH;

export function join(): u32 {
  participant = register();
  return participant !== 0 ? 1 : 0;
}

export function self(): usize {
  return participant;
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

export function read(): u32 {
  pin(participant);
  const block = <usize>atomic.load<u32>(TREE_WORDS);
  const torn = block !== 0 && load<u64>(block) !== load<u64>(block, 8);
  unpin(participant);
  return torn ? 1 : 0;
}

export function replace(value: u64): void {
  pin(participant);
  const block = allocate(participant, BYTES);
  store<u64>(block, value);
  store<u64>(block, value, 8);
  const old = <usize>atomic.load<u32>(TREE_WORDS);
  if (old !== 0) takeInHand(participant, old, BYTES);
  atomic.store<u32>(TREE_WORDS, <u32>block);
  letGo(participant, block);
  if (old !== 0) {
    retire(participant, old, BYTES);
    letGo(participant, old);
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

/** Puts right what one dead participant left. */
function recover(dead: usize): void {
  if (!claimRecovery(dead, participant)) return;
  settleMemory(dead, participant);
  settleHand(dead);
  recoverEpochs(dead);
  recoverMemory(dead, participant);
}

/** What is in its hand is published, retired, or neither. */
function settleHand(dead: usize): void {
  actFor(dead, participant);
  const published = <usize>atomic.load<u32>(TREE_WORDS);
  for (let index = handCount(dead); index > 0; index--) {
    if (index > handCount(dead)) continue;
    const block = handBlock(dead, index - 1);
    if (block === 0) continue;
    if (block === published || wasRetired(dead, block)) letGo(dead, block);
  }
  actForNone(participant);
  settleEpochs(dead, participant);
  actFor(dead, participant);
  while (handCount(dead) > 0) {
    const index = handCount(dead) - 1;
    const block = handBlock(dead, index);
    retire(dead, block, handBytes(dead, index));
    letGo(dead, block);
  }
  actForNone(participant);
}

/** Puts right what all of the dead left. */
export function recoverAll(): void {
  const list = participant + KEY_SCRATCH;
  const count = load<u32>(list);
  // All at first: whoever recovers one may have to wait for what another one holds.
  for (let index: u32 = 0; index < count; index++) {
    markDead(load<u32>(list + 4 + ((<usize>index) << 2)));
  }
  for (let index: u32 = 0; index < count; index++) {
    recover(load<u32>(list + 4 + ((<usize>index) << 2)));
  }
}
