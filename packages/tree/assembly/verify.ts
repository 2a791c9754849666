/**
 * The executable form of the invariants, over a quiescent tree: nobody else may be in an operation.
 *
 * Walks every layer in key order. For each layer first its internodes, depth first, and the chain of its leaves; then the
 * entries of each leaf, going into a layer where one hangs. No recursion: the way back from layers is kept in the bound
 * scratch (leaf and position, 8 bytes a layer), the way back within a layer in the result scratch.
 */

import { retiredRealBytes } from "@masstree/epoch/assembly";
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
  load as loadVersion,
} from "@masstree/nodeversion/assembly";
import { isBijection, size, slot } from "@masstree/permuter/assembly";
import { bagBytes, isPlaceSound } from "./bag";
import { climb } from "./descend";
import { childOf, countOf, INTERNODE_BYTES, separatorClassOf, separatorOf } from "./internode";
import {
  bagOf,
  highestClassOf,
  highestOf,
  ikeyOf,
  isLeftmost,
  isQueued,
  LAST_CLASS,
  LAST_IKEY,
  leafBytes,
  lowestClassOf,
  lowestOf,
  nextOf,
  permutationHighOf,
  permutationOf,
  prevOf,
  SLOTS,
  STRADDLE,
  sideOf,
  tagIn,
  valueIn,
} from "./leaf";
import { parentOf } from "./node";
import { queueHead, Route } from "./queue";
import {
  entries,
  internodesField,
  layersField,
  leavesField,
  mapRoot,
  participant,
  total,
  workField,
} from "./session";
import { bagBlockOf, homeOf } from "./suffix";
import { PlainWords } from "./values";

/** What `verify` found, named in src/verify.ts. */
export const SOUND: u32 = 0;
const BAD_PERMUTATION: u32 = 1; // L1
const BAD_ORDER: u32 = 2; // L1
const OUT_OF_BOUNDS: u32 = 3; // L2
const BAD_TAG: u32 = 4;
const BAD_SUFFIX: u32 = 5; // B4, H1
const BAD_LIST: u32 = 6; // L3
const BAD_BOUNDS: u32 = 7; // L3
const BAD_SEPARATOR: u32 = 8; // I1, C3
const BAD_PARENT: u32 = 9; // I3
const NOT_QUIET: u32 = 10;
const REACHABLE_DELETED: u32 = 11; // C4
const BAD_ROOT: u32 = 12; // D3
const BAD_CHILD: u32 = 13; // I2
const TOO_HIGH: u32 = 14;
const BAD_COUNT: u32 = 15; // S1
const BAD_ACCOUNT: u32 = 16;
const BAD_MEMORY: u32 = 17;
const FORGOTTEN_LEAF: u32 = 18; // L7

/** Where: the node, and two words that the code explains. */
export let failedNode: usize = 0;
export let failedDetail: u64 = 0;
export let failedDetail2: u64 = 0;

// What the last walk counted.
export let layerCount: u32 = 0;
export let leafCount: u32 = 0;
export let internodeCount: u32 = 0;
export let entryCount: u64 = 0;
export let maxHeight: u32 = 0;
let bytesReached: f64 = 0;

function fail(code: u32, node: usize, detail: u64 = 0, detail2: u64 = 0): u32 {
  failedNode = node;
  failedDetail = detail;
  failedDetail2 = detail2;
  return code;
}

/** The way back within a layer: node and child index, 8 bytes a level, in the result scratch. */
const STACK: usize = RESULT_SCRATCH + 64;
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

/** Invariants I1 to I3 of one internode. */
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
  bytesReached += realBytes(node, INTERNODE_BYTES);
  internodeCount++;
  return SOUND;
}

