/*
 * The module of the tests: as module.ts, with the region's allocator beside it, so that a test needs
 * one module, and with what only tests may do.
 */
import { GLOBAL_EPOCH } from "@masstree/memory/assembly";
import { announce } from "./index";
import { areaOf, EpochArea } from "./layout";

export {
  actFor,
  actForNone,
  allocate,
  claimRecovery,
  createRegion,
  free,
  freeHand,
  handOver,
  isTaken,
  KEY_SCRATCH,
  letGo,
  liveBlocks,
  liveBytes,
  markDead,
  PARTICIPANT_LOG,
  PARTICIPANT_LOG_BYTES,
  participantAt,
  participantLimit,
  participantNumber,
  place,
  recoverMemory,
  settleMemory,
  verifyMemory,
} from "@masstree/memory/assembly";
export { COLLECT_BLOCKS, COLLECT_BYTES, HARD_BLOCKS, HARD_BYTES, RETIRE_TAIL } from "./index";
export * from "./module";

/**
 * The second half of an outermost `pin`, whose first half was `globalEpoch()`, at any time before:
 * what happens when a thread stalls between the two.
 */
export function finishPin(participant: usize, epoch: u64): void {
  announce(participant, epoch);
  areaOf(participant).depth = 1;
}

/** Starts the global epoch elsewhere than at 0. Only in a region where nothing was retired yet. */
export function startAt(epoch: u64): void {
  atomic.store<u64>(GLOBAL_EPOCH, epoch);
}

/** Undoes the count of what a participant holds, as dying between two stores of `retire` does. */
export function forgetCount(participant: usize): void {
  atomic.store<u64>(changetype<usize>(areaOf(participant)), 0, offsetof<EpochArea>("held"));
}
