/// <reference path="./constants.d.ts" />
/*
 * @masstree/memory: the shared region and its allocator.
 *
 *   region.ts        making a region                     participants.ts  threads come and go
 *   header.ts        what the first pages hold           descriptor.ts    what each thread owns
 *   cache.ts         allocate and free                   sizeclass.ts     which sizes there are
 *   slab.ts          small blocks                        account.ts       what the bytes are used for
 *   pages.ts         page runs                           verify.ts        are all invariants true
 *   pagemap.ts       what each page is used for          fault.ts         test builds
 *   growth.ts        more pages                          private.ts       what nothing else leads to yet
 *   lock.ts          one section at a time               tickets.ts       who has which number
 *   repair.ts        what a dead thread interrupted      recover.ts       what it leaves
 *   reach.ts         memory that others have added       host.ts          what is asked of JavaScript
 *   self.ts          an instance that is one of them    broken.ts        what verify.ts finds
 *
 *   allocate, free ──> cache ──(batches, under the region's lock)──> slabs ──> page runs ──> growth
 *                        └──────(blocks over 8,128 bytes)──────────────────────────┘
 *
 * A region is all of one shared WebAssembly.Memory. A pointer is a 32-bit byte offset; 0 is null.
 */

export { setMayWait } from "@masstree/nodeversion/assembly";
export { committedBytes, isSystem, liveBlocks, liveBytes, overheadBytes } from "./account";
export {
  allocate,
  blockBytes,
  free,
  freePrivate,
  isBlock,
  realBytes,
  setLarger,
  spillAll,
} from "./cache";
export {
  BOUND_SCRATCH,
  IN_USE,
  JOURNAL_BYTES,
  KEY_SCRATCH,
  KEY_SCRATCH_BYTES,
  LOG_BYTES,
  PARTICIPANT_EPOCH,
  PARTICIPANT_JOURNAL,
  PARTICIPANT_LOG,
  PARTICIPANT_NUMBER,
  PARTICIPANT_OS_THREAD,
  PARTICIPANT_RECOVERER,
  PARTICIPANT_STATE,
  PARTICIPANT_STRUCTURE,
  PARTICIPANT_THREAD,
  PARTICIPANT_WORKSPACE,
  participantNumber,
  participantState,
  RESULT_SCRATCH,
  RESULT_SCRATCH_BYTES,
  STRUCTURE_BYTES,
  UNUSED,
  WORKSPACE_BYTES,
} from "./descriptor";
export { failAfter } from "./fault";
export {
  ASKING,
  BAD,
  CONFIG_WORDS,
  checkRegion,
  config,
  EPOCH_WORDS,
  FULL,
  GLOBAL_EPOCH,
  HEADER_BYTES,
  isRegion,
  LAYOUT_VERSION,
  layoutVersion,
  MAGIC,
  MAX_PARTICIPANTS,
  maxPages,
  NUMBERS,
  OK,
  PAGE_BYTES,
  PARTICIPANTS,
  participantLimit,
  SENTINELS,
  STRUCTURE_WORDS,
  setConfig,
  TICKETS,
  TOO_MANY,
} from "./header";
export { report, TOLD_GROWN, TOLD_HELD_UP, TOLD_RECOVERED } from "./host";
export { actFor, actForNone, dropRegion, keepRegion, repairRegion } from "./lock";
export { failure, register, unregister } from "./participants";
export {
  addPrivate,
  dropAllPrivate,
  dropPrivate,
  isPrivate,
  PRIVATE_CAPACITY,
  privateBlock,
  privateBytes,
  privateCount,
} from "./private";
export { reachTo } from "./reach";
export {
  claimRecovery,
  giveUpRecovery,
  markDead,
  markDeadNumber,
  recovererOf,
  recoverMemory,
  recoverNumber,
  repairMemory,
} from "./recover";
export { createRegion } from "./region";
export { abandon, claimAbandoned, join, joinFailure, ownMark, ownNumber, part } from "./self";
export {
  dropReservation,
  giveNumber,
  holdNumber,
  isDeadNumber,
  isGoneNumber,
  isHeld,
  isTaken,
  isTicketOf,
  markDeadTicket,
  participantAt,
  reserveNumber,
  setThread,
  TICKET_DEAD,
  TICKET_HELD,
  TICKET_THREAD,
  takeVisitorNumber,
  ticketAt,
} from "./tickets";
export { place, verifyMemory } from "./verify";
