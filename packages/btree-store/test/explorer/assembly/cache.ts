/*
 * The page cache as the explorer runs it: threads that look for pages, evict them, write and read states. There is no
 * file. What a page holds is its number, and of a state all parts are its commit: so what is torn or stale is seen.
 *
 *   STRUCTURE_WORDS + 240  u64  RELEASED: pages that commits up to this one have freed may be taken
 *                   + 248  u32  KEPT: 1 if somebody reads the first state on
 */

import {
  CONFIG_LIMIT,
  CONFIG_PAGE_BYTES,
  STORE_LAYOUT,
  StoreClient,
} from "@masstree/btree-store/assembly/client";
import {
  discardDirty,
  discardOrphans,
  makeDirty,
  settleDirty,
} from "@masstree/btree-store/assembly/dirty";
import {
  addressOf,
  bitsOf,
  bucketAt,
  FRAME_HEAD,
  frameBytes,
  isDirty,
  linkAt,
  makeFrame,
  numberIn,
  sideOf,
} from "@masstree/btree-store/assembly/frame";
import {
  addSnapshot,
  announce,
  dropSnapshot,
  endAllReads,
  endRead,
  isWhole,
  releaseUpTo,
} from "@masstree/btree-store/assembly/reading";
import {
  newestCommit,
  PUBLISH_STATE,
  publish,
  readState,
} from "@masstree/btree-store/assembly/state";
import { find, forget, insert, trim } from "@masstree/btree-store/assembly/table";
import { FRAMES, ORPHANED, TABLE, WRITER } from "@masstree/btree-store/assembly/words";
import {
  holdsWriter,
  lockWriterOrTimeout,
  unlockWriter,
} from "@masstree/btree-store/assembly/writer";
import { collect, pin, retire, tryAdvance } from "@masstree/epoch/assembly";
import {
  allocate,
  free,
  KEY_SCRATCH,
  markDead,
  PARTICIPANT_EPOCH,
  RESULT_SCRATCH,
  STRUCTURE_WORDS,
  setConfig,
} from "@masstree/memory/assembly";
import {
  attach as attachAs,
  createStructure,
  detach as detachAs,
  endOperation,
  participant,
  recover,
  recoverOwner,
} from "@masstree/session/assembly";

export { retiredBlocks, verifyEpochs } from "@masstree/epoch/assembly";
export { liveBlocks, verifyMemory } from "@masstree/memory/assembly";
export { allocate, free, tryAdvance };

const RELEASED: usize = STRUCTURE_WORDS + 240;
const KEPT: usize = RELEASED + 8;
const PAGE_BYTES: u32 = 64;

/** Where the list of the dead is in a descriptor. */
export const scratch: usize = KEY_SCRATCH;

export function create(maxWasmPages: u32): u32 {
  const status = createStructure(maxWasmPages, STORE_LAYOUT);
  setConfig(CONFIG_PAGE_BYTES, PAGE_BYTES);
  setConfig(CONFIG_LIMIT, 0);
  return status;
}

export function join(): u32 {
  return attachAs<StoreClient>(1, 0, 0);
}

export function part(): void {
  endAllReads();
  detachAs();
}

export function self(): usize {
  return participant;
}

/** Address of the word in which this thread announces that it is pinned. */
export function announcement(): usize {
  return participant + PARTICIPANT_EPOCH;
}

/** A second caller of the epochs' own `retire`: else it would be inlined, and nobody could watch it. */
export function retireBlock(block: usize, bytes: u32): void {
  retire(participant, block, bytes);
}

export function collectNow(): void {
  tryAdvance();
  collect(participant);
}

/** Finds a page, or reads it: 0 if it holds what it should. */
export function look(number: u32): u32 {
  pin(participant);
  let page = find(number);
  if (page === 0) {
    page = makeFrame(number);
    store<u32>(page, number);
    page = insert(page);
  }
  const isWrong = load<u32>(page) !== number || numberIn(page) !== number;
  endOperation<StoreClient>();
  return u32(isWrong);
}

/** Takes a clean page out of the table, if it is there. */
export function evict(number: u32): void {
  pin(participant);
  const page = find(number);
  if (page !== 0 && !isDirty(page)) forget(page);
  endOperation<StoreClient>();
}

/** Evicts all that may be evicted. */
export function evictAll(): void {
  pin(participant);
  trim();
  endOperation<StoreClient>();
}

function enterWriter(): void {
  while (!lockWriterOrTimeout(false)) recoverOwner<StoreClient>(WRITER);
  if (atomic.load<u32>(ORPHANED) === 0) return;
  discardOrphans();
  atomic.store<u32>(ORPHANED, 0);
}

