/*
 * The executable form of the invariants, over a quiescent tree: no other operation may be running.
 *
 * Walks every layer in key order. In each layer it first checks the internodes, depth first, and the chain of
 * leaves. Then it checks the entries of each leaf, and enters a layer where an entry leads to one. No recursion:
 * the way back from layers is kept in the bound scratch (leaf and position, 8 bytes per layer), the way back
 * within a layer in the result scratch.
 */

import { EPOCHS_OK, epochsPlace, retiredRealBytes, verifyEpochs } from "@masstree/epoch/assembly";
import { classOf, compareKey, TAG_LAYER, TAG_SUFFIX } from "@masstree/key/assembly";
import {
  BOUND_SCRATCH,
  committedBytes,
  liveBytes,
  participantAt,
  participantLimit,
  RESULT_SCRATCH,
  reachTo,
  realBytes,
  verifyMemory,
} from "@masstree/memory/assembly";
import {
  isDeleted,
  isDirty,
  isLeaf,
  isLocked,
  isRoot,
  loadVersion,
} from "@masstree/nodeversion/assembly";
import { isBijection, size, slot } from "@masstree/permuter/assembly";
import { participant } from "@masstree/session/assembly";
import { bagBytes, isPlaceSound, suffixAddress, suffixLength } from "./bag";
import { ringBytes } from "./changes";
import { climb } from "./descend";
import { areWaitsSound } from "./events";
import { fail } from "./fault";
import { childOf, countOf, INTERNODE_BYTES, separatorClassOf, separatorOf } from "./internode";
import {
  bagOf,
  highestClassOf,
  highestOf,
  ikeyOf,
  isLeftmost,
  isPending,
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
  sideOf,
  tagIn,
  valueIn,
} from "./leaf";
import { parentOf } from "./node";
import { Route, worklistHead } from "./route";
import { ENTRIES } from "./scratch";
import { bagBlockOf, compareSuffix, innerBagOf, suffixOf } from "./suffix";
import {
  mapRoot,
  totalEntries,
  totalInternodes,
  totalLayers,
  totalLeaves,
  workField,
} from "./tree-words";
import { PlainWords } from "./values";

/** What `verify` found, named in src/invariants.ts. */
export const SOUND: u32 = 0;
const BAD_PERMUTATION: u32 = 1; // LEAF1
const BAD_ORDER: u32 = 2; // LEAF1
const OUT_OF_BOUNDS: u32 = 3; // LEAF2
const BAD_TAG: u32 = 4;
const BAD_SUFFIX: u32 = 5; // BAG4, SUFFIX1
const BAD_LIST: u32 = 6; // LEAF3
const BAD_BOUNDS: u32 = 7; // LEAF3
const BAD_SEPARATOR: u32 = 8; // INTERNODE1, COALESCE3
const BAD_PARENT: u32 = 9; // INTERNODE3
const NOT_QUIET: u32 = 10;
const REACHABLE_DELETED: u32 = 11; // COALESCE4
const BAD_ROOT: u32 = 12; // DESCEND3
const BAD_CHILD: u32 = 13; // INTERNODE2
const TOO_HIGH: u32 = 14;
const BAD_COUNT: u32 = 15; // WORDS1
const BAD_ACCOUNT: u32 = 16;
const BAD_MEMORY: u32 = 17;
const FORGOTTEN_LEAF: u32 = 18; // LEAF7
const FORGOTTEN_MARK: u32 = 19; // LEAF7
const BAD_EPOCHS: u32 = 20;
const BAD_WAITS: u32 = 21; // EVENT3
const TOO_MANY_SHARING: u32 = 22; // LEAF1

/**
 * What the walk has counted so far, and where it is. It waits for no lock, because no other operation is running.
 */
class Walk {
  static layers: u32 = 0;
  static leaves: u32 = 0;
  static internodes: u32 = 0;
  static entries: u64 = 0;
  static bytes: f64 = 0;
  /** The first leaf of the last layer that was walked. */
  static firstLeaf: usize = 0;
  /** Whether some route is still to be processed. */
  static isWorkLeft: bool = false;
}

