/*
 * Unlinking empty leaves, and sparse ones whose entries a neighbour takes in (merge.ts), moving the role of root down,
 * and collapsing empty layers (the paper's section 4.6.5 and the reference's layer collection). Routes from the worklist
 * drive all of it. None of it needs memory: only a merge may ask for some, and the leaf stays if there is none.
 *
 * Invariants
 *   COALESCE1  Lock order: the left neighbour, the leaf, then ancestors upward; across layers, the upper leaf
 *              first. Every step is one write.
 *   COALESCE2  The leftmost leaf of a layer is never unlinked; it goes only with its layer. So nodes that were
 *              once roots, which are the leftmost of their level, stay while the layer has a higher root, and
 *              stale root pointers stay valid.
 *   COALESCE3  The left neighbour gets the range of an unlinked leaf, and the separators follow: a separator
 *              always equals the lower bound of the leftmost leaf of the child to its right.
 *   COALESCE4  A node is out of every child slot, sibling link, layer slot and root word before it is retired.
 *   COALESCE5  A root is replaced in the slot (or the map's root word) under the lock of the leaf that holds the
 *              slot.
 *   COALESCE6  The path down to the leaf is recorded once, so that each step up through many layers costs the same
 *              (a key of 64 KiB has 8,191 layers). Nodes recorded under this pin are in memory; like any other,
 *              they are hints.
 */

import { ikeyAt, TAG_LAYER, TAG_SUFFIX } from "@masstree/key/assembly";
import { isDeleted, isLeaf, isRoot, loadVersion } from "@masstree/nodeversion/assembly";
import { size } from "@masstree/permuter/assembly";
import {
  abortWrite,
  commitWrite,
  DELETES,
  GAINS_ROOT,
  INSERTS,
  lockedCount,
  lockedNode,
  markNode,
  retireAfterwards,
  unlockLast,
  write32,
  writeCounter,
} from "@masstree/session/assembly";
import { climb, lockLeaf, reach } from "./descend";
import { layerAt, passedLeaf, passedRoot } from "./find";
import {
  childOf,
  countOf,
  INTERNODE_BYTES,
  indexOfChild,
  separatorClassOf,
  separatorOf,
  writeRemoval,
  writeSeparator,
} from "./internode";
import {
  boundPosition,
  highestClassOf,
  highestOf,
  isLeftmost,
  isMatch,
  leafBytes,
  lowerBound,
  lowestClassOf,
  lowestOf,
  matchedSlot,
  nextOf,
  permutationHighOf,
  permutationOf,
  prevOf,
  tagIn,
  valueIn,
  writeHighest,
  writeNext,
  writePending,
  writePrev,
  writeValue,
} from "./leaf";
import { planMerge } from "./merge";
import { lockParent, writeParent } from "./node";
import { removeEntry } from "./remove-entry";
import { prefixOf, Route, worklistHead } from "./route";
import { retireBag } from "./suffix";
import {
  internodesField,
  layersField,
  leavesField,
  MAP_ROOT,
  mapRoot,
  workField,
} from "./tree-words";
import { lockNode, stable } from "./wait";
import { endRoute, endSpareRoute, popRoute, returnRoute, writeAim } from "./worklist";

/** How many times one call tries to lock a leaf's left neighbour before the route goes back to the worklist. */
const ATTEMPTS: u32 = 8;
/** The most routes that one operation processes. */
const DRAIN_LIMIT: u32 = 8;

/** Outcomes of locking a leaf with its left neighbour, and of unlinking it. This one: both are locked. */
const LOCKED: u32 = 0;
/** The leaf stays: it is in use again, or gone already. */
const KEPT: u32 = 1;
/** Others are in the way. */
const BUSY: u32 = 2;
/** The leaf is unlinked. */
const UNLINKED: u32 = 3;
/** The same, and the layer is left without entries, or with a root that has one child. */
const UNLINKED_LOOSE: u32 = 4;

function isEmpty(leaf: usize): bool {
  return size(permutationOf(leaf)) === 0;
}

function retireLeaf(leaf: usize): void {
  retireBag(leaf);
  retireAfterwards(leaf, leafBytes(leaf));
}

/** Clears the mark that a route to the leaf is pending, and commits the write. */
function clearPending(leaf: usize): void {
  writePending(leaf, false);
  commitWrite();
}

/**
 * COALESCE1: locks the left neighbour and the leaf, in this order, and plans that the former takes in what the latter
 * has. LOCKED, KEPT or BUSY.
 */
