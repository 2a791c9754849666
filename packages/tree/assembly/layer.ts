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
import { isInHand, letGo, takeInHand } from "@masstree/memory/assembly";
import { LEAF, ROOT } from "@masstree/nodeversion/assembly";
import { identity } from "@masstree/permuter/assembly";
import { bagBytes, fillSuffix, suffixLength, suffixRoom } from "./bag";
import {
  bagOf,
  fillBag,
  fillEntry,
  fillPermutation,
  leafBytes,
  tagIn,
  valueIn,
  writeLayer,
  writeStale,
} from "./leaf";
import { chainField, layersField, leavesField, participant } from "./session";
import {
  bagBlockOf,
  createBag,
  createLeaf,
  expectedRoom,
  freeBag,
  freeLeaf,
  needsBag,
  suffixOf,
} from "./suffix";
import { INSERTS, mark, write32, writeCounter } from "./transaction";

/** A private root leaf for `count` entries, with `room` bytes of suffixes, that the caller fills; 0 when memory is full. */
function createRootLeaf(count: u32, room: u32): usize {
  // Most layers stay small: no more than half again is set aside.
  const leaf = createLeaf(LEAF | ROOT, room, min<u32>(expectedRoom(room, count), room) >> 1);
  if (leaf !== 0) fillPermutation(leaf, identity(count));
  return leaf;
}

/** An empty layer: the map's first. 0 when memory is full. */
export function createLayer(): usize {
  return createRootLeaf(0, 0);
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
    const bag = bagBlockOf(leaf);
    if (bag !== 0 && !isInHand(participant, bag)) takeInHand(participant, bag, bagBytes(bag));
    if (!isInHand(participant, leaf)) takeInHand(participant, leaf, leafBytes(leaf));
    store<u32>(chainField(), below);
    if (bag !== 0) freeBag(bag);
    freeLeaf(leaf);
  }
}

/** Bytes that a key takes in a bag for what it has beyond its first slice. */
function roomBeyond(length: u32): u32 {
  return length > 8 ? suffixRoom(length - 8) : 0;
}

function fillKey(leaf: usize, slot: u32, key: usize, length: u32, value: u64): void {
  const tag = tagOf(length, 0);
  fillEntry(leaf, slot, ikeyAt(key, length, 0), tag, value);
  if (tag === TAG_SUFFIX) fillSuffix(bagOf(leaf), slot, key + 8, length - 8);
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
  const room = roomBeyond(aLength) + roomBeyond(bLength);
  if (needsBag(leaf, room)) {
    const bag = createBag(room, 2);
    if (bag === 0) return false;
    fillBag(leaf, bag);
    letGo(participant, bag);
  }
  const aIkey = ikeyAt(a, aLength, 0);
  const bIkey = ikeyAt(b, bLength, 0);
  const aFirst = aIkey < bIkey || (aIkey === bIkey && tagOf(aLength, 0) < tagOf(bLength, 0));
  fillKey(leaf, aFirst ? 0 : 1, a, aLength, aValue);
  fillKey(leaf, aFirst ? 1 : 0, b, bLength, bValue);
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
    const room = shared ? 0 : roomBeyond(aLength - at) + roomBeyond(bLength - at);
    const leaf = createRootLeaf(shared ? 1 : 2, room);
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
