/*
 * What JavaScript calls: what every structure has, and the page cache with its trees. Each operation pins, works, evicts
 * what is too much, and unpins.
 */
import { pin as pinEpoch } from "@masstree/epoch/assembly";
import { MAX_PARTICIPANTS, RESULT_SCRATCH, setConfig } from "@masstree/memory/assembly";
import { loadVersion, ownerOf, tryLock } from "@masstree/nodeversion/assembly";
import {
  abortWrite,
  attach as attachAs,
  createStructure,
  detach as detachAs,
  endOperation,
  lockNode,
  owner,
  participant,
  reclaim as reclaimAs,
  recoverGone,
  recoverOwner,
  recoverParticipant,
  recoverThread,
} from "@masstree/session/assembly";
import { stateOf } from "@masstree/session/assembly/module";
import { growArray } from "./arrays";
import { CONFIG_LIMIT, CONFIG_PAGE_BYTES, STORE_LAYOUT, StoreClient } from "./client";
import { crc32c } from "./crc32c";
import { differAt as differAtKey, differ as differIn } from "./differ";
import { discardDirty, discardOrphans, settleDirty } from "./dirty";
import { clearFault, FAULT_NONE, fault as faultKind } from "./fault";
import { fetch } from "./fetch";
import { get as getValue, has as hasKey } from "./get";
import { seal, validate } from "./page";
import { put as putValue, touch as touchPath } from "./put";
import {
  addSnapshot as addSnapshotAs,
  announce,
  snapshotsOf as copySnapshots,
  dropSnapshot as dropSnapshotAs,
  endAllReads,
  endRead as endReadAs,
  isLeaving,
  isWhole,
  releaseUpTo,
  setLeaving,
  stage,
} from "./reading";
import { remove as removeKey } from "./remove";
import { count as countKeys, scan as scanRange } from "./scan";
import { readState as copyState, newestCommit } from "./state";
import { isOverLimit, trim } from "./table";
import { giveUp, giveUpChain } from "./transaction";
import { CLOSED, TABLE_LOCK, WRITER, words } from "./words";
import { holdsWriter, lockWriterOrTimeout, unlockWriter } from "./writer";

export * from "@masstree/session/assembly/module";
export { fault, faultDetail, faultPage } from "./fault";
export { mustChain } from "./put";
export { publish, writeDown } from "./state";

/** What `stateOf` says of a participant that lives. */
const LIVE: u32 = 1;

/** Lays out a region for pages of a size, of which `limit` clean ones may stay in memory. Answers OK or BAD. */
export function create(maxWasmPages: u32, pageSize: u32, limit: u32): u32 {
  const status = createStructure(maxWasmPages, STORE_LAYOUT);
  setConfig(CONFIG_PAGE_BYTES, pageSize);
  setConfig(CONFIG_LIMIT, limit);
  return status;
}

/** Makes this thread a participant: OK, FULL, TOO_MANY or BAD. The numbers say which thread it is. */
export function attach(mayWait: u32, thread: u32, osThread: u32): u32 {
  return attachAs<StoreClient>(mayWait, thread, osThread);
}

/** Gives the participant back, and ends what it reads. */
export function detach(): void {
  if (participant !== 0) {
    endAllReads();
    if (holdsWriter()) unlockWriter();
  }
  detachAs();
}

/** Frees what was retired, as far as others allow. 1 when nothing has to wait. */
export function reclaim(): u32 {
  return u32(reclaimAs<StoreClient>());
}

/** Says that the thread of a participant has ended for good, and recovers it. 0 when there is none. */
export function release(number: u32): u32 {
  return u32(recoverParticipant<StoreClient>(number));
}

/** Says that a thread has ended for good, and recovers all its participants. Returns how many. */
export function releaseThread(thread: u32): u32 {
  return recoverThread<StoreClient>(thread);
}

/** Recovers every participant whose thread is known to have ended. Returns how many. */
export function releaseGone(): u32 {
  return recoverGone<StoreClient>();
}

