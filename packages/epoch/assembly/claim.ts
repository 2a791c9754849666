/*
 * Claiming a descriptor that no thread is registered for: by its ticket (memory's tickets.ts), which
 * then names the claimer, so that whoever takes over from a claimer that died can give it back. While
 * it is held nobody else gets the descriptor; the claimer uses the epoch area of it only.
 */
import { giveNumber, holdNumber, isHeld, participantNumber } from "@masstree/memory/assembly";

/**
 * Claims the descriptor at `index` of the table, unless somebody is registered for it or has claimed
 * it. One compare-and-swap.
 *
 * @param by the participant that claims it
 */
export function claim(index: u32, by: usize): bool {
  return holdNumber(index, participantNumber(by));
}

/** Whether a participant has the descriptor at `index` claimed. */
export function isClaimed(index: u32, by: usize): bool {
  return isHeld(index, participantNumber(by));
}

/** Gives back what `claim` took. One atomic store. */
export function release(index: u32): void {
  giveNumber(index);
}