function lockWithLeft(leaf: usize): u32 {
  for (let attempt: u32 = 0; attempt < ATTEMPTS; attempt++) {
    if (isDeleted(loadVersion(leaf))) return KEPT;
    const left = prevOf(leaf);
    lockNode(left);
    if (!isDeleted(loadVersion(left)) && nextOf(left) === leaf) {
      // The leaf cannot be deleted meanwhile: that takes the left neighbour's lock.
      lockNode(leaf);
      if (isEmpty(leaf) || planMerge(left, leaf)) return LOCKED;
      clearPending(leaf);
      return KEPT;
    }
    unlockLast();
  }
  return BUSY;
}

/** Unlinks a leaf that is empty or sparse, and not leftmost, from its layer. KEPT, BUSY, UNLINKED or UNLINKED_LOOSE. */
function unlinkLeaf(leaf: usize): u32 {
  const state = lockWithLeft(leaf);
  if (state !== LOCKED) return state;
  const left = lockedNode(0);
  // Ancestors without another child go too; the first with another child loses one.
  const firstAncestor = lockedCount();
  let victim = leaf;
  let branch = lockParent(leaf);
  while (countOf(branch) === 0) {
    victim = branch;
    branch = lockParent(branch);
  }
  const branchAt = lockedCount() - 1;
  const index = <u32>indexOfChild(branch, victim);
  if (index === 0) {
    // COALESCE3: the range goes to a neighbour under another ancestor, whose separator changes to the one of the
    // child that is now first here.
    let below = branch;
    let position: i32 = 0;
    do {
      const above = lockParent(below);
      position = indexOfChild(above, below);
      below = above;
    } while (position === 0);
    markNode(below, INSERTS);
    writeSeparator(below, position - 1, separatorOf(branch, 0), separatorClassOf(branch, 0));
  }
  markNode(branch, INSERTS);
  writeRemoval(branch, index);
  for (let level = firstAncestor; level < branchAt; level++) {
    markNode(lockedNode(level), DELETES);
    retireAfterwards(lockedNode(level), INTERNODE_BYTES);
  }
  markNode(leaf, DELETES);
  markNode(left, INSERTS);
  const next = nextOf(leaf);
  writeCounter(leavesField(), -1);
  writeCounter(internodesField(), <i32>firstAncestor - <i32>branchAt);
  writeNext(left, next);
  writeHighest(left, highestOf(leaf), highestClassOf(leaf));
  if (next !== 0) writePrev(next, left);
  retireLeaf(leaf);
  const isLoose =
    (countOf(branch) === 1 && isRoot(loadVersion(branch))) ||
    (next === 0 && isLeftmost(left) && isEmpty(left) && isEmpty(leaf));
  commitWrite();
  return isLoose ? UNLINKED_LOOSE : UNLINKED;
}

/**
 * Locks the leaf whose slot holds the layer at `offset` (> 0). Looks first where the recorded path led
 * (COALESCE6).
 *
 * @returns the leaf in the lower half of the word, and the slot's position in it (`lowerBound`) in the upper half;
 *   0 if the layer is gone
 */
function lockUpper(prefix: usize, offset: u32): u64 {
  const above = offset - 8;
  const ikey = ikeyAt(prefix, offset, above);
  let upper = lockLeaf(passedLeaf(above), passedRoot(above), ikey, TAG_SUFFIX);
  while (upper === 0) {
    const root = layerAt(prefix, above, true);
    if (root === 0) return 0;
    const start = reach(root, ikey, TAG_SUFFIX);
    if (start !== 0) upper = lockLeaf(start, root, ikey, TAG_SUFFIX);
  }
  const lo = permutationOf(upper);
  const bound = lowerBound(upper, lo, permutationHighOf(upper), ikey, TAG_SUFFIX);
  if (isMatch(bound) && tagIn(upper, matchedSlot(bound)) === TAG_LAYER) {
    return ((<u64>bound) << 32) | <u64>upper;
  }
  abortWrite();
  return 0;
}

/**
 * The layer at `offset` has a new root: stores it in the slot above. Without this, the path to the root would get
 * longer, but stay correct.
 */
export function refreshRoot(key: usize, offset: u32): void {
  if (layerAt(key, offset, true) === 0) return;
  const place = lockUpper(key, offset);
  if (place === 0) return;
  const upper = <usize>place;
  const slot = matchedSlot(<u32>(place >> 32));
  const root = climb(<usize>valueIn(upper, slot));
  if (root !== 0) writeValue(upper, slot, root);
  commitWrite();
}

/**
 * Locks the lowest node that can be the layer's root, and all nodes above it: below it there are entries, or more
 * than one child. 0: not now.
 */
