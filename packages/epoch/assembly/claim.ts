/*
 * Claiming a descriptor that no thread is registered for. The claim is in its ticket (memory's tickets.ts), which
 * then names the claimer: if the claimer dies, its recoverer finds the claim and gives it back. While a descriptor
 * is claimed no other thread gets it. The claimer uses only its epoch area.
 */
import { giveNumber, holdNumber, isHeld, participantNumber } from "@masstree/memory/assembly";

/**
 * Claims the descriptor at `index` of the table, unless a thread is registered for it or has claimed it. One
 * compare-and-swap.
 *
 * @param by the participant that claims it
 */
export function claim(index: u32, by: usize): bool {
  return holdNumber(index, participantNumber(by));
}

/** Whether a participant has claimed the descriptor at `index`. */
export function isClaimed(index: u32, by: usize): bool {
  return isHeld(index, participantNumber(by));
}

/** Gives back the descriptor that `claim` took. One atomic store. */
export function release(index: u32): void {
  giveNumber(index);
}
