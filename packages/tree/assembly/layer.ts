/*
 * Making a layer (the paper's section 4.6.3, later than there). A leaf keeps up to SHARING keys that share a slice,
 * with their suffixes (leaf.ts LEAF1). One more, and all of them go into a layer, in the place of the group.
 *
 *     leaf         a   p.x   p.y   p.z   q                and the new key p.yy, where SHARING is 3
 *
 *     leaf         a   p     q
 *                      |
 *     the layer        x   y   yy   z
 *
 * Invariants
 *   LAYER1  The chain consists of one leaf for every further slice that all the keys share, then a leaf with all of
 *           them. It is built privately, from the top, and is complete before the leaf changes. If a block cannot be
 *           allocated, the chain is freed and the map is unchanged.
 *   LAYER2  The values of the group move into the chain: none is lost or freed.
 *   LAYER3  The leaf is marked INSERTING while the group turns into a layer: a reader that saw part of the change, or
 *           none of it, starts over. For in a full leaf the layer takes a slot of the group, and the slots that become
 *           free may be filled by the next insert (leaf.ts LEAF4).
 *   LAYER4  A block of the chain becomes private again before the chain lets go of it. It leaves the private
 *           blocks only once the chain leads to it.
 *   LAYER5  The keys that go into the last leaf of a chain share its slice by no more than SHARING at a time: the
 *           first and the last of them differ in it. So no leaf begins with a group that is too large.
 */