/** The way back within a layer: node and child index, 8 bytes per level, in the result scratch. */
const STACK: usize = RESULT_SCRATCH + ENTRIES;
const STACK_CAPACITY: u32 = 64;

function stackNode(level: u32): usize {
  return load<u32>(participant + ((<usize>level) << 3), STACK);
}

function setStack(level: u32, node: usize): void {
  store<u32>(participant + ((<usize>level) << 3), <u32>node, STACK);
}

function stackIndex(level: u32): u32 {
  return load<u32>(participant + ((<usize>level) << 3), STACK + 4);
}

function setStackIndex(level: u32, index: u32): void {
  store<u32>(participant + ((<usize>level) << 3), index, STACK + 4);
}

function verifyQuiet(node: usize): u32 {
  const version = loadVersion(node);
  if (isLocked(version) || isDirty(version)) return fail(NOT_QUIET, node, version);
  if (isDeleted(version)) return fail(REACHABLE_DELETED, node, version);
  return SOUND;
}

/** The bounds and links of a leaf, against its left neighbour and the separator that leads to it. */
function verifyPlace(leaf: usize, previous: usize, expected: u64, expectedClass: u32): u32 {
  if (prevOf(leaf) !== previous) return fail(BAD_LIST, leaf, prevOf(leaf), previous);
  if (previous === 0) {
    if (!isLeftmost(leaf)) return fail(BAD_BOUNDS, leaf, lowestOf(leaf));
    return SOUND;
  }
  if (nextOf(previous) !== leaf) return fail(BAD_LIST, previous, nextOf(previous), leaf);
  const lowest = lowestOf(leaf);
  const lowestClass = lowestClassOf(leaf);
  const highest = highestOf(previous);
  const highestClass = highestClassOf(previous);
  const follows =
    STRADDLE && lowestClass !== 0
      ? highest === lowest && highestClass === lowestClass - 1
      : highest === lowest - 1 && highestClass === LAST_CLASS;
  if (!follows) return fail(BAD_BOUNDS, leaf, lowest, highest);
  if (lowest !== expected || lowestClass !== expectedClass) {
    return fail(BAD_SEPARATOR, leaf, lowest, expected);
  }
  return SOUND;
}

/** Invariants INTERNODE1 to INTERNODE3 of one internode. */
function verifyInternode(node: usize): u32 {
  const count = countOf(node);
  if (count > SLOTS) return fail(BAD_CHILD, node, count);
  for (let index: u32 = 0; index <= SLOTS; index++) {
    const child = childOf(node, index);
    if (index > count) {
      if (child !== 0) return fail(BAD_CHILD, node, index, child);
      continue;
    }
    if (child === 0) return fail(BAD_CHILD, node, index);
    if (parentOf(child) !== node) return fail(BAD_PARENT, child, parentOf(child), node);
    if (isRoot(loadVersion(child))) return fail(BAD_ROOT, child);
    if (index + 1 < count) {
      const order = compareKey(
        separatorOf(node, index),
        separatorClassOf(node, index),
        separatorOf(node, index + 1),
        separatorClassOf(node, index + 1),
      );
      if (order >= 0) return fail(BAD_SEPARATOR, node, index, separatorOf(node, index));
    }
  }
  Walk.bytes += realBytes(node, INTERNODE_BYTES);
  Walk.internodes++;
  return SOUND;
}

/** Checks everything in a layer but its entries, and leaves its first leaf in `Walk`. */
function verifyLayer(root: usize): u32 {
  Walk.layers++;
  if (!isRoot(loadVersion(root))) return fail(BAD_ROOT, root);
  if (parentOf(root) !== 0) return fail(BAD_PARENT, root, parentOf(root));
  let depth: u32 = 0;
  let node = root;
  let previous: usize = 0;
  let expected: u64 = 0;
  let expectedClass: u32 = 0;
  while (true) {
    let status = verifyQuiet(node);
    if (status !== SOUND) return status;
    if (!isLeaf(loadVersion(node))) {
      status = verifyInternode(node);
      if (status !== SOUND) return status;
      if (depth === STACK_CAPACITY) return fail(TOO_HIGH, node);
      setStack(depth, node);
      setStackIndex(depth, 0);
      depth++;
      node = childOf(node, 0);
      continue;
    }
    status = verifyPlace(node, previous, expected, expectedClass);
    if (status !== SOUND) return status;
    if (previous === 0) Walk.firstLeaf = node;
    previous = node;
    // To the next child of the nearest ancestor that has one.
    while (true) {
      if (depth === 0) {
        if (nextOf(previous) !== 0) return fail(BAD_LIST, previous, nextOf(previous));
        if (highestOf(previous) !== LAST_IKEY) return fail(BAD_BOUNDS, previous);
        return SOUND;
      }
      const above = stackNode(depth - 1);
      const index = stackIndex(depth - 1) + 1;
      if (index <= countOf(above)) {
        setStackIndex(depth - 1, index);
        expected = separatorOf(above, index - 1);
        expectedClass = separatorClassOf(above, index - 1);
        node = childOf(above, index);
        break;
      }
      depth--;
    }
  }
}

