/*
 * What JavaScript calls: what every structure has, and the page cache with its trees. Each operation pins, works, evicts
 * what is too much, and unpins.
 */
import { pin as pinEpoch } from "@masstree/epoch/assembly";
import { setConfig } from "@masstree/memory/assembly";
import {
  attach as attachAs,
  createStructure,
  endOperation,
  participant,
  reclaim as reclaimAs,
  recoverGone,
  recoverParticipant,
  recoverThread,
} from "@masstree/session/assembly";
import { CONFIG_LIMIT, CONFIG_PAGE_BYTES, STORE_LAYOUT, StoreClient } from "./client";
import { crc32c } from "./crc32c";
import { clearFault, FAULT_NONE, fault as faultKind } from "./fault";
import { discardDirty, fetch, isOverLimit, settleDirty, trim } from "./frame";
import { get as getValue, has as hasKey } from "./get";
import { seal, validate } from "./page";
import { put as putValue, touch as touchPath } from "./put";
import { remove as removeKey } from "./remove";
import { count as countKeys, scan as scanRange } from "./scan";
import { giveUp, giveUpChain } from "./transaction";
import { words } from "./words";

export { detach } from "@masstree/session/assembly";
export * from "@masstree/session/assembly/module";
export { fault, faultDetail, faultPage } from "./fault";
export { mustChain } from "./put";

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

/** Begins a transaction, whose pages belong to a commit. */
export function begin(commit: f64): void {
  words().commit = <u64>commit;
}

/** From now on, pages of the file may be from commits up to this one. */
export function setNewest(commit: f64): void {
  words().newest = <u64>commit;
}

/** The transaction's pages were written, and a state leads to them. */
export function settle(): void {
  settleDirty();
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
