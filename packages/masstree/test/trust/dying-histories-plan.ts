// What the threads of histories in which one dies know in common, beside history-plan.ts.
//
// Many threads have one map. In each round a few of them, which the round's words name, make their calls
// at once. One is the victim: it is terminated in the middle. Once that is known, the others make some
// more calls on the same keys: so what the dead one was at must not change its mind. Then they wait for the
// next round. A victim that comes to the end of its log waits for its death.
//
//   main:      choose, ROUND += 1 ....... terminate ... DEATHS += 1 ......... all ARRIVED: the next
//   victim:           calls ..............| dead
//   others:           calls ............................ calls, ARRIVED += 1
import type { HistoryStart } from "./history-plan.ts";

export interface DyingStart extends Omit<HistoryStart, "plant"> {
  readonly control: SharedArrayBuffer;
}

/** Words of the control buffer. */
export const ROUND = 0;
export const DEATHS = 16;
export const ARRIVED = 32;
/** Counts the victim's calls of the round. */
export const PROGRESS = 48;
export const STOP = 64;
/** Threads that are ready for the first round. */
export const READY = 65;
/** Two words for every round: bits of the threads that take part, and the one of them that dies. */
const ROUNDS = 80;

export const membersOf = (round: number): number => ROUNDS + 2 * round;
export const victimOf = (round: number): number => ROUNDS + 2 * round + 1;
export const controlWords = (rounds: number): number => ROUNDS + 2 * rounds;

/** Calls that each of the others makes before the death is known, and after; the victim goes on until it dies. */
export const CALLS_BEFORE = 10;
export const CALLS_AFTER = 4;
