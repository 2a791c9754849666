/**
 * Making a layer (the paper's section 4.6.3): two keys share a slice and go on differently, so the slot that held one
 * suffix becomes the root of a layer that holds both.
 *
 * Invariants
 *  Y1  The chain (one leaf for every further slice that the keys share, then a leaf with both) is built privately, from the
 *      top, before the slot changes; if a block cannot be had, the chain is freed and the map is as it was.
 *  Y2  The slot's value moves into the chain: it is neither lost nor freed.
 *  Y3  The leaf is marked INSERTING while the slot turns from suffix to layer (design page: the unstable marker is the
 *      version's, not the tag's).
 */

import { ikeyAt, TAG_LAYER, TAG_SUFFIX, tagOf } from "@masstree/key/assembly";
import { allocate, free, isInHand, letGo, takeInHand } from "@masstree/memory/assembly";
import { LEAF, ROOT } from "@masstree/nodeversion/assembly";
import { identity } from "@masstree/permuter/assembly";
import {
  bagOf,
  fillEntry,
  fillLinks,
  fillPermutation,
  initialiseLeaf,
  LEAF_BYTES,
  tagIn,
  valueIn,
  writeLayer,
  writeStale,
} from "./leaf";
import { chainField, layersField, leavesField, participant } from "./session";
import {
  bagBytes,
  createBag,
  fillSuffix,
  freeBag,
  suffixLength,
  suffixOf,
  suffixRoom,
} from "./suffix";
import { INSERTS, mark, write32, writeCounter } from "./transaction";

/** A private root leaf for `count` entries that the caller fills; 0 when memory is full. */
function createRootLeaf(count: u32): usize {
  const leaf = allocate(participant, LEAF_BYTES);
  if (leaf === 0) return 0;
  initialiseLeaf(leaf, LEAF | ROOT);
  fillPermutation(leaf, identity(count));
  return leaf;
}

/** An empty layer: the map's first. 0 when memory is full. */
export function createLayer(): usize {
  return createRootLeaf(0);
}

/**
 * Frees the chain at work, from the top. Y4: each block is in hand before the chain lets go of it, so that this can be
 * stopped anywhere and done again.
 */
export function freeChain(): void {
  while (true) {
    const leaf = <usize>load<u32>(chainField());
    if (leaf === 0) return;
    const below = tagIn(leaf, 0) === TAG_LAYER ? <u32>valueIn(leaf, 0) : 0;
    const bag = bagOf(leaf);
    if (bag !== 0 && !isInHand(participant, bag)) takeInHand(participant, bag, bagBytes(bag));
    if (!isInHand(participant, leaf)) takeInHand(participant, leaf, LEAF_BYTES);
    store<u32>(chainField(), below);
    if (bag !== 0) freeBag(bag);
    free(participant, leaf, LEAF_BYTES);
  }
}

/** Fills the last leaf of a chain with two keys whose slices or classes differ; false when memory is full. */
function fillFork(
  leaf: usize,
  a: usize,
  aLength: u32,
  aValue: u64,
  b: usize,
  bLength: u32,
  bValue: u64,
): bool {
  const aTag = tagOf(aLength, 0);
  const bTag = tagOf(bLength, 0);
  const aIkey = ikeyAt(a, aLength, 0);
  const bIkey = ikeyAt(b, bLength, 0);
  const aFirst = aIkey < bIkey || (aIkey === bIkey && aTag < bTag);
  const aSlot: u32 = aFirst ? 0 : 1;
  const bSlot: u32 = aFirst ? 1 : 0;
  fillEntry(leaf, aSlot, aIkey, aTag, aValue);
  fillEntry(leaf, bSlot, bIkey, bTag, bValue);
  const aRoom = aTag === TAG_SUFFIX ? suffixRoom(aLength - 8) : 0;
  const bRoom = bTag === TAG_SUFFIX ? suffixRoom(bLength - 8) : 0;
  if (aRoom + bRoom === 0) return true;
  const bag = createBag(aRoom + bRoom, 2);
  if (bag === 0) return false;
  if (aRoom !== 0) fillSuffix(bag, aSlot, a + 8, aLength - 8);
  if (bRoom !== 0) fillSuffix(bag, bSlot, b + 8, bLength - 8);
  fillLinks(leaf, 0, 0, bag);
  letGo(participant, bag);
  return true;
}

/** How many layers the last chain has. */
let chainLength: u32 = 0;

/** Y1: builds the chain for two different keys; its top is then in the chain word. False, with no chain, when memory is full. */
function buildChain(
  a: usize,
  aLength: u32,
  aValue: u64,
  b: usize,
  bLength: u32,
  bValue: u64,
): bool {
  let last: usize = 0;
  let at: u32 = 0;
  chainLength = 0;
  while (true) {
    const aIkey = ikeyAt(a, aLength, at);
    const shared = aLength - at > 8 && bLength - at > 8 && aIkey === ikeyAt(b, bLength, at);
    const leaf = createRootLeaf(shared ? 1 : 2);
    if (leaf === 0) break;
    if (last === 0) store<u32>(chainField(), <u32>leaf);
    else fillEntry(last, 0, ikeyAt(a, aLength, at - 8), TAG_LAYER, leaf);
    letGo(participant, leaf); // Y4: from the hand to the chain
    chainLength++;
    if (!shared) {
      if (fillFork(leaf, a + at, aLength - at, aValue, b + at, bLength - at, bValue)) return true;
      break;
    }
    last = leaf;
    at += 8;
  }
  freeChain();
  return false;
}

/**
 * Plans that the locked leaf's suffix slot turns into a layer with the slot's key and a new one, whose remaining bytes are
 * given. False when memory is full; nothing is kept or logged then.
 */
export function makeLayer(leaf: usize, slot: u32, rest: usize, restLength: u32, value: u64): bool {
  const suffix = suffixOf(leaf, slot);
  if (!buildChain(suffix, suffixLength, valueIn(leaf, slot), rest, restLength, value)) return false;
  mark(leaf, INSERTS);
  writeStale(leaf, false);
  writeLayer(leaf, slot, load<u32>(chainField()));
  write32(chainField(), 0);
  writeCounter(leavesField(), chainLength);
  writeCounter(layersField(), chainLength);
  return true;
}
