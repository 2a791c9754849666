/// <reference path="./constants.d.ts" />
// @masstree/memory: the shared region and its allocator.
//
//   region.ts        making a region                     participants.ts  threads come and go
//   header.ts        what the first pages hold           descriptor.ts    what each thread owns
//   cache.ts         allocate and free                   sizeclass.ts     which sizes there are
//   slab.ts          small blocks                        account.ts       how much is what
//   pages.ts         page runs                           verify.ts        is it all true
//   pagemap.ts       what each page is used for          fault.ts         test builds
//   growth.ts        more pages                          hand.ts          what nobody else knows yet
//   lock.ts          one at a time                       tickets.ts       who has which number
//   repair.ts        what a dead thread broke off        recover.ts       what it leaves
//   reach.ts         memory that others have added       host.ts          what is asked of JavaScript
//
//   allocate, free ──> cache ──(batches, under the region's lock)──> slabs ──> page runs ──> growth
//                        └──────(blocks over 8,128 bytes)──────────────────────────┘
//
// A region is all of one shared WebAssembly.Memory. A pointer is a 32-bit byte offset; 0 is null.

export { setMayWait } from "@masstree/nodeversion/assembly";
export { committedBytes, liveBlocks, liveBytes, overheadBytes } from "./account";
export { allocate, blockBytes, free, freeHand, isBlock, realBytes, setLarger } from "./cache";
export {
  BOUND_SCRATCH,
  IN_USE,
  KEY_SCRATCH,
  PARTICIPANT_EPOCH,
  PARTICIPANT_LOG,
  PARTICIPANT_LOG_BYTES,
  PARTICIPANT_NUMBER,
  PARTICIPANT_OS_THREAD,
  PARTICIPANT_RECOVERER,
  PARTICIPANT_STATE,
  PARTICIPANT_THREAD,
  PARTICIPANT_TREE,
  participantNumber,
  participantState,
  RESULT_SCRATCH,
  RESULT_SCRATCH_BYTES,
  UNUSED,
} from "./descriptor";
export { failAfter } from "./fault";
export {
  dropFromHand,
  HAND_CAPACITY,
  handBlock,
  handBytes,
  handCount,
  handOver,
  isInHand,
  letGo,
  takeInHand,
} from "./hand";
export {
  BAD,
  CONFIG_WORDS,
  checkRegion,
  config,
  EPOCH_WORDS,
  FULL,
  GLOBAL_EPOCH,
  isRegion,
  LAYOUT_VERSION,
  layoutVersion,
  MAGIC,
  MAX_PARTICIPANTS,
  maxPages,
  OK,
  PAGE_BYTES,
  PARTICIPANTS,
  participantLimit,
  setConfig,
  TOO_MANY,
  TREE_WORDS,
} from "./header";
export { actFor, actForNone, dropRegion, keepRegion, repairRegion } from "./lock";
export { failure, register, unregister } from "./participants";
export { reachTo } from "./reach";
export {
  claimRecovery,
  giveUpRecovery,
  isGoneNumber,
  markDead,
  markDeadNumber,
  recovererOf,
  recoverMemory,
  recoverNumber,
  settleMemory,
} from "./recover";
export { createRegion } from "./region";
export {
  giveNumber,
  holdNumber,
  isDeadNumber,
  isHeld,
  isTaken,
  isTicketOf,
  markDeadTicket,
  participantAt,
  setThread,
  TICKET_HELD,
  TICKET_THREAD,
  ticketAt,
} from "./tickets";
export { place, verifyMemory } from "./verify";
