/*
 * Building a tree bottom up from keys in ascending order (the bulk load of any B+tree, for a trie of them). The map
 * is empty, and no other thread has it.
 *
 * A key goes where the one before it is, as far as they share slices. The layers on the way to the last key are open.
 * Each has a draft, a private leaf without an inner bag that takes entries until it is full; then a leaf of the exact
 * size is made of it and linked at the right edge of its layer. A group that gets too large for a leaf is at the end of
 * the draft of the last open layer: it moves into the draft of a new one.
 *
 *     layer 0   leaf <-> leaf <-> draft          the draft's `prev` is the last leaf of its layer;
 *     layer 1            leaf <-> draft          that leaf's ancestors are the layer's right edge
 *     layer 2                     draft
 *
 *     key scratch or result scratch   the keys to append     workspace   RESUME   u32 for each open layer: its draft
 *     bound scratch                   the key before them                STATE    Load
 *
 * Invariants
 *   LOAD1  The scratch areas belong to the load from its first key to its end: nobody can call another operation of a
 *          map that nobody has yet.
 *   LOAD2  Nothing leads to what is built until the last write, which the journal makes whole or absent. A load that
 *          ends before leaves its blocks to the memory, which is given up as a whole: see decision 15.
 *   LOAD3  A leaf is full but for the last of its layer, and for entries of an ikey that would otherwise be separated
 *          (leaf.ts LEAF6). An internode is full but for those at the right edge of its layer.
 *   LOAD4  A layer has more than SHARING keys below it, as those that `makeLayer` builds: fewer that share a slice stay
 *          in the layer above. So the layers are the same as if the keys had been inserted.
 *   LOAD5  The entry of the key before is the last one of the draft of the last open layer.
 */

import { pin } from "@masstree/epoch/assembly";
import {
  classOf,
  compareBytes,
  copyBytes,
  ikeyAt,
  TAG_LAYER,
  TAG_SUFFIX,
  tagOf,
} from "@masstree/key/assembly";
import { allocate, BOUND_SCRATCH } from "@masstree/memory/assembly";
import { initialise, LEAF, ROOT } from "@masstree/nodeversion/assembly";
import { identity, size } from "@masstree/permuter/assembly";
import {
  abortWrite,
  commitWrite,
  DELETES,
  markNode,
  participant,
  retireAfterwards,
  write32,
  writeCounter,
} from "@masstree/session/assembly";
import { suffixAddress, suffixLength } from "./bag";
import {
  countOf,
  fillChild,
  fillCount,
  fillSeparator,
  INTERNODE_BYTES,
  initialiseInternode,
} from "./internode";
import {
  bagOf,
  fillBag,
  fillBounds,
  fillEntry,
  fillLinks,
  fillPermutation,
  ikeyOf,
  LAST_CLASS,
  LAST_IKEY,
  leafBytes,
  lowestClassOf,
  lowestOf,
  nextOf,
  permutationHighOf,
  permutationOf,
  prevOf,
  SHARING,
  SLOTS,
  STRADDLE,
  tagIn,
  valueIn,
} from "./leaf";
import { addToDraft, dropFirst, groupAtEnd } from "./load-draft";
import { entryAfter, keyLengthOf, WordsInEntries } from "./many";
import { fillParent, parentOf } from "./node";
import { ENTRY_KEY, firstEntry, resumeAt, setResumeAt, setWordOut, stateArea } from "./scratch";
import {
  copySuffix,
  createBag,
  createLeaf,
  freeBag,
  freeLeaf,
  liveSuffixRoom,
  needsBag,
  suffixOf,
} from "./suffix";
import {
  internodesField,
  layersField,
  leavesField,
  MAP_ROOT,
  mapRoot,
  writeSize,
} from "./tree-words";
import { endOperation, lockNode } from "./wait";

/** Outcomes of `appendKey` and `finishLoad`. This one: done. */
export const LOADED: u32 = 0;
/** Memory is full. The load cannot go on. */
export const LOAD_FULL: u32 = 1;
/** The key is less than the one before, or equal to it. The load cannot go on. */
export const LOAD_UNSORTED: u32 = 2;
export const LOAD_REPEATED: u32 = 3;

/** What is built, and the last key of it. */
@unmanaged
class Load {
  /** How many bytes the last key has. */
  length: u32;
  /** The number of the last open layer. */
  open: u32;
  entries: u32;
  leaves: u32;
  internodes: u32;
  layers: u32;
  /** The root of the layer that was closed last. */
  root: u32;
}

function theLoad(): Load {
  return changetype<Load>(stateArea(offsetof<Load>()));
}

/** The key that was appended last. */
function lastKey(): usize {
  return participant + BOUND_SCRATCH;
}

/** How many whole slices two different keys share, both of which continue behind them. */
function sharedSlices(a: usize, aLength: u32, b: usize, bLength: u32): u32 {
  let at: u32 = 0;
  while (aLength - at > 8 && bLength - at > 8 && load<u64>(a + at) === load<u64>(b + at)) at += 8;
  return at >> 3;
}