/**
 * Checks the entries of one leaf, `depth` layers below the map's first, and counts the bytes that they take. Does not
 * enter layers below.
 */
function verifyEntries<V extends PlainWords>(leaf: usize, depth: usize): u32 {
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  if (!isBijection(lo, hi)) return fail(BAD_PERMUTATION, leaf, lo, hi);
  const count = size(lo);
  const block = bagBlockOf(leaf);
  Walk.leaves++;
  Walk.bytes += realBytes(leaf, leafBytes(leaf));
  if (block !== 0) Walk.bytes += realBytes(block, bagBytes(block));
  else if (bagOf(leaf) !== innerBagOf(leaf)) return fail(BAD_SUFFIX, leaf, bagOf(leaf));
  let lastIkey: u64 = 0;
  let lastClass: u32 = 0;
  let last: u32 = 0;
  let sharing: u32 = 0;
  for (let position: u32 = 0; position < count; position++) {
    const at = slot(lo, hi, position);
    const ikey = ikeyOf(leaf, at);
    const tag = tagIn(leaf, at);
    if (tag > TAG_SUFFIX && tag !== TAG_LAYER) return fail(BAD_TAG, leaf, tag, at);
    if (tag < 8 && tag !== 0 && ikey << (tag << 3) !== 0) return fail(BAD_TAG, leaf, tag, ikey);
    if (tag === 0 && ikey !== 0) return fail(BAD_TAG, leaf, tag, ikey);
    const cls = classOf(tag);
    const order = position === 0 ? -1 : compareKey(lastIkey, lastClass, ikey, cls);
    if (order > 0) return fail(BAD_ORDER, leaf, lastIkey, ikey);
    if (sideOf(leaf, ikey, cls) !== 0) return fail(OUT_OF_BOUNDS, leaf, ikey, cls);
    if (tag === TAG_SUFFIX && (bagOf(leaf) === 0 || !isPlaceSound(bagOf(leaf), at)))
      return fail(BAD_SUFFIX, leaf, at);
    sharing = order === 0 ? sharing + 1 : 1;
    if (order === 0 && !followsInGroup(leaf, last, at))
      return fail(BAD_ORDER, leaf, lastIkey, ikey);
    if (sharing > SHARING) return fail(TOO_MANY_SHARING, leaf, ikey);
    if (tag !== TAG_LAYER) {
      Walk.entries++;
      const value = changetype<V>(0).block(valueIn(leaf, at));
      if (value !== 0) Walk.bytes += realBytes(value, changetype<V>(0).bytes(valueIn(leaf, at)));
    }
    lastIkey = ikey;
    lastClass = cls;
    last = at;
  }
  return verifyRoute(leaf, count === 0, depth);
}

/** LEAF1: whether two slots of equal slice and class both have suffixes, in this order. */
function followsInGroup(leaf: usize, before: u32, at: u32): bool {
  if (tagIn(leaf, before) !== TAG_SUFFIX || tagIn(leaf, at) !== TAG_SUFFIX) return false;
  const suffix = suffixOf(leaf, at);
  return compareSuffix(leaf, before, suffixAddress(suffix), suffixLength(suffix)) < 0;
}

/**
 * LEAF7. Only the first of several leaves, and the map's last one, may stay empty, and only the former marked. A layer's
 * only leaf need not be marked while work is left: the route may be that of the neighbour that was unlinked last.
 */