/** Everything of a layer but its entries; its first leaf is left in `firstLeaf`. */
function verifyLayer(root: usize): u32 {
  layerCount++;
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
    if (previous === 0) firstLeaf = node;
    previous = node;
    if (depth > maxHeight) maxHeight = depth;
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

let firstLeaf: usize = 0;

/** The entries of one leaf, and what they take; layers below are not entered. */
function verifyEntries<V extends PlainWords>(leaf: usize): u32 {
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  if (!isBijection(lo, hi)) return fail(BAD_PERMUTATION, leaf, lo, hi);
  const count = size(lo);
  const block = bagBlockOf(leaf);
  leafCount++;
  bytesReached += realBytes(leaf, leafBytes(leaf));
  if (block !== 0) bytesReached += realBytes(block, bagBytes(block));
  else if (bagOf(leaf) !== homeOf(leaf)) return fail(BAD_SUFFIX, leaf, bagOf(leaf));
  let lastIkey: u64 = 0;
  let lastClass: u32 = 0;
  for (let position: u32 = 0; position < count; position++) {
    const at = slot(lo, hi, position);
    const ikey = ikeyOf(leaf, at);
    const tag = tagIn(leaf, at);
    if (tag > TAG_SUFFIX && tag !== TAG_LAYER) return fail(BAD_TAG, leaf, tag, at);
    if (tag < 8 && tag !== 0 && ikey << (tag << 3) !== 0) return fail(BAD_TAG, leaf, tag, ikey);
    if (tag === 0 && ikey !== 0) return fail(BAD_TAG, leaf, tag, ikey);
    const cls = classOf(tag);
    if (position !== 0 && compareKey(lastIkey, lastClass, ikey, cls) >= 0) {
      return fail(BAD_ORDER, leaf, lastIkey, ikey);
    }
    if (sideOf(leaf, ikey, cls) !== 0) return fail(OUT_OF_BOUNDS, leaf, ikey, cls);
    if (tag === TAG_SUFFIX && (bagOf(leaf) === 0 || !isPlaceSound(bagOf(leaf), at)))
      return fail(BAD_SUFFIX, leaf, at);
    if (tag !== TAG_LAYER) {
      entryCount++;
      const value = changetype<V>(0).block(valueIn(leaf, at));
      if (value !== 0) bytesReached += realBytes(value, changetype<V>(0).bytes(valueIn(leaf, at)));
    }
    lastIkey = ikey;
    lastClass = cls;
  }
  if (count === 0 && !isLeftmost(leaf) && !(isQueued(leaf) && isWorkLeft)) {
    return fail(FORGOTTEN_LEAF, leaf);
  }
  return SOUND;
}

/** Whether somebody is going to work off a route. */
let isWorkLeft: bool = false;

function findWork(): bool {
  if (queueHead() !== 0) return true;
  const offset = workField() - participant;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const descriptor = participantAt(index);
    if (descriptor !== 0 && load<u32>(descriptor + offset) !== 0) return true;
  }
  return false;
}

function queuedBytes(): f64 {
  let bytes: f64 = 0;
  let route = queueHead();
  while (route !== 0) {
    bytes += realBytes(route, changetype<Route>(route).bytes);
    route = changetype<Route>(route).next;
  }
  return bytes;
}

/** Walks everything; SOUND or the first thing that is wrong. V: values.ts. */
export function verify<V extends PlainWords>(): u32 {
  layerCount = 0;
  leafCount = 0;
  internodeCount = 0;
  entryCount = 0;
  maxHeight = 0;
  reachTo(0, <u32>(committedBytes() - 1));
  bytesReached = queuedBytes();
  isWorkLeft = findWork();
  const frames = participant + BOUND_SCRATCH;
  let depth: usize = 0;
  let status = verifyLayer(mapRoot());
  if (status !== SOUND) return status;
  let leaf = firstLeaf;
  let position: u32 = 0;
  while (true) {
    if (position === 0) {
      status = verifyEntries<V>(leaf);
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
      leaf = firstLeaf;
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

/** Counters and accounts against what the walk found. */
function verifyTotals(): u32 {
  if (<i64>entryCount !== entries()) return fail(BAD_COUNT, 0, entryCount, <u64>entries());
  if (<i64>leafCount !== total(leavesField()))
    return fail(BAD_COUNT, 1, leafCount, <u64>total(leavesField()));
  if (<i64>internodeCount !== total(internodesField()))
    return fail(BAD_COUNT, 2, internodeCount, <u64>total(internodesField()));
  if (<i64>layerCount !== total(layersField()))
    return fail(BAD_COUNT, 3, layerCount, <u64>total(layersField()));
  const status = verifyMemory();
  if (status !== 0) return fail(BAD_MEMORY, 0, status);
  const live = liveBytes();
  const known = bytesReached + retiredRealBytes();
  if (live !== known) return fail(BAD_ACCOUNT, 0, <u64>live, <u64>known);
  return SOUND;
}