function enter(): void {
  pinEpoch(participant);
  clearFault();
}

function leave(): void {
  if (isOverLimit()) trim();
  endOperation<StoreClient>();
}

/** See get.ts. */
export function get(root: u32, length: u32): i32 {
  enter();
  const result = getValue(root, length);
  leave();
  return result;
}

/** See get.ts. */
export function has(root: u32, length: u32): i32 {
  enter();
  const result = hasKey(root, length);
  leave();
  return result;
}

/** See put.ts. */
export function put(root: u32, length: u32, valueLength: u32, chain: u32): u32 {
  enter();
  const result = putValue(root, length, valueLength, chain);
  leave();
  return result;
}

/** See remove.ts. */
export function remove(root: u32, length: u32): u32 {
  enter();
  const result = removeKey(root, length);
  leave();
  return result;
}

/** See put.ts. */
export function touch(root: u32, length: u32, cutoff: u32): u32 {
  enter();
  const result = touchPath(root, length, cutoff);
  leave();
  return result;
}

/** See scan.ts. */
export function scan(root: u32, startLength: u32, endLength: u32, flags: u32, limit: u32): i32 {
  enter();
  const result = scanRange(root, startLength, endLength, flags, limit);
  leave();
  return result;
}

/** See scan.ts. */
export function count(root: u32, startLength: u32, endLength: u32, flags: u32): i32 {
  enter();
  const result = countKeys(root, startLength, endLength, flags);
  leave();
  return result;
}

/** See differ.ts. */
export function differ(older: u32, newer: u32, startLength: u32, endLength: u32, flags: u32): i32 {
  enter();
  const result = differIn(older, newer, startLength, endLength, flags);
  leave();
  return result;
}

/** See differ.ts. */
export function differAt(older: u32, newer: u32, length: u32, flags: u32): i32 {
  enter();
  const result = differAtKey(older, newer, length, flags);
  leave();
  return result;
}

/**
 * Enters the structure, after `attach`: 0 if nobody has had it open any more, so that it must not be used.
 */
export function enterDoor(): u32 {
  lockNode<StoreClient>(TABLE_LOCK);
  const isOpen = atomic.load<u32>(CLOSED) === 0;
  abortWrite();
  return u32(isOpen);
}

/**
 * Closes the structure for good, if nobody lives that has it open beside this participant: 1; else 0. Whoever attaches
 * meanwhile is seen here, or sees that it is closed; of several that leave, the last one closes. Then `detach` follows.
 */
export function closeDoor(): u32 {
  lockNode<StoreClient>(TABLE_LOCK);
  setLeaving(true);
  const isAlone = countOthers() === 0;
  if (isAlone) atomic.store<u32>(CLOSED, 1);
  abortWrite();
  return u32(isAlone);
}

function countOthers(): u32 {
  let count: u32 = 0;
  for (let number: u32 = 1; number <= MAX_PARTICIPANTS; number++) {
    if (number !== owner && stateOf(number) === LIVE && !isLeaving(number)) count++;
  }
  return count;
}

/**
 * Takes the writer's lock: 1; or 0 after about 10 ms, whoever has it then. If its owner has ended, it was recovered.
 */
export function lockWriter(mayWait: u32): u32 {
  if (lockWriterOrTimeout(mayWait !== 0)) return 1;
  recoverOwner<StoreClient>(WRITER);
  return 0;
}

/** Takes the writer's lock if it is free, and waits for nobody: 1 or 0. */
export function tryLockWriter(): u32 {
  return u32(tryLock(WRITER, owner));
}

/** Gives the writer's lock back. */
export function unlockTheWriter(): void {
  if (holdsWriter()) unlockWriter();
}

/** The participant that holds the writer's lock; 0 if nobody does. */
export function writerNumber(): u32 {
  return ownerOf(loadVersion(WRITER));
}

/** Begins a transaction, whose pages belong to a commit. */
export function begin(commit: f64): void {
  words().commit = <u64>commit;
}