function lockSpine(root: usize): usize {
  let bottom = root;
  while (true) {
    while (!isLeaf(stable(bottom)) && countOf(bottom) === 0) {
      const child = childOf(bottom, 0);
      if (child === 0) return 0;
      bottom = child;
    }
    lockNode(bottom);
    const version = loadVersion(bottom);
    if (isDeleted(version)) return 0;
    if (isLeaf(version) || countOf(bottom) !== 0) break;
    // It lost a child meanwhile, and the thread that removed the child did not know yet that this node would
    // become the root.
    unlockLast();
  }
  let node = bottom;
  while (true) {
    const parent = lockParent(node);
    if (parent === 0) break;
    if (countOf(parent) !== 0) return 0;
    node = parent;
  }
  return isRoot(loadVersion(node)) ? bottom : 0;
}

/**
 * Moves the role of root down past internodes that have one child, and removes the layer from the leaf above if
 * nothing is left in it. True if that emptied the leaf above; the route at work then leads there.
 */
function collapseLayer(prefix: usize, offset: u32, route: usize): bool {
  let upper: usize = 0;
  let bound: u32 = 0;
  let root = mapRoot();
  if (offset !== 0) {
    const place = lockUpper(prefix, offset);
    if (place === 0) return false;
    upper = <usize>place;
    bound = <u32>(place >> 32);
    root = climb(<usize>valueIn(upper, matchedSlot(bound)));
  }
  const spine = lockedCount();
  const bottom: usize = root === 0 ? 0 : lockSpine(root);
  if (bottom === 0) {
    abortWrite();
    return false;
  }
  for (let level = spine + 1; level < lockedCount(); level++) {
    markNode(lockedNode(level), DELETES);
    retireAfterwards(lockedNode(level), INTERNODE_BYTES);
  }
  writeCounter(internodesField(), <i32>spine + 1 - <i32>lockedCount());
  const version = loadVersion(bottom);
  if (upper !== 0 && isLeaf(version) && nextOf(bottom) === 0 && isEmpty(bottom)) {
    markNode(bottom, DELETES);
    retireLeaf(bottom);
    writeCounter(leavesField(), -1);
    writeCounter(layersField(), -1);
    const emptied = removeEntry(upper, boundPosition(bound)) === 0;
    if (emptied) {
      writePending(upper, true);
      writeAim(route, offset - 8, lowestOf(upper), lowestClassOf(upper));
    }
    commitWrite();
    return emptied;
  }
  if (isLeaf(version)) writePending(bottom, false);
  if (!isRoot(version)) {
    markNode(bottom, GAINS_ROOT);
    writeParent(bottom, 0);
  }
  if (upper === 0)
    write32(MAP_ROOT, <u32>bottom); // COALESCE5
  else writeValue(upper, matchedSlot(bound), bottom);
  commitWrite();
  return false;
}

/**
 * The leaf at a place, reached from the recorded layer root (COALESCE6) unless this is the first look. 0 if there
 * is no such layer.
 */
function findLeaf(prefix: usize, offset: u32, ikey: u64, cls: u32, first: bool): usize {
  const known: usize = first ? 0 : reach(passedRoot(offset), ikey, cls);
  if (known !== 0) return known;
  while (true) {
    const root = layerAt(prefix, offset, true);
    if (root === 0) return 0;
    const leaf = reach(root, ikey, cls);
    // 0: the role of root moved down since the root was read. The layer and the leaf may still exist.
    if (leaf !== 0) return leaf;
  }
}

/**
 * Unlinks the leaf that the route at work leads to, or removes its layer, if the leaf is still empty or sparse; then
 * continues upward. False if others were in the way: a later call continues from where the route leads by then.
 * The caller is pinned.
 */
function coalesce(route: usize): bool {
  const item = changetype<Route>(route);
  const prefix = prefixOf(route);
  const start = item.offset;
  while (true) {
    const offset = item.offset;
    const leaf = findLeaf(prefix, offset, item.ikey, item.cls, offset === start);
    if (leaf === 0) return true;
    if (!isLeftmost(leaf)) {
      const outcome = unlinkLeaf(leaf);
      if (outcome === KEPT) return true;
      if (outcome === BUSY) return false;
      if (outcome === UNLINKED) return true;
    }
    if (!collapseLayer(prefix, offset, route)) return true;
  }
}

/** Processes the spare route to the end: every failure on the way means that another writer made progress. */
export function coalesceSpare(): void {
  while (!coalesce(<usize>load<u32>(workField()))) {}
  endSpareRoute();
}

/** Processes some routes of the worklist. True if the worklist is then empty. The caller is pinned. */
export function drainWorklist(): bool {
  let clean: bool = true;
  for (let taken: u32 = 0; taken < DRAIN_LIMIT && clean; taken++) {
    const route = popRoute();
    if (route === 0) return true;
    clean = coalesce(route);
    if (clean) endRoute(route);
    else returnRoute(route);
  }
  if (!clean) return false;
  return worklistHead() === 0;
}
