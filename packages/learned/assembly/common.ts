/*
 * The WebAssembly exports of every index, whatever its value words stand for: those of every ordered map, so that the
 * classes of @masstree/tree work on it, and its own. Keys have 8 bytes, whatever length is passed.
 */
import {
  pin as pinEpoch,
  retiredBytes as retiredBytesOf,
  unpin as unpinEpoch,
} from "@masstree/epoch/assembly";
import { KEY_SCRATCH, spillAll } from "@masstree/memory/assembly";
import {
  attach as attachAs,
  detach as detachSession,
  endOperation,
  participant,
  reclaim,
  recoverGone,
  recoverParticipant,
  recoverThread,
} from "@masstree/session/assembly";
import { dropRing } from "@masstree/tree/assembly/changes";
import { endWaits } from "@masstree/tree/assembly/events";
import { MAINTAINED, MAINTAINED_HELD_UP } from "@masstree/tree/assembly/maintained";
import {
  totalEntries,
  totalInternodes,
  totalLeaves,
  totalRestarts,
  totalSplits,
} from "@masstree/tree/assembly/tree-words";
import { configure as configureMap, createLearnedRegion, LearnedClient } from "./client";
import { divide as divideKeys } from "./divide";
import { find } from "./find";
import { childOf, isChild, stateOf } from "./line";
import {
  beginLoad as beginLoading,
  endLoad as endLoading,
  finishLoad as finishLoading,
  takeLast as takeLastOfEqual,
} from "./load";
import { findMany as findManyKeys } from "./many";
import { ordinalOf } from "./ordinal";
import { REBUILD_LATE, REBUILT, rebuild as rebuildSubtree } from "./rebuild";
import { count as countRange, isScanDone, scan as scanRange } from "./scan";
import { deepest, ROOT_LINE, totalRebuilds } from "./words";

export * from "@masstree/session/assembly/module";
export * from "@masstree/tree/assembly/waiting";
export * from "@masstree/tree/assembly/watching";

/** Lays out a region in a zeroed memory, for a map of these kinds. Returns a status of @masstree/memory. */
export function create(maxWasmPages: u32, keyKind: u32, valueKind: u32): u32 {
  return createLearnedRegion(maxWasmPages, keyKind, valueKind);
}

/**
 * Sets the options of a map that nobody else has yet: slots for each key in thousandths, the rebuild depth, the tombstone
 * ratio in thousandths, and a sum of AUTO_REBUILD and DOUBLES.
 */
export function configure(expansion: u32, depth: u32, tombstones: u32, flags: u32): void {
  configureMap(expansion, depth, tombstones, flags);
}

/** Makes this thread a participant: OK, FULL, TOO_MANY or BAD. The two numbers say which thread it is. */
export function attach(mayWait: u32, thread: u32, osThread: u32): u32 {
  return attachAs<LearnedClient>(mayWait, thread, osThread);
}

/** Gives the participant back; others free its garbage. After this, only `attach` may be called. */
export function detach(): void {
  if (participant === 0) return;
  endLoading();
  endWaits();
  dropRing();
  detachSession();
}

function key(): usize {
  return participant + KEY_SCRATCH;
}

/** 1 if there is a value for the key. */
export function has(_length: u32): u32 {
  pinEpoch(participant);
  const isThere = find(ordinalOf(key()));
  unpinEpoch(participant);
  return u32(isThere);
}

/** As the tree's: looks up the keys of `count` entries. */
export function findMany(count: u32): u32 {
  return findManyKeys(count);
}

/** The number of entries. Exact if nobody is writing. */
export function size(): f64 {
  return max<f64>(<f64>totalEntries(), 0);
}

/** The number of lines. Accuracy as for `size`. */
export function leaves(): f64 {
  return <f64>totalLeaves();
}

/** The number of nodes. Accuracy as for `size`. */
export function internodes(): f64 {
  return <f64>totalInternodes();
}

/** 1: an index is one layer. */
export function layers(): f64 {
  return 1;
}

/** The greatest depth of a node that was made since the whole map was rebuilt. */
export function height(): u32 {
  return deepest();
}

/** Conflicts that made a node since the map was created. */
export function splitCount(): f64 {
  return <f64>totalSplits();
}

/** Searches that started over: none does. */
export function restartCount(): f64 {
  return <f64>totalRestarts();
}

/** Subtrees that were rebuilt since the map was created. */
export function rebuildCount(): f64 {
  return <f64>totalRebuilds();
}

/** As the tree's: writes entries of a range to the result scratch. */
export function scan(_startLength: u32, _endLength: u32, flags: u32, limit: u32): u32 {
  return scanRange(flags, limit);
}

/** As the tree's: counts the entries of a range, `most` at most. */
export function count(_startLength: u32, _endLength: u32, flags: u32, most: u32): u32 {
  return countRange(flags, most);
}

/** As the tree's: divides the keys between two bounds. */
export function divide(_startLength: u32, _endLength: u32, flags: u32): u32 {
  return divideKeys(flags);
}

/** 1 if the last scan reached the end of its range. */
export function scanDone(): u32 {
  return u32(isScanDone());
}

/** As the tree's; 0, because the keys are no text. */
export function joinKeys(_count: u32): u32 {
  return 0;
}

/** Begins to load entries in ascending order. */
export function beginLoad(): void {
  beginLoading();
}

/** Lets the last one of entries with equal keys win, in the load that has begun. */
export function takeLast(): void {
  takeLastOfEqual();
}

/** Puts what was appended into the map, in one step. Returns LOADED or LOAD_FULL. */
export function finishLoad(): u32 {
  return finishLoading();
}

/** Gives up what was appended. */
export function endLoad(): void {
  endLoading();
}

/** Rebuilds the whole map. Returns REBUILT, or REBUILD_FULL: nothing has changed. */
export function rebuild(): u32 {
  pinEpoch(participant);
  let outcome: u32;
  do {
    const state = stateOf(ROOT_LINE);
    outcome = isChild(state) ? rebuildSubtree(ROOT_LINE, 0, childOf(state), 0, false, 0) : REBUILT;
  } while (outcome === REBUILD_LATE);
  endOperation<LearnedClient>();
  return outcome;
}

/** Reclaims what was retired, as far as others allow. 1 if nothing is left of it. */
export function quiesce(): u32 {
  return reclaim<LearnedClient>() && retiredBytesOf() === 0 ? 1 : 0;
}

/** One step of maintenance: frees what was retired, and gives this participant's free blocks to all. */
export function maintain(): u32 {
  dropRing();
  const isFree = reclaim<LearnedClient>();
  spillAll(participant);
  return isFree ? MAINTAINED : MAINTAINED_HELD_UP;
}

/** Reports that the thread of a participant has ended for good, and recovers it. Returns 0 if there is none. */
export function release(number: u32): u32 {
  return u32(recoverParticipant<LearnedClient>(number));
}

/** Reports that a thread has ended for good, and recovers all its participants. Returns how many. */
export function releaseThread(thread: u32): u32 {
  return recoverThread<LearnedClient>(thread);
}

/** Recovers every participant whose thread is known to have ended. Returns how many. */
export function releaseGone(): u32 {
  return recoverGone<LearnedClient>();
}
