/*
 * How the tree uses a participant's scratch areas (memory's descriptor.ts), in one place. All of it is private to
 * the participant's thread.
 *
 *     result scratch   0           WORD_IN     u64  the value word that `set` stores
 *                      8           WORD_OUT    u64  the word that a call found, replaced or removed; verify: the node
 *                      16, 24      DETAIL      u64  verify: details of the place
 *                      32          WORD_EXPECTED  u64  the value word that a condition compares with
 *                      64          ENTRIES          entries of a scan: u32 key length, u32 bytes of the entry, u64
 *                                                   value word, key, 0 to 7 bytes of padding; many keys: the same
 *                      PATH                         scan: the slices that lead to the layer being scanned; after it,
 *                                                   the keys as one text may reach in here (text.ts)
 *     workspace        0           RESUME           scan: u32 for each layer above, the leaf in which it was left;
 *                                                   load: for each open layer, its draft; many keys: lanes
 *                      SPARES                       split: u32 for each block allocated and not yet linked
 *                      STATE                        scan and split: what they keep while they wait for locks;
 *                                                   load: what it keeps from key to key
 *
 *     during              key                  bound                    result                workspace
 *     ------------------  -------------------  -----------------------  --------------------  -------------
 *     get, has            the key              -                        WORD_OUT              -
 *     set, remove         the key              -                        the words             SPARES, STATE
 *     worklist (removes)  spare route: prefix  the recorded path down   -                     -
 *     scan                the start, if any    the end, if any          ENTRIES, PATH         RESUME, STATE
 *     count               the start; the last key  the end, if any      as scan, WORD_OUT     as scan
 *     divide              the start            the end                  ENTRIES, PATH, WORD_OUT  -
 *     clear               the start            the recorded path down   as scan, for batches  as scan, split
 *     many keys           as for one           as for one               ENTRIES, the words    lanes, and as for one
 *     read changes        the start, if any    the end, if any          ENTRIES, WORD_OUT     -
 *     load                the key to append    the key to place         WORD_IN               RESUME, STATE
 *     verify              -                    the way back to layers   the way within one    -
 *     recovery            the dead participant's own: its spare route; nothing else
 */
import { MAX_KEY_BYTES, SLICE_BYTES } from "@masstree/key/assembly";
import {
  KEY_SCRATCH_BYTES,
  PARTICIPANT_WORKSPACE,
  RESULT_SCRATCH,
  RESULT_SCRATCH_BYTES,
  WORKSPACE_BYTES,
} from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";

/** Byte offset in the result scratch of the value word that goes into the tree. */
export const WORD_IN: usize = 0;
/** Byte offset in the result scratch of the value word that comes out of it. */
export const WORD_OUT: usize = 8;
/** Byte offset in the result scratch of two words with details of what `verify` found. */
export const DETAIL: usize = 16;
/** Byte offset in the result scratch of the value word that a condition compares with. */
export const WORD_EXPECTED: usize = 32;
/** Byte offset in the result scratch of the first entry of a scan, and of payloads. */
export const ENTRIES: usize = 64;
/** Byte offset of an entry's size in the entry: a multiple of 8. */
export const ENTRY_BYTES: usize = 4;
/** Byte offset of an entry's value word in the entry. */
export const ENTRY_VALUE: usize = 8;
/** Byte offset of an entry's key in the entry. */
export const ENTRY_KEY: usize = 16;
/**
 * Byte offset in the result scratch of a scan's path. One key of the greatest length fits before it, and one from
 * it on.
 */
export const PATH: usize = RESULT_SCRATCH_BYTES - MAX_KEY_BYTES;

/** Layers that a key of the greatest length can go through. */
const LAYERS: usize = MAX_KEY_BYTES / SLICE_BYTES;
/** Blocks that a split can allocate. */
const MOST_SPARES: usize = 40;
const RESUME: usize = PARTICIPANT_WORKSPACE;
const SPARES: usize = RESUME + 4 * LAYERS;
const STATE: usize = SPARES + 4 * MOST_SPARES;
const STATE_BYTES: usize = 96;

/** The value word that the last call found, replaced or removed. */
export function wordOut(): u64 {
  return load<u64>(participant + RESULT_SCRATCH, WORD_OUT);
}

/** The value word that a condition compares with. */
export function wordExpected(): u64 {
  return load<u64>(participant + RESULT_SCRATCH, WORD_EXPECTED);
}

/** Leaves a value word for the caller. */
export function setWordOut(word: u64): void {
  store<u64>(participant + RESULT_SCRATCH, word, WORD_OUT);
}

/** Address of the `bytes` that a scan or a split keeps while it waits for locks. */
export function stateArea(bytes: usize): usize {
  if (
    STATE + STATE_BYTES > PARTICIPANT_WORKSPACE + WORKSPACE_BYTES ||
    PATH <= KEY_SCRATCH_BYTES + ENTRIES
  ) {
    ERROR("the scratch areas are too small");
  }
  if (DEBUG && bytes > STATE_BYTES) unreachable();
  return participant + STATE;
}

/** Address of lane `index` of a search for many keys (many.ts), of which each has `bytes`. */
export function laneAt(index: u32, bytes: usize): usize {
  return participant + RESUME + <usize>index * bytes;
}

/** Address of the first entry of a batch. */
export function firstEntry(): usize {
  return participant + RESULT_SCRATCH + ENTRIES;
}

/** The leaf in which a scan left the layer number `layer`. */
export function resumeAt(layer: u32): usize {
  return load<u32>(participant + ((<usize>layer) << 2), RESUME);
}

/** Sets it. */
export function setResumeAt(layer: u32, leaf: usize): void {
  store<u32>(participant + ((<usize>layer) << 2), <u32>leaf, RESUME);
}

/** Spare block number `index` of the split. */
export function spareAt(index: u32): usize {
  return load<u32>(participant + ((<usize>index) << 2), SPARES);
}

/** Sets it. */
export function setSpareAt(index: u32, block: usize): void {
  if (DEBUG && <usize>index >= MOST_SPARES) unreachable();
  store<u32>(participant + ((<usize>index) << 2), <u32>block, SPARES);
}
