/*
 * Claiming a descriptor that no thread is registered for, as registering does: by setting the lowest
 * bit of its word in the participant table, which @masstree/memory draws in its participants.ts.
 * While the bit is set nobody else gets the descriptor; the claimer uses the epoch area of it only.
 */
import { PARTICIPANTS } from "@masstree/memory/assembly";

const TAKEN: u32 = 1;

/**
 * Claims the descriptor at `index` of the table, unless somebody is registered for it or has claimed
 * it. One compare-and-swap.
 */
export function claim(index: u32, participant: usize): bool {
  const word = participant as u32;
  return atomic.cmpxchg<u32>(tableWord(index), word, word | TAKEN) === word;
}

/** Gives back what `claim` took. One atomic store. */
export function release(index: u32, participant: usize): void {
  atomic.store<u32>(tableWord(index), participant as u32);
}

function tableWord(index: u32): usize {
  return PARTICIPANTS + (index << 2);
}