/** Copies the newest state to the result scratch, and returns its commit. */
export function readState(): f64 {
  copyState();
  return <f64>load<u64>(resultScratchAt());
}

/** The same, and keeps its pages until `endRead`. */
export function beginRead(): f64 {
  let commit = newestCommit();
  while (true) {
    announce(commit);
    copyState();
    const found = load<u64>(resultScratchAt());
    if (found === commit) return <f64>commit;
    commit = found; // READING1
  }
}

/** The pages of the state that `beginRead` has given may be used again. */
export function endRead(): void {
  endReadAs();
}

/** Keeps the pages of a state and all newer ones, again: 1; 0 if some were used again. See READING3. */
export function readAgain(commit: f64): u32 {
  announce(<u64>commit);
  return u32(isWhole(<u64>commit));
}

/** Adds a snapshot of the participant, whose name is in the key scratch. See reading.ts; 0 when the region is full. */
export function addSnapshot(commit: f64, since: f64, nameBytes: u32): u32 {
  return <u32>addSnapshotAs(<u64>commit, since, nameBytes);
}

/** Whether all pages of a state are still there: see READING3. */
export function isStateWhole(commit: f64): u32 {
  return u32(isWhole(<u64>commit));
}

/** Ends a snapshot. */
export function dropSnapshot(snapshot: u32): void {
  dropSnapshotAs(snapshot);
}

/** See reading.ts. */
export function snapshotsOf(number: u32, skip: u32): u32 {
  return copySnapshots(number, skip);
}

/** Up to which commit pages that were freed may be taken. For the writer: see reading.ts. */
export function releasable(most: f64): f64 {
  return <f64>releaseUpTo(<u64>most);
}

/** Makes an array of the book longer: 0 when the region is full. */
export function grow(which: u32, length: u32): u32 {
  return u32(growArray(which, length));
}

/** Address of this participant's stage. */
export function stageAddress(): usize {
  return stage();
}

function resultScratchAt(): usize {
  return participant + RESULT_SCRATCH;
}

/** The transaction's pages were written, and a state is about to lead to them. */
export function settle(): void {
  settleDirty();
}

/** Forgets what a writer has left that has died. */
export function discardOrphaned(): void {
  enter();
  discardOrphans();
  leave();
}

/** Forgets the transaction's pages. */
export function discard(): void {
  enter();
  discardDirty();
  leave();
}

/** Copies a page of a tree to an address: 1, or 0 after a fault. */
export function copyPage(number: u32, to: usize): u32 {
  enter();
  const page = fetch(number);
  const isThere = faultKind() === FAULT_NONE;
  if (isThere) memory.copy(to, page, words().pageBytes);
  leave();
  return u32(isThere);
}

/** Gives up a page of a tree that is dropped: 1, or 0 after a fault. */
export function dropPage(number: u32): u32 {
  enter();
  const page = fetch(number);
  if (faultKind() === FAULT_NONE) giveUp(page);
  leave();
  return u32(faultKind() === FAULT_NONE);
}

/** Gives up the chain of a key in a tree that is dropped: 1, or 0 after a fault. */
export function dropChain(first: u32): u32 {
  enter();
  giveUpChain(first);
  leave();
  return u32(faultKind() === FAULT_NONE);
}

/** Gives a dirty page its checksum, and copies it to an address. */
export function stagePage(page: usize, to: usize): void {
  seal(page);
  memory.copy(to, page, words().pageBytes);
}

/** Gives a page that JavaScript has made its checksum. */
export function sealPage(page: usize): void {
  seal(page);
}

/** Checks a page that JavaScript has read: 0, or what is wrong with it (page.ts). */
export function inspect(page: usize, number: u32, newest: f64): u32 {
  return validate(page, number, <u64>newest);
}

/** The CRC32C of bytes that follow others, whose CRC32C is `before`. */
export function checksum(before: u32, address: usize, bytes: u32): u32 {
  return crc32c(before, address, bytes);
}
