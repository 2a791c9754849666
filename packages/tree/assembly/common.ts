/*
 * The WebAssembly exports of every map on the tree, whatever its value words stand for: those of
 * @masstree/session, and the tree's. Pointers are byte offsets into the map's memory.
 *
 * A key is the first bytes of the key scratch. Its length, 0 to MAX_KEY_BYTES, is trusted. scratch.ts tells where
 * value words go in and out.
 */
import {
  pin as pinEpoch,
  retiredBytes as retiredBytesOf,
  unpin as unpinEpoch,
} from "@masstree/epoch/assembly";
import { KEY_SCRATCH, spillAll } from "@masstree/memory/assembly";
import { isLeaf } from "@masstree/nodeversion/assembly";
import {
  detach as detachSession,
  participant,
  reclaim,
  recoverGone,
  recoverParticipant,
  recoverThread,
} from "@masstree/session/assembly";
import { dropRing } from "./changes";
import { createTreeRegion, TreeClient } from "./client";
import { drainWorklist } from "./coalesce";
import { count as countRange } from "./count";
import { divide as divideKeys } from "./divide";
import { endWaits } from "./events";
import { locate } from "./find";
import { heightOf } from "./internode";
import { beginLoad as beginLoading, finishLoad as finishLoading } from "./load";
import { MAINTAINED, MAINTAINED_HELD_UP, MAINTAINED_SOME } from "./maintained";
import { findMany as findManyKeys } from "./many";
import { isScanDone, scan as scanRange } from "./scan";
import { joinKeys as joinKeysOf } from "./text";
import {
  mapRoot,
  totalEntries,
  totalInternodes,
  totalLayers,
  totalLeaves,
  totalRestarts,
  totalSplits,
} from "./tree-words";
import { stable } from "./wait";

export * from "@masstree/session/assembly/module";
export * from "./waiting";
export * from "./watching";

/** How many times `quiesce` goes over the worklist before it leaves the rest to others. */
const QUIESCE_ROUNDS: u32 = 64;

/**
 * Lays out a region in a zeroed memory, for a map of these kinds; `attach` completes it. Returns a status of
 * @masstree/memory.
 */
export function create(maxWasmPages: u32, keyKind: u32, valueKind: u32): u32 {
  return createTreeRegion(maxWasmPages, keyKind, valueKind);
}

/** Gives the participant back; others free its garbage. After this, only `attach` may be called. */
export function detach(): void {
  if (participant === 0) return;
  pinEpoch(participant);
  drainWorklist();
  unpinEpoch(participant);
  endWaits();
  dropRing();
  detachSession();
}

/** 1 if there is a value for the key. */
export function has(length: u32): u32 {
  pinEpoch(participant);
  const found = locate(participant + KEY_SCRATCH, length);
  unpinEpoch(participant);
  return found;
}

/**
 * Looks up the keys of `count` entries in the result scratch, from ENTRIES on. Writes an entry over them for each one
 * that is there, in their order: its number among them in place of the key's length, and its value word. Returns how
 * many.
 */
export function findMany(count: u32): u32 {
  return findManyKeys(count);
}

/** The number of entries. Exact if nobody is writing. */
export function size(): f64 {
  // While others write, the sum may include a removal without the insertion before it.
  return max<f64>(<f64>totalEntries(), 0);
}

/** The number of leaves in all layers. Accuracy as for `size`. */
export function leaves(): f64 {
  return <f64>totalLeaves();
}

/** The number of internodes in all layers. Accuracy as for `size`. */
export function internodes(): f64 {
  return <f64>totalInternodes();
}

/** The number of layers. Accuracy as for `size`. */
export function layers(): f64 {
  return <f64>totalLayers();
}

/** The number of internode levels above the leaves of the first layer. */
export function height(): u32 {
  pinEpoch(participant);
  const root = mapRoot();
  const levels = isLeaf(stable(root)) ? 0 : heightOf(root);
  unpinEpoch(participant);
  return levels;
}

