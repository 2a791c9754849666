// @masstree/memory: the shared region and its allocator.
//
//   region.ts        making a region                     participants.ts  threads come and go
//   header.ts        what the first pages hold           descriptor.ts    what each thread owns
//   cache.ts         allocate and free                   sizeclass.ts     which sizes there are
//   slab.ts          small blocks                        account.ts       how much is what
//   pages.ts         page runs                           verify.ts        is it all true
//   pagemap.ts       what each page is used for          fault.ts         test builds
//   growth.ts        more pages
//
//   allocate, free ──> cache ──(batches, under the region's lock)──> slabs ──> page runs ──> growth
//                        └──────(blocks over 8,128 bytes)──────────────────────────┘
//
// A region is all of one shared WebAssembly.Memory. A pointer is a 32-bit byte offset; 0 is null.

export { setMayWait } from "@masstree/nodeversion/assembly";
export { committedBytes, liveBlocks, liveBytes, overheadBytes } from "./account";
export { allocate, blockBytes, free, isBlock } from "./cache";
export {
  BOUND_SCRATCH,
  IN_USE,
  KEY_SCRATCH,
  PARTICIPANT_EPOCH,
  PARTICIPANT_LOG,
  PARTICIPANT_LOG_BYTES,
  PARTICIPANT_NUMBER,
  PARTICIPANT_STATE,
  PARTICIPANT_TREE,
  participantNumber,
  participantState,
  RESULT_SCRATCH,
  RESULT_SCRATCH_BYTES,
  UNUSED,
} from "./descriptor";
export { failAfter } from "./fault";
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
export { failure, isTaken, participantAt, register, unregister } from "./participants";
export { createRegion } from "./region";
export { place, verifyMemory } from "./verify";
