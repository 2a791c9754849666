/**
 * The WebAssembly exports of the tree with plain value words. One instance is one thread's use of one map.
 *
 *     result scratch   0   u64  the value word that `set` stores: written by JavaScript before the call
 *                      8   u64  the word that get, set and remove found; verify: the node
 *                      16  u64  verify: a detail             24  u64  verify: another
 *                      64  ...  entries of a scan (scan.ts)
 *
 * A key is the first `length` bytes of the key scratch.
 */

import {
  delayedSince,
  delays,
  drain,
  epochsBehind,
  leave,
  pin as pinEpoch,
  pinnedSince,
  retiredBytes,
  takeObstacle,
  unpin as unpinEpoch,
} from "@masstree/epoch/assembly";
import {
  BAD,
  BOUND_SCRATCH,
  checkRegion,
  config,
  createRegion,
  failure,
  handOver,
  isDeadNumber,
  KEY_SCRATCH,
  markDead,
  OK,
  PARTICIPANT_OS_THREAD,
  PARTICIPANT_THREAD,
  participantAt,
  participantLimit,
  participantState,
  FULL as REGION_FULL,
  RESULT_SCRATCH,
  register,
  setConfig,
  setLarger,
  setMayWait,
  setThread,
  unregister,
} from "@masstree/memory/assembly";
import { isLeaf } from "@masstree/nodeversion/assembly";
import { clear as clearAll } from "./clear";
import { drainQueue } from "./coalesce";
import { locate, locatedValue, PRESENT } from "./find";
import { heightOf } from "./internode";
import { createLayer } from "./layer";
import { put, REPLACED, replaced } from "./put";
import {
  recover,
  recoverAll,
  recoverThread,
  stable,
  unrecovered as unrecoveredNumbers,
} from "./recover";
import { REMOVED, removed, remove as removeKey } from "./remove";
import { scanDone as isScanDone, scan as scanRange } from "./scan";
import {
  enter,
  entries,
  internodesField,
  layersField,
  leavesField,
  MAP_ROOT,
  mapRoot,
  owner,
  participant,
  restarts,
  splits,
  total,
} from "./session";
import { PlainWords } from "./values";
import { failedDetail, failedDetail2, failedNode, verify as verifyTree } from "./verify";

export { retiredBlocks, retiredBytes } from "@masstree/epoch/assembly";
export {
  committedBytes,
  failAfter,
  liveBlocks,
  liveBytes,
  overheadBytes,
} from "@masstree/memory/assembly";
export { entryCount, internodeCount, layerCount, leafCount, maxHeight } from "./verify";

/** The version of the tree's part of the layout: leaves, internodes, bags, words in the region. */
const TREE_LAYOUT: u32 = 1;

/** How often `quiesce` goes over the queue before it leaves the rest to others. */
const QUIESCE_ROUNDS: u32 = 64;

function result(): usize {
  return participant + RESULT_SCRATCH;
}

export function keyScratch(): usize {
  return participant + KEY_SCRATCH;
}

export function boundScratch(): usize {
  return participant + BOUND_SCRATCH;
}

export function resultScratch(): usize {
  return result();
}

export function participantNumber(): u32 {
  return owner;
}

/** Makes a region of a zeroed memory, for a map of these kinds; `attach` completes it. A status of @masstree/memory. */
export function create(maxPages: u32, keyKind: u32, valueKind: u32): u32 {
  const status = createRegion(maxPages);
  if (status !== OK) return status;
  setConfig(0, WIDTH);
  setConfig(1, keyKind);
  setConfig(2, valueKind);
  setConfig(3, TREE_LAYOUT);
  return OK;
}

/** Makes this instance a participant. The first one in a new region also makes the empty tree. A status of @masstree/memory. */
export function attach(mayWait: u32): u32 {
  setMayWait(mayWait !== 0);
  // In a full region bags would use up the blocks that leaves need: fewer keys would find room again.
  setLarger(false);
  const status = checkRegion();
  if (status !== OK) return status;
  if (config(0) !== WIDTH || config(3) !== TREE_LAYOUT) return BAD;
  const descriptor = register();
  if (descriptor === 0) return failure;
  enter(descriptor);
  if (mapRoot() === 0) {
    const root = createLayer();
    if (root === 0) {
      detach();
      return REGION_FULL;
    }
    atomic.store<u32>(MAP_ROOT, <u32>root);
    atomic.store<i64>(leavesField(), 1);
    atomic.store<i64>(layersField(), 1);
    handOver(participant);
  }
  return OK;
}

/** Gives the participant back; its garbage goes to the others. */
export function detach(): void {
  if (participant === 0) return;
  pinEpoch(participant);
  drainQueue();
  unpinEpoch(participant);
  leave(participant);
  unregister(participant);
  enter(0);
}

export function get(length: u32): u32 {
  pinEpoch(participant);
  const found = locate(keyScratch(), length);
  if (found === PRESENT) store<u64>(result(), locatedValue, 8);
  unpinEpoch(participant);
  return found;
}

export function has(length: u32): u32 {
  pinEpoch(participant);
  const found = locate(keyScratch(), length);
  unpinEpoch(participant);
  return found;
}

export function set(length: u32): u32 {
  const outcome = put<PlainWords>(keyScratch(), length, load<u64>(result()));
  if (outcome === REPLACED) store<u64>(result(), replaced, 8);
  return outcome;
}

export function remove(length: u32): u32 {
  const outcome = removeKey<PlainWords>(keyScratch(), length);
  if (outcome === REMOVED) store<u64>(result(), removed, 8);
  return outcome;
}

export function size(): f64 {
  // While others write, the sum of their shares may lack an insertion whose removal it has.
  return max<f64>(<f64>entries(), 0);
}