/** Opens layer number `layer`. False if memory is full. */
function openLayer(it: Load, layer: u32): bool {
  const draft = createLeaf(LEAF, 0, 0);
  if (draft === 0) return false;
  it.layers++;
  setResumeAt(layer, draft);
  return true;
}

/** Links a new leaf or internode at the right edge of its layer, beside `left`. False if memory is full. */
function linkAtEdge(it: Load, left: usize, added: usize, height: u32, ikey: u64, cls: u32): bool {
  let child = added;
  let beside = left;
  let level = height;
  while (true) {
    const parent = parentOf(beside);
    if (parent !== 0 && countOf(parent) < SLOTS) {
      const count = countOf(parent);
      fillSeparator(parent, count, ikey, cls);
      fillChild(parent, count + 1, child);
      fillCount(parent, count + 1);
      fillParent(child, parent);
      return true;
    }
    const node = allocate(participant, INTERNODE_BYTES);
    if (node === 0) return false;
    it.internodes++;
    initialiseInternode(node, 0, level++);
    if (parent === 0) {
      fillChild(node, 0, beside);
      fillParent(beside, node);
      fillSeparator(node, 0, ikey, cls);
      fillChild(node, 1, child);
      fillCount(node, 1);
      fillParent(child, node);
      return true;
    }
    // The parent is full: the next internode of its level begins with this child.
    fillChild(node, 0, child);
    fillParent(child, node);
    child = node;
    beside = parent;
  }
}

/**
 * Makes a leaf of the exact size of the first `count` entries of a draft, and links it. Its keys end before
 * (ikey, cls), or with the layer if `isLast`. Returns it; 0 if memory is full.
 */
function makeLeaf(it: Load, draft: usize, count: u32, isLast: bool, ikey: u64, cls: u32): usize {
  const lo = permutationOf(draft);
  const before = prevOf(draft);
  const lowest = lowestOf(draft);
  const lowestClass = lowestClassOf(draft);
  const room = liveSuffixRoom(draft, lo, permutationHighOf(draft), 0, count);
  const leaf = createLeaf(isLast && before === 0 ? LEAF | ROOT : LEAF, room, 0);
  if (leaf === 0) return 0;
  it.leaves++;
  if (needsBag(leaf, room)) {
    const bag = createBag(room, SLOTS);
    if (bag === 0) return 0;
    fillBag(leaf, bag);
  }
  const bag = bagOf(leaf);
  for (let at: u32 = 0; at < count; at++) {
    fillEntry(leaf, at, ikeyOf(draft, at), tagIn(draft, at), valueIn(draft, at));
    if (bag !== 0) copySuffix(bag, at, draft, at);
  }
  fillPermutation(leaf, identity(count));
  if (isLast) fillBounds(leaf, lowest, lowestClass, LAST_IKEY, LAST_CLASS);
  else if (STRADDLE && cls !== 0) fillBounds(leaf, lowest, lowestClass, ikey, cls - 1);
  else fillBounds(leaf, lowest, lowestClass, ikey - 1, LAST_CLASS);
  fillLinks(leaf, before, 0);
  if (before !== 0) {
    fillLinks(before, prevOf(before), leaf);
    if (!linkAtEdge(it, before, leaf, 1, lowest, lowestClass)) return 0;
  }
  return leaf;
}

/**
 * Makes room in a full draft for an entry with this ikey. Entries of the same ikey go along to the next leaf, unless
 * they fill this one: then its group does, or nothing (leaf.ts STRADDLE). False if memory is full.
 */
function passOn(it: Load, draft: usize, ikey: u64, tag: u32): bool {
  let kept = SLOTS;
  while (kept > 0 && ikeyOf(draft, kept - 1) === ikey) kept--;
  const parts = kept === 0;
  if (parts) kept = SLOTS - groupAtEnd(draft, ikey);
  const cls: u32 = parts ? classOf(tag) : 0;
  const leaf = makeLeaf(it, draft, kept, false, ikey, cls);
  if (leaf === 0) return false;
  dropFirst(draft, kept);
  fillBounds(draft, ikey, cls, LAST_IKEY, LAST_CLASS);
  fillLinks(draft, leaf, 0);
  return true;
}

/** Adds the next entry of an open layer: a key's slice, with what the key has beyond it, or a layer. */
function addEntry(
  it: Load,
  layer: u32,
  ikey: u64,
  tag: u32,
  rest: usize,
  restLength: u32,
  value: u64,
): bool {
  const draft = resumeAt(layer);
  if (size(permutationOf(draft)) === SLOTS && !passOn(it, draft, ikey, tag)) return false;
  return addToDraft(draft, ikey, tag, rest, restLength, value);
}

/** Closes an open layer, whose root is then in `root`. False if memory is full. */
function closeLayer(it: Load, layer: u32): bool {
  const draft = resumeAt(layer);
  const count = size(permutationOf(draft));
  let node = makeLeaf(it, draft, count, true, 0, 0);
  if (node === 0) return false;
  const bag = bagOf(draft);
  if (bag !== 0) freeBag(bag);
  freeLeaf(draft);
  const leaf = node;
  for (let parent = parentOf(node); parent !== 0; parent = parentOf(node)) node = parent;
  if (node !== leaf) initialise(node, ROOT);
  it.root = <u32>node;
  return true;
}