function verifyRoute(leaf: usize, isEmpty: bool, depth: usize): u32 {
  if (Walk.isWorkLeft && (isPending(leaf) || isLeftmost(leaf))) return SOUND;
  const isFirstOfSeveral = isLeftmost(leaf) && nextOf(leaf) !== 0;
  if (isFirstOfSeveral) return SOUND;
  if (isPending(leaf)) return fail(FORGOTTEN_MARK, leaf);
  return isEmpty && (depth !== 0 || !isLeftmost(leaf)) ? fail(FORGOTTEN_LEAF, leaf) : SOUND;
}

function findWork(): bool {
  if (worklistHead() !== 0) return true;
  const offset = workField() - participant;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const descriptor = participantAt(index);
    if (descriptor !== 0 && load<u32>(descriptor + offset) !== 0) return true;
  }
  return false;
}

function worklistBytes(): f64 {
  let bytes: f64 = 0;
  let route = worklistHead();
  while (route !== 0) {
    bytes += realBytes(route, changetype<Route>(route).bytes);
    route = changetype<Route>(route).next;
  }
  return bytes;
}

/** Walks everything. Returns SOUND, or the first fault that it finds. V: values.ts. */
export function verify<V extends PlainWords>(): u32 {
  Walk.layers = 0;
  Walk.leaves = 0;
  Walk.internodes = 0;
  Walk.entries = 0;
  reachTo(0, <u32>(committedBytes() - 1));
  Walk.bytes = worklistBytes() + ringBytes();
  Walk.isWorkLeft = findWork();
  const frames = participant + BOUND_SCRATCH;
  let depth: usize = 0;
  let status = verifyLayer(mapRoot());
  if (status !== SOUND) return status;
  let leaf = Walk.firstLeaf;
  let position: u32 = 0;
  while (true) {
    if (position === 0) {
      status = verifyEntries<V>(leaf, depth);
      if (status !== SOUND) return status;
    }
    const lo = permutationOf(leaf);
    if (position < size(lo)) {
      const at = slot(lo, permutationHighOf(leaf), position++);
      if (tagIn(leaf, at) !== TAG_LAYER) continue;
      const root = climb(<usize>valueIn(leaf, at));
      if (root === 0) return fail(REACHABLE_DELETED, <usize>valueIn(leaf, at));
      store<u32>(frames + (depth << 3), <u32>leaf);
      store<u32>(frames + (depth << 3), position, 4);
      depth++;
      status = verifyLayer(root);
      if (status !== SOUND) return status;
      leaf = Walk.firstLeaf;
      position = 0;
      continue;
    }
    leaf = nextOf(leaf);
    position = 0;
    while (leaf === 0) {
      if (depth === 0) return verifyTotals();
      depth--;
      leaf = load<u32>(frames + (depth << 3));
      position = load<u32>(frames + (depth << 3), 4);
    }
  }
}

/** Compares counters and accounts with what the walk found. */
function verifyTotals(): u32 {
  if (<i64>Walk.entries !== totalEntries())
    return fail(BAD_COUNT, 0, Walk.entries, <u64>totalEntries());
  if (<i64>Walk.leaves !== totalLeaves())
    return fail(BAD_COUNT, 1, Walk.leaves, <u64>totalLeaves());
  if (<i64>Walk.internodes !== totalInternodes())
    return fail(BAD_COUNT, 2, Walk.internodes, <u64>totalInternodes());
  if (<i64>Walk.layers !== totalLayers())
    return fail(BAD_COUNT, 3, Walk.layers, <u64>totalLayers());
  const status = verifyMemory();
  if (status !== 0) return fail(BAD_MEMORY, 0, status);
  const epochs = verifyEpochs();
  if (epochs !== EPOCHS_OK) return fail(BAD_EPOCHS, epochsPlace, epochs);
  if (!areWaitsSound()) return fail(BAD_WAITS, 0);
  const live = liveBytes();
  const known = Walk.bytes + retiredRealBytes();
  if (live !== known) return fail(BAD_ACCOUNT, 0, <u64>live, <u64>known);
  return SOUND;
}