import { ikeyAt, TAG_LAYER, TAG_SUFFIX, tagOf } from "@masstree/key/assembly";
import { addPrivate, dropPrivate, isPrivate } from "@masstree/memory/assembly";
import { LEAF, ROOT } from "@masstree/nodeversion/assembly";
import { freeSlot, high, identity, insert, remove, size, slot } from "@masstree/permuter/assembly";
import { INSERTS, markNode, participant, write32, writeCounter } from "@masstree/session/assembly";
import { bagBytes, fillSuffix, suffixAddress, suffixLength, suffixRoom } from "./bag";
import {
  bagOf,
  fillBag,
  fillEntry,
  fillPermutation,
  ikeyOf,
  leafBytes,
  permutationHighOf,
  permutationOf,
  SHARING,
  SLOTS,
  tagIn,
  valueIn,
  writeEntry,
  writePermutation,
  writeStale,
} from "./leaf";
import { stateArea } from "./scratch";
import {
  bagBlockOf,
  createBag,
  createLeaf,
  expectedRoom,
  freeBag,
  freeLeaf,
  needsBag,
  shrinkBag,
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

/** The keys that become a layer. It lies in the participant's scratch, as what other writes keep does. */
@unmanaged
class Group {
  /** The leaf's permutation. */
  lo: u64;
  hi: u64;
  /** The value of the new key. */
  value: u64;
  leaf: u32;
  /** The position of the group's first entry. */
  first: u32;
  /** What the new key has behind the slice. */
  rest: u32;
  restLength: u32;
  /** Where the new key belongs among the keys. */
  place: u32;
}

/** How many keys there are, in order. They fit into one leaf. */
const KEYS: u32 = SHARING + 1;

function theGroup(): Group {
  if (KEYS > SLOTS) ERROR("a group and one key more do not fit into a leaf");
  return changetype<Group>(stateArea(offsetof<Group>()));
}

/** The leaf's slot of key i. Not for the new key. */
function keySlot(it: Group, index: u32): u32 {
  return slot(it.lo, it.hi, it.first + (index < it.place ? index : index - 1));
}

/** What key i has behind the slice: address and length, as bag.ts has them. */
function keyRest(it: Group, index: u32): u64 {
  if (index === it.place) return ((<u64>it.restLength) << 32) | <u64>it.rest;
  return suffixOf(it.leaf, keySlot(it, index));
}

function keyValue(it: Group, index: u32): u64 {
  return index === it.place ? it.value : valueIn(it.leaf, keySlot(it, index));
}

/** Fills the last leaf of a chain with all keys, of which `at` bytes behind the slice are above it. False if memory is full. */
function fillFork(it: Group, leaf: usize, at: u32, room: u32): bool {
  if (needsBag(leaf, room)) {
    const bag = createBag(room, KEYS);
    if (bag === 0) return false;
    fillBag(leaf, bag);
    dropPrivate(participant, bag);
  }
  for (let index: u32 = 0; index < KEYS; index++) {
    const rest = keyRest(it, index);
    const key = suffixAddress(rest) + at;
    const length = suffixLength(rest) - at;
    const tag = tagOf(length, 0);
    fillEntry(leaf, index, ikeyAt(key, length, 0), tag, keyValue(it, index));
    if (tag === TAG_SUFFIX) fillSuffix(bagOf(leaf), index, key + 8, length - 8);
  }
  return true;
}

/** Bytes that the keys take in the bag of a leaf that is `at` bytes further on. */
function forkRoom(it: Group, at: u32): u32 {
  let room: u32 = 0;
  for (let index: u32 = 0; index < KEYS; index++) {
    room += roomBeyond(suffixLength(keyRest(it, index)) - at);
  }
  return room;
}

/** LAYER5: whether all keys share the slice at `at`, and continue behind it. What the first and the last do, all do. */
function areAlike(first: u64, last: u64, at: u32): bool {
  const length = suffixLength(first);
  const lastLength = suffixLength(last);
  if (length - at <= 8 || lastLength - at <= 8) return false;
  return ikeyAt(suffixAddress(first), length, at) === ikeyAt(suffixAddress(last), lastLength, at);
}

/**
 * LAYER1: builds the chain for the keys and leaves its top in the chain word. Returns how many layers it has; 0, without
 * a chain, if memory is full.
 */
function buildChain(it: Group): u32 {
  const first = keyRest(it, 0);
  const last = keyRest(it, KEYS - 1);
  let above: usize = 0;
  let at: u32 = 0;
  let layers: u32 = 0;
  while (true) {
    const isShared = areAlike(first, last, at);
    const room = isShared ? 0 : forkRoom(it, at);
    const leaf = createRootLeaf(isShared ? 1 : KEYS, room);
    if (leaf === 0) break;
    if (above === 0) store<u32>(chainField(), <u32>leaf);
    else
      fillEntry(
        above,
        0,
        ikeyAt(suffixAddress(first), suffixLength(first), at - 8),
        TAG_LAYER,
        leaf,
      );
    dropPrivate(participant, leaf); // LAYER4: the chain leads to it now
    layers++;
    if (!isShared) {
      if (fillFork(it, leaf, at, room)) return layers;
      break;
    }
    above = leaf;
    at += 8;
  }
  freeChain();
  return 0;
}

/**
 * Plans that a full group of the locked leaf turns into a layer, with a new key that has its slice.
 *
 * @param first position of the group's first entry (search.ts)
 * @param position where the new key would belong in the leaf
 * @param rest the bytes of the new key behind the slice
 * @returns false if memory is full; then nothing is kept or logged
 */
export function makeLayer(
  leaf: usize,
  first: u32,
  position: u32,
  rest: usize,
  restLength: u32,
  value: u64,
): bool {
  const it = theGroup();
  it.lo = permutationOf(leaf);
  it.hi = permutationHighOf(leaf);
  it.value = value;
  it.leaf = <u32>leaf;
  it.first = first;
  it.rest = <u32>rest;
  it.restLength = restLength;
  it.place = position - first;
  const layers = buildChain(it);
  if (layers === 0) return false;
  const ikey = ikeyOf(leaf, slot(it.lo, it.hi, first));
  markNode(leaf, INSERTS); // LAYER3
  writeStale(leaf, false);
  let lo = it.lo;
  let hi = it.hi;
  for (let left = SHARING; left > 0; left--) {
    lo = remove(lo, hi, first);
    hi = high;
  }
  shrinkBag(leaf, lo, hi, size(lo));
  writeEntry(leaf, freeSlot(lo, hi), ikey, TAG_LAYER, load<u32>(chainField()));
  writePermutation(leaf, insert(lo, hi, first));
  write32(chainField(), 0);
  writeCounter(leavesField(), layers);
  writeCounter(layersField(), layers);
  return true;
}