/** Closes the last open layer, and adds it to the one above. False if memory is full. */
function closeLast(it: Load): bool {
  const layer = it.open;
  if (!closeLayer(it, layer)) return false;
  it.open = layer - 1;
  const above = it.open << 3;
  return addEntry(it, it.open, ikeyAt(lastKey(), it.length, above), TAG_LAYER, 0, 0, it.root);
}

/**
 * LOAD4: opens a layer below the last one for the `count` entries at the end of its draft, which share a slice, and
 * moves them there. False if memory is full.
 */
function openBelow(it: Load, count: u32): bool {
  const above = resumeAt(it.open);
  if (!openLayer(it, it.open + 1)) return false;
  it.open++;
  const end = size(permutationOf(above));
  for (let at = end - count; at < end; at++) {
    const suffix = suffixOf(above, at);
    const key = suffixAddress(suffix);
    const length = suffixLength(suffix);
    const tag = tagOf(length, 0);
    const rest = tag === TAG_SUFFIX ? length - 8 : 0;
    if (!addEntry(it, it.open, ikeyAt(key, length, 0), tag, key + 8, rest, valueIn(above, at))) {
      return false;
    }
  }
  fillPermutation(above, identity(end - count));
  return true;
}

/** Places the next key, which shares `shared` slices with the one before. False if memory is full. */
function place(it: Load, key: usize, length: u32, value: u64, shared: u32): bool {
  while (it.open > shared) {
    if (!closeLast(it)) return false;
  }
  while (it.open < shared) {
    const offset = it.open << 3;
    const group = groupAtEnd(resumeAt(it.open), ikeyAt(key, length, offset));
    if (group < SHARING) break;
    if (!openBelow(it, group)) return false;
  }
  const offset = it.open << 3;
  const tag = tagOf(length, offset);
  const rest = tag === TAG_SUFFIX ? length - offset - 8 : 0;
  const ikey = ikeyAt(key, length, offset);
  if (!addEntry(it, it.open, ikey, tag, key + offset + 8, rest, value)) return false;
  it.entries++;
  return true;
}

/** Begins a load. The map is empty and nobody else has it (LOAD1). */
export function beginLoad(): void {
  memory.fill(changetype<usize>(theLoad()), 0, offsetof<Load>());
}

/**
 * Appends a key with a value word.
 *
 * @param key address of its bytes, private to the thread
 * @returns LOADED; otherwise the load cannot go on
 */
export function appendKey(key: usize, length: u32, value: u64): u32 {
  const it = theLoad();
  let shared: u32 = 0;
  if (it.layers === 0) {
    if (!openLayer(it, 0)) return LOAD_FULL;
  } else {
    const order = compareBytes(lastKey(), it.length, key, length);
    if (order >= 0) return order === 0 ? LOAD_REPEATED : LOAD_UNSORTED;
    shared = sharedSlices(lastKey(), it.length, key, length);
  }
  if (!place(it, key, length, value, shared)) return LOAD_FULL;
  copyBytes(lastKey(), key, length);
  it.length = length;
  return LOADED;
}

/**
 * Appends the keys of `count` entries in the result scratch.
 *
 * @typeParam E where their value words come from
 * @returns LOADED; otherwise the load cannot go on, and a value word says how many were appended
 */
export function appendMany<E extends WordsInEntries>(count: u32): u32 {
  let entry = firstEntry();
  for (let index: u32 = 0; index < count; index++) {
    const word = changetype<E>(0).wordOf(entry);
    const isFull = word === 0 && !changetype<E>(0).mayBeZero();
    const status = isFull ? LOAD_FULL : appendKey(entry + ENTRY_KEY, keyLengthOf(entry), word);
    if (status !== LOADED) {
      setWordOut(index);
      return status;
    }
    entry = entryAfter(entry);
  }
  return LOADED;
}

/**
 * Closes all layers, and puts what is built in the place of the empty tree (LOAD2).
 *
 * @returns LOADED or LOAD_FULL
 */
export function finishLoad(): u32 {
  const it = theLoad();
  if (it.layers === 0) return LOADED;
  while (it.open > 0) {
    if (!closeLast(it)) return LOAD_FULL;
  }
  if (!closeLayer(it, 0)) return LOAD_FULL;
  const entries = it.entries;
  const leaves = it.leaves;
  const internodes = it.internodes;
  const layers = it.layers;
  const root = it.root;
  pin(participant);
  const empty = mapRoot();
  lockNode(empty);
  if (size(permutationOf(empty)) !== 0 || nextOf(empty) !== 0) {
    // LOAD1 was broken.
    abortWrite();
    unreachable();
  }
  markNode(empty, DELETES);
  retireAfterwards(empty, leafBytes(empty));
  writeSize(entries);
  writeCounter(leavesField(), <i32>leaves - 1);
  writeCounter(internodesField(), internodes);
  writeCounter(layersField(), <i32>layers - 1);
  write32(MAP_ROOT, root); // JOURNAL4: the last
  commitWrite();
  endOperation();
  return LOADED;
}
