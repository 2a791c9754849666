/*
 * What lies where in a participant's scratch areas.
 *
 *   key        the key of an operation; of a scan, where it starts
 *   bound      of a scan, where it ends; of a put or a remove, a copy of a page that is being rebuilt
 *   result     0: words of the result, 64: the value, or entries; while a leaf is split, two whole keys
 *   workspace  0: the path, PATH_BYTES; then a separator on its way up
 *
 * An entry of a scan, each at a multiple of 4:
 *
 *   0   bytes   u32  of the entry
 *   4   key     u32  length of the key
 *   8   value   u32  length of the value
 *   12  chain   u32  the first page of the value's chain; 0: the value follows the key
 *   16  the key, then the value
 */
import {
  BOUND_SCRATCH,
  KEY_SCRATCH,
  PARTICIPANT_WORKSPACE,
  RESULT_SCRATCH,
  RESULT_SCRATCH_BYTES,
} from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";

/** Words of the result, by index: the new root. */
export const OUT_ROOT: u32 = 0;
/** The length of a value in a chain. */
export const OUT_LENGTH: u32 = 1;
/** The first page of that chain, or 0. */
export const OUT_CHAIN: u32 = 2;
/** Of a scan: 1 if it has reached its end. */
export const OUT_DONE: u32 = 3;
/** Of a scan that counts: how many entries. */
export const OUT_COUNT: u32 = 4;
/** Of a scan: how many bytes its entries have. */
export const OUT_BYTES: u32 = 5;

/** Where a value, or the first entry, is in the result scratch. */
export const VALUE_AT: u32 = 64;
/** Bytes there. */
export const VALUE_ROOM: u32 = <u32>RESULT_SCRATCH_BYTES - VALUE_AT;

export const ENTRY_HEAD: u32 = 16;

const PATH_BYTES: usize = 512;

export function keyAt(): usize {
  return participant + KEY_SCRATCH;
}

export function boundAt(): usize {
  return participant + BOUND_SCRATCH;
}

export function valueAt(): usize {
  return participant + RESULT_SCRATCH + VALUE_AT;
}

export function out(word: u32, value: u32): void {
  store<u32>(participant + RESULT_SCRATCH + ((<usize>word) << 2), value);
}

export function separatorAt(): usize {
  return participant + PARTICIPANT_WORKSPACE + PATH_BYTES;
}

// The path from the root, at depth 0, to a leaf: for each page its address and the index of the child taken.

export function pathPage(depth: u32): usize {
  return load<u32>(participant + ((<usize>depth) << 3), PARTICIPANT_WORKSPACE);
}

export function pathIndex(depth: u32): u32 {
  return load<u32>(participant + ((<usize>depth) << 3), PARTICIPANT_WORKSPACE + 4);
}

export function setPath(depth: u32, page: usize, index: u32): void {
  store<u32>(participant + ((<usize>depth) << 3), <u32>page, PARTICIPANT_WORKSPACE);
  store<u32>(participant + ((<usize>depth) << 3), index, PARTICIPANT_WORKSPACE + 4);
}
