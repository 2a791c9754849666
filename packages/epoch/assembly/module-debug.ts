/*
 * The module of the tests: module.ts, the region's allocator, so that a test needs only one module, and what only
 * tests may do.
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
  dropAllPrivate,
  dropPrivate,
  free,
  freePrivate,
  isTaken,
  KEY_SCRATCH,
  LOG_BYTES,
  liveBlocks,
  liveBytes,
  markDead,
  PARTICIPANT_LOG,
  participantAt,
  participantLimit,
  participantNumber,
  place,
  recoverMemory,
  register,
  repairMemory,
  unregister,
  verifyMemory,
} from "@masstree/memory/assembly";
export { COLLECT_BLOCKS, COLLECT_BYTES, HARD_BLOCKS, HARD_BYTES, RETIRE_TAIL } from "./index";
export * from "./module";

/**
 * The second half of an outermost `pin`, whose first half was `globalEpoch()`, at any earlier time: what happens
 * if a thread stalls between the two.
 */
export function finishPin(participant: usize, epoch: u64): void {
  announce(participant, epoch);
  areaOf(participant).depth = 1;
}

/** Starts the global epoch at another value than 0. Only in a region where nothing was retired yet. */
export function startAt(epoch: u64): void {
  atomic.store<u64>(GLOBAL_EPOCH, epoch);
}

/** Clears the count of what a participant holds, as if it had died between two stores of `retire`. */
export function forgetCount(participant: usize): void {
  atomic.store<u64>(changetype<usize>(areaOf(participant)), 0, offsetof<EpochArea>("held"));
}