/** Leaf splits since the map was created. */
export function splitCount(): f64 {
  return <f64>totalSplits();
}

/** Searches that started over since the map was created. */
export function restartCount(): f64 {
  return <f64>totalRestarts();
}

/**
 * Writes entries of a range to the result scratch, in order, from ENTRIES on: at least one, unless the range has
 * no more. The start bound is in the key scratch, the end bound in the bound scratch. `flags` is a sum of SCAN_
 * flags. Returns how many entries it wrote.
 */
export function scan(startLength: u32, endLength: u32, flags: u32, limit: u32): u32 {
  return scanRange(startLength, endLength, flags, limit);
}

/**
 * Counts the entries of a range, `most` at most. The bounds and `flags` are as for `scan`. If there are that many, the
 * last key that it counted is in the key scratch then, and its length at WORD_OUT.
 */
export function count(startLength: u32, endLength: u32, flags: u32, most: u32): u32 {
  return countRange(startLength, endLength, flags, most);
}

/**
 * Divides the keys between two bounds at one node of the tree. The bounds and `flags` are as for `scan`, without
 * direction. Writes places between keys, which need be no keys, as a scan does entries; the value word of each is
 * about how many entries lie between it and the next, as an f64. What lies before the first is at WORD_OUT. Returns how
 * many places; 0 if there is at most one entry.
 */
export function divide(startLength: u32, endLength: u32, flags: u32): u32 {
  return divideKeys(startLength, endLength, flags);
}

/** 1 if the last scan reached the end of its range. */
export function scanDone(): u32 {
  return isScanDone() ? 1 : 0;
}

/**
 * Copies the keys of the last scan's `count` entries behind these, one after the other. Returns how many bytes they have;
 * 0 if one of these is not ASCII, or if there is no room.
 */
export function joinKeys(count: u32): u32 {
  return joinKeysOf(count);
}

/** Begins to build the tree of an empty map that nobody else has, from keys in ascending order. */
export function beginLoad(): void {
  beginLoading();
}

/** Puts what was appended in the place of the empty tree. Returns LOADED or LOAD_FULL. */
export function finishLoad(): u32 {
  return finishLoading();
}

/**
 * Processes the worklist and reclaims what was retired, as far as others allow. 1 if nothing is left of either.
 */
export function quiesce(): u32 {
  let clean: bool = false;
  for (let round: u32 = 0; round < QUIESCE_ROUNDS && !clean; round++) {
    pinEpoch(participant);
    clean = drainWorklist();
    unpinEpoch(participant);
  }
  return reclaim<TreeClient>() && clean && retiredBytesOf() === 0 ? 1 : 0;
}

/**
 * One step of maintenance: works off some routes of the worklist, gives up a ring that nobody watches, frees what was
 * retired as far as others allow, and gives the free blocks that this participant keeps for itself to all. Returns one of
 * the MAINTAINED constants.
 */
export function maintain(): u32 {
  pinEpoch(participant);
  const clean = drainWorklist();
  unpinEpoch(participant);
  dropRing();
  const isFree = reclaim<TreeClient>();
  spillAll(participant);
  if (!clean) return MAINTAINED_SOME;
  return isFree ? MAINTAINED : MAINTAINED_HELD_UP;
}

/**
 * Reports that the thread of a participant has ended for good, and recovers the participant. Returns 0 if there is
 * none. This call and the next two may have to be repeated: see `unrecovered`.
 */
export function release(number: u32): u32 {
  return recoverParticipant<TreeClient>(number) ? 1 : 0;
}

/** Reports that a thread has ended for good, and recovers all its participants. Returns how many. */
export function releaseThread(thread: u32): u32 {
  return recoverThread<TreeClient>(thread);
}

/** Recovers every participant whose thread is known to have ended. Returns how many. */
export function releaseGone(): u32 {
  return recoverGone<TreeClient>();
}