/** Counts of the tree's parts; exact when nobody is writing. */
export function leaves(): f64 {
  return <f64>total(leavesField());
}

export function internodes(): f64 {
  return <f64>total(internodesField());
}

export function layers(): f64 {
  return <f64>total(layersField());
}

/** Levels of internodes above the leaves of the first layer. */
export function height(): u32 {
  pinEpoch(participant);
  const root = mapRoot();
  const levels = isLeaf(stable(root)) ? 0 : heightOf(root);
  unpinEpoch(participant);
  return levels;
}

/** Leaf splits, and searches that had to start over, since the map was made. */
export function splitCount(): f64 {
  return <f64>splits();
}

export function restartCount(): f64 {
  return <f64>restarts();
}

/** How many numbers participants have had: theirs are below. */
export function participants(): u32 {
  return participantLimit();
}

/** What the participant with a number is: 0 nobody, 1 in use, 2 its thread is dead. */
export function stateOf(number: u32): u32 {
  const descriptor = participantAt(number - 1);
  if (isDeadNumber(number)) return 2;
  return descriptor === 0 ? 0 : participantState(descriptor);
}

/** Whether the participant with a number is pinned: 0, or 1 + by how many epochs it is behind. */
export function pinnedOf(number: u32): f64 {
  const descriptor = participantAt(number - 1);
  if (descriptor === 0 || pinnedSince(descriptor) === 0) return 0;
  return 1 + <f64>epochsBehind(descriptor);
}

/** How many attempts to reclaim memory have failed because of the pin that the participant with a number holds now. */
export function delaysOf(number: u32): u32 {
  const descriptor = participantAt(number - 1);
  return descriptor === 0 ? 0 : delays(descriptor);
}

/** When the first of those attempts failed, in milliseconds since 1970; 0 when none has. */
export function delayedSinceOf(number: u32): f64 {
  const descriptor = participantAt(number - 1);
  return descriptor === 0 ? 0 : delayedSince(descriptor);
}

export function clear(): void {
  clearAll<PlainWords>();
}

export function scan(startLength: u32, endLength: u32, flags: u32, limit: u32): u32 {
  return scanRange(startLength, endLength, flags, limit);
}

export function scanDone(): u32 {
  return isScanDone ? 1 : 0;
}

export function pin(): void {
  pinEpoch(participant);
}

export function unpin(): void {
  unpinEpoch(participant);
}

/** Works off the queue and the garbage as far as others allow. 1 when nothing is left of either. */
export function quiesce(): u32 {
  let clean: bool = false;
  for (let round: u32 = 0; round < QUIESCE_ROUNDS && !clean; round++) {
    pinEpoch(participant);
    clean = drainQueue();
    unpinEpoch(participant);
  }
  while (!drain(participant)) {
    const obstacle = takeObstacle();
    if (obstacle === 0 || !recover(obstacle)) return 0;
  }
  return clean && retiredBytes() === 0 ? 1 : 0;
}

/** Checks every invariant while nobody else is in an operation. 0, or a code (verify.ts); the place is in the result scratch. */
export function verify(): u32 {
  return report(verifyTree<PlainWords>());
}

/** Puts the place that `verify` found into the result scratch. */
export function report(code: u32): u32 {
  store<u64>(result(), failedNode, 8);
  store<u64>(result(), failedDetail, 16);
  store<u64>(result(), failedDetail2, 24);
  return code;
}

/** As `attach`, for JavaScript that says which thread it is: two numbers of the host's, by which others can find out whether it still runs. */
export function attachAs(mayWait: u32, thread: u32, osThread: u32): u32 {
  setThread(thread);
  const status = attach(mayWait);
  if (status !== OK) return status;
  atomic.store<u32>(participant, thread, PARTICIPANT_THREAD);
  atomic.store<u32>(participant, osThread, PARTICIPANT_OS_THREAD);
  return OK;
}

/** Which thread a number's participant said it is; 0 when that is not known, as while it registers for the first time. */
export function threadOf(number: u32): u32 {
  const descriptor = participantAt(number - 1);
  return descriptor === 0 ? 0 : atomic.load<u32>(descriptor, PARTICIPANT_THREAD);
}

export function osThreadOf(number: u32): u32 {
  const descriptor = participantAt(number - 1);
  return descriptor === 0 ? 0 : atomic.load<u32>(descriptor, PARTICIPANT_OS_THREAD);
}

/**
 * Says that a call of this thread was broken off for good, as when its stack is full: others may take over from its
 * participant, which nobody may act as any more.
 */
export function abandon(): void {
  if (participant !== 0) markDead(participant);
}

/** Frees what those whom this thread has taken over from had retired, as far as others allow: not in the recovery, which others wait for. */
function afterwards(recovered: u32): u32 {
  if (recovered !== 0) drain(participant);
  return recovered;
}

/** Says that the thread of a participant has ended for good, and takes over from it (see `unrecovered`). 0 when there is none. */
export function release(number: u32): u32 {
  const descriptor = participantAt(number - 1);
  if (descriptor === 0) return 0;
  markDead(descriptor);
  if (!isDeadNumber(number)) return 0;
  if (recover(descriptor)) afterwards(1);
  return 1;
}

/** Says that a thread has ended for good, and takes over from all its participants. Returns how many (see `unrecovered`). */
export function releaseThread(thread: u32): u32 {
  return afterwards(recoverThread(thread));
}

/** Takes over from every participant whose thread is known to have ended. Returns how many. */
export function releaseGone(): u32 {
  return afterwards(recoverAll());
}

/** From how many participants that are known to be dead nobody has taken over yet: what they had is in the way of each other. */
export function unrecovered(): u32 {
  return unrecoveredNumbers();
}
