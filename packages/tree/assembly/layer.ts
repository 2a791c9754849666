/*
 * Making a layer (the paper's section 4.6.3). Two keys share a slice and continue differently. So the slot that
 * held one suffix gets a layer that holds both.
 *
 * Invariants
 *   LAYER1  The chain consists of one leaf for every further slice that the keys share, then a leaf with both. It
 *           is built privately, from the top, before the slot changes. If a block cannot be allocated, the chain
 *           is freed and the map is unchanged.
 *   LAYER2  The slot's value moves into the chain: it is neither lost nor freed.
 *   LAYER3  The leaf is marked INSERTING while the slot changes from suffix to layer: the version, not the tag,
 *           tells that it is unstable.
 *   LAYER4  A block of the chain becomes private again before the chain lets go of it. It leaves the private
 *           blocks only once the chain leads to it.
 */

import { ikeyAt, TAG_LAYER, TAG_SUFFIX, tagOf } from "@masstree/key/assembly";
import { addPrivate, dropPrivate, isPrivate } from "@masstree/memory/assembly";
import { LEAF, ROOT } from "@masstree/nodeversion/assembly";
import { identity } from "@masstree/permuter/assembly";
import { INSERTS, markNode, participant, write32, writeCounter } from "@masstree/session/assembly";
import { bagBytes, fillSuffix, suffixAddress, suffixLength, suffixRoom } from "./bag";
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
import { chainField, layersField, leavesField } from "./tree-words";

/**
 * A private root leaf for `count` entries with `room` bytes of suffixes, which the caller fills. 0 if memory is
 * full.
 */
function createRootLeaf(count: u32, room: u32): usize {
  // Most layers stay small: at most half as much again is set aside.
  const leaf = createLeaf(LEAF | ROOT, room, min<u32>(expectedRoom(room, count), room) >> 1);
  if (leaf !== 0) fillPermutation(leaf, identity(count));
  return leaf;
}

/** Creates an empty layer: the map's first. 0 if memory is full. */
export function createLayer(): usize {
  return createRootLeaf(0, 0);
}

/** Frees the chain at work, from the top. Can be stopped anywhere, and repeated (LAYER4). */
export function freeChain(): void {
  while (true) {
    const leaf = <usize>load<u32>(chainField());
    if (leaf === 0) return;
    const below = tagIn(leaf, 0) === TAG_LAYER ? <u32>valueIn(leaf, 0) : 0;
    const bag = bagBlockOf(leaf);
    if (bag !== 0 && !isPrivate(participant, bag)) addPrivate(participant, bag, bagBytes(bag));
    if (!isPrivate(participant, leaf)) addPrivate(participant, leaf, leafBytes(leaf));
    store<u32>(chainField(), below);
    if (bag !== 0) freeBag(bag);
    freeLeaf(leaf);
  }
}

/** Bytes that the part of a key beyond its first slice takes in a bag. */
function roomBeyond(length: u32): u32 {
  return length > 8 ? suffixRoom(length - 8) : 0;
}

function fillKey(leaf: usize, slot: u32, key: usize, length: u32, value: u64): void {
  const tag = tagOf(length, 0);
  fillEntry(leaf, slot, ikeyAt(key, length, 0), tag, value);
  if (tag === TAG_SUFFIX) fillSuffix(bagOf(leaf), slot, key + 8, length - 8);
}

/** Fills the last leaf of a chain with two keys whose slices or classes differ. False if memory is full. */
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
    dropPrivate(participant, bag);
  }
  const aIkey = ikeyAt(a, aLength, 0);
  const bIkey = ikeyAt(b, bLength, 0);
  const aFirst = aIkey < bIkey || (aIkey === bIkey && tagOf(aLength, 0) < tagOf(bLength, 0));
  fillKey(leaf, aFirst ? 0 : 1, a, aLength, aValue);
  fillKey(leaf, aFirst ? 1 : 0, b, bLength, bValue);
  return true;
}

/**
 * LAYER1: builds the chain for two different keys and leaves its top in the chain word. Returns how many layers it
 * has; 0, without a chain, if memory is full.
 */
function buildChain(a: usize, aLength: u32, aValue: u64, b: usize, bLength: u32, bValue: u64): u32 {
  let last: usize = 0;
  let at: u32 = 0;
  let layers: u32 = 0;
  while (true) {
    const aIkey = ikeyAt(a, aLength, at);
    const shared = aLength - at > 8 && bLength - at > 8 && aIkey === ikeyAt(b, bLength, at);
    const room = shared ? 0 : roomBeyond(aLength - at) + roomBeyond(bLength - at);
    const leaf = createRootLeaf(shared ? 1 : 2, room);
    if (leaf === 0) break;
    if (last === 0) store<u32>(chainField(), <u32>leaf);
    else fillEntry(last, 0, ikeyAt(a, aLength, at - 8), TAG_LAYER, leaf);
    dropPrivate(participant, leaf); // LAYER4: the chain leads to it now
    layers++;
    if (!shared) {
      if (fillFork(leaf, a + at, aLength - at, aValue, b + at, bLength - at, bValue)) return layers;
      break;
    }
    last = leaf;
    at += 8;
  }
  freeChain();
  return 0;
}

/**
 * Plans that the locked leaf's suffix slot turns into a layer with the slot's key and a new key, of which the
 * remaining bytes are given. False if memory is full; then nothing is kept or logged.
 */
export function makeLayer(leaf: usize, slot: u32, rest: usize, restLength: u32, value: u64): bool {
  const suffix = suffixOf(leaf, slot);
  const length = suffixLength(suffix);
  const word = valueIn(leaf, slot);
  const layers = buildChain(suffixAddress(suffix), length, word, rest, restLength, value);
  if (layers === 0) return false;
  markNode(leaf, INSERTS);
  writeStale(leaf, false);
  writeLayer(leaf, slot, load<u32>(chainField()));
  write32(chainField(), 0);
  writeCounter(leavesField(), layers);
  writeCounter(layersField(), layers);
  return true;
}