/** Two pages of the transaction: 0 if they are found again, as they are. */
function change(number: u32): u32 {
  const page = makeDirty(number);
  store<u32>(page, number);
  const other = makeDirty(number + 100);
  store<u32>(other, number + 100);
  return u32(find(number) !== page || find(number + 100) !== other || !isDirty(page));
}

/** A transaction that commits: 0 if all was as it should be. */
export function write(number: u32): u32 {
  pin(participant);
  enterWriter();
  const isWrong = change(number);
  settleDirty();
  const commit = newestCommit() + 1;
  const to = participant + RESULT_SCRATCH;
  for (let at: usize = 0; at < 40; at += 8) store<u64>(to + at, commit);
  publish(PUBLISH_STATE, <u32>commit, <u32>commit);
  const released = releaseUpTo(commit);
  if (released > atomic.load<u64>(RELEASED)) atomic.store<u64>(RELEASED, released);
  unlockWriter();
  endOperation<StoreClient>();
  return isWrong;
}

/** A transaction that is rolled back. */
export function rollBack(number: u32): u32 {
  pin(participant);
  enterWriter();
  const isWrong = change(number);
  discardDirty();
  unlockWriter();
  endOperation<StoreClient>();
  return isWrong;
}

/** The state in the result scratch: its commit, or -1 if it is of several. */
function stateSeen(): i64 {
  const at = participant + RESULT_SCRATCH;
  const commit = load<u64>(at);
  for (let part: usize = 8; part < 40; part += 8) {
    if (load<u64>(at + part) !== commit) return -1;
  }
  return <i64>commit;
}

function begin(): i64 {
  let commit = newestCommit();
  while (true) {
    announce(commit);
    readState();
    const found = load<u64>(participant + RESULT_SCRATCH);
    if (found === commit) return stateSeen();
    commit = found;
  }
}

/** Reads the newest state: 0 if it is one, whose pages stay until the end. */
export function read(): u32 {
  const commit = begin();
  const isWrong = commit < 0 || atomic.load<u64>(RELEASED) > <u64>commit;
  endRead();
  return u32(isWrong);
}

/** The same with a snapshot that outlives the transaction. */
export function snapshot(): u32 {
  const commit = begin();
  const block = addSnapshot(<u64>commit, 0, 0);
  endRead();
  const isWrong = commit < 0 || atomic.load<u64>(RELEASED) > <u64>commit;
  dropSnapshot(block);
  return u32(isWrong);
}

/** What a thread does whose call was interrupted: it announces an old state again. If that is there, it reads it on. */
export function readAgain(): void {
  announce(0);
  if (isWhole(0)) atomic.store<u32>(KEPT, 1);
  else endRead();
}

/** Whether somebody was told that the first state is there, and its pages may be taken. */
export function isKeptLost(): u32 {
  return u32(atomic.load<u32>(KEPT) !== 0 && atomic.load<u64>(RELEASED) > 0);
}

/** Puts right what all of the dead left. */
export function recoverAll(): void {
  const list = participant + KEY_SCRATCH;
  const count = load<u32>(list);
  for (let index: u32 = 0; index < count; index++) {
    markDead(load<u32>(list + 4 + ((<usize>index) << 2)));
  }
  for (let index: u32 = 0; index < count; index++) {
    recover<StoreClient>(load<u32>(list + 4 + ((<usize>index) << 2)));
  }
}

/** What is wrong with the table, when nobody uses it: 0 for nothing. */
export function verifyTable(): u32 {
  const table = atomic.load<u64>(TABLE);
  const side = sideOf(table);
  let frames: u32 = 0;
  for (let bucket: u32 = 0; bucket < (<u32>1) << bitsOf(table); bucket++) {
    const head = addressOf(table) + ((<usize>bucket) << 2);
    for (let frame = load<u32>(head); frame !== 0; ) {
      const page = <usize>frame + FRAME_HEAD;
      if (bucketAt(table, numberIn(page)) !== head) return 1;
      if (isDirty(page)) return 2;
      if (find(numberIn(page)) !== page) return 3; // There are two with its number.
      if (load<u32>(page) !== numberIn(page)) return 4;
      frames++;
      frame = load<u32>(linkAt(page, side));
    }
  }
  if (frames !== atomic.load<u32>(FRAMES)) return 5;
  if (holdsWriter() || load<u64>(WRITER) !== 0) return 6;
  return 0;
}

/** Bytes of a frame, so that the block checker knows them. */
export function bytesOfFrame(): u32 {
  return frameBytes();
}
