/**
 * Taking empty leaves out of the tree, handing the root's role down, and collapsing empty layers (the paper's section 4.6.5
 * and the reference's layer collection). All of it is driven by routes from the queue; none of it allocates.
 *
 * Invariants
 *  C1  Locks: the left neighbour, the leaf, then ancestors upward; across layers the upper leaf first. Everything is locked
 *      before anything changes, so a step is done whole or not at all.
 *  C2  The leftmost leaf of a layer is never unlinked; it goes only with its layer. So the nodes that were once roots, which
 *      are the leftmost of their level, stay as long as the layer has a higher root, and stale root pointers stay valid.
 *  C3  The left neighbour takes over the range of an unlinked leaf, and the separators follow: a separator always equals the
 *      lower bound of the leftmost leaf of the child to its right.
 *  C4  A node is out of every child slot, sibling link, layer slot and root word before it is retired.
 *  C5  A root is replaced in the slot (or the map's root word) under the lock of the leaf that holds the slot.
 */
import { retire } from "@masstree/epoch/assembly";
import { ikeyAt, TAG_LAYER, TAG_SUFFIX } from "@masstree/key/assembly";
import {
  isDeleted,
  isLeaf,
  isRoot,
  load as loadVersion,
  lock,
  markDeleted,
  markInserting,
  setRoot,
  stable,
  unlock,
} from "@masstree/nodeversion/assembly";
import { size } from "@masstree/permuter/assembly";
import { climb, lockFrom, reach } from "./descend";
import { layerAt } from "./find";
import {
  childOf,
  countOf,
  INTERNODE_BYTES,
  indexOfChild,
  removeChild,
  separatorClassOf,
  separatorOf,
  setSeparator,
} from "./internode";
import {
  bagOf,
  highestClassOf,
  highestOf,
  isLeftmost,
  LEAF_BYTES,
  lowerBound,
  lowestClassOf,
  lowestOf,
  matched,
  matchedSlot,
  nextOf,
  permutationHighOf,
  permutationOf,
  prevOf,
  setHighest,
  setNext,
  setPrev,
  setQueued,
  setValue,
  tagIn,
  valueIn,
} from "./leaf";
import { lockParent, setParent } from "./node";
import { freeRoute, prefixOf, pushRoute, queueIsEmpty, Route, takeQueue } from "./queue";
import { lockedAt, mapRoot, owner, participant, setLockedAt, setMapRoot } from "./session";
import { retireBag } from "./suffix";
import { takeOut } from "./takeout";

/** How often one attempt to lock a leaf's left neighbour is repeated before the route goes back to the queue. */
const ATTEMPTS: u32 = 8;
/** How many routes one write works off at most. */
const DRAIN_LIMIT: u32 = 8;

const UNLINKED: u32 = 0;
const KEPT: u32 = 1;
const BUSY: u32 = 2;

/** Whether the last unlink left its layer with a root that has one child, or without entries. */
let layerIsLoose: bool = false;

function isEmpty(leaf: usize): bool {
  return size(permutationOf(leaf)) === 0;
}

function retireLeaf(leaf: usize): void {
  const bag = bagOf(leaf);
  if (bag !== 0) retireBag(bag);
  retire(participant, leaf, LEAF_BYTES);
}

/** C1: locks the left neighbour and the leaf, in this order. UNLINKED stands for: both are locked, go on. */
function lockWithLeft(leaf: usize): u32 {
  for (let attempt: u32 = 0; attempt < ATTEMPTS; attempt++) {
    if (isDeleted(loadVersion(leaf))) return KEPT;
    const left = prevOf(leaf);
    lock(left, owner);
    if (!isDeleted(loadVersion(left)) && nextOf(left) === leaf) {
      lock(leaf, owner);
      // It cannot have been deleted: that takes the left neighbour's lock.
      if (isEmpty(leaf)) return UNLINKED;
      setQueued(leaf, false);
      unlock(leaf);
      unlock(left);
      return KEPT;
    }
    unlock(left);
  }
  return BUSY;
}

/** Takes an empty leaf that is not leftmost out of its layer. */
function unlinkLeaf(leaf: usize): u32 {
  const state = lockWithLeft(leaf);
  if (state !== UNLINKED) return state;
  const left = prevOf(leaf);
  // Ancestors: those with no other child go too (doomed); the first with another loses a child.
  let locked: u32 = 0;
  let victim = leaf;
  let branch = lockParent(leaf);
  setLockedAt(locked++, branch);
  while (countOf(branch) === 0) {
    victim = branch;
    branch = lockParent(branch);
    setLockedAt(locked++, branch);
  }
  const doomed = locked - 1;
  const index = <u32>indexOfChild(branch, victim);
  if (index === 0) {
    // C3: the range goes to a neighbour under another ancestor, whose separator moves up to what is now first here.
    let below = branch;
    let position: i32 = 0;
    do {
      const above = lockParent(below);
      setLockedAt(locked++, above);
      position = indexOfChild(above, below);
      below = above;
    } while (position === 0);
    markInserting(below);
    setSeparator(below, position - 1, separatorOf(branch, 0), separatorClassOf(branch, 0));
  }
  markInserting(branch);
  removeChild(branch, index);
  for (let level: u32 = 0; level < doomed; level++) markDeleted(lockedAt(level));
  markDeleted(leaf);
  markInserting(left);
  const next = nextOf(leaf);
  setNext(left, next);
  setHighest(left, highestOf(leaf), highestClassOf(leaf));
  if (next !== 0) setPrev(next, left);
  layerIsLoose =
    (countOf(branch) === 0 && isRoot(loadVersion(branch))) ||
    (next === 0 && isLeftmost(left) && isEmpty(left));
  unlock(left);
  unlock(leaf);
  for (let level: u32 = 0; level < locked; level++) unlock(lockedAt(level));
  // C4
  for (let level: u32 = 0; level < doomed; level++) {
    retire(participant, lockedAt(level), INTERNODE_BYTES);
  }
  retireLeaf(leaf);
  return UNLINKED;
}

/**
 * If the root internode has one child, the child becomes the root. `upper` is the locked leaf whose slot holds the layer, 0
 * for layer 0. Returns the new root, 0 when there is nothing (more) to hand down.
 */
function handDown(root: usize, upper: usize, slot: u32): usize {
  const version = stable(root);
  if (isLeaf(version) || isDeleted(version) || countOf(root) !== 0) return 0;
  const child = childOf(root, 0);
  if (child === 0) return 0;
  lock(child, owner);
  const parent = lockParent(child);
  if (parent !== root) {
    // The child moved on, or became the root meanwhile; whoever did that looks after the root.
    if (parent !== 0) unlock(parent);
    unlock(child);
    return 0;
  }
  const only = countOf(root) === 0 && isRoot(loadVersion(root)) && !isDeleted(loadVersion(child));
  if (only) {
    setParent(child, 0);
    setRoot(child);
    if (upper === 0) setMapRoot(child);
    else setValue(upper, slot, child); // C5
    markDeleted(root);
  }
  unlock(root);
  unlock(child);
  if (!only) return 0;
  retire(participant, root, INTERNODE_BYTES);
  return child;
}

/** Finds and locks the leaf whose slot holds the layer at `offset` (> 0); the slot is the matched one. 0 when it is gone. */
function lockUpper(prefix: usize, offset: u32): usize {
  const ikey = ikeyAt(prefix, offset, offset - 8);
  while (true) {
    const root = layerAt(prefix, offset - 8);
    if (root === 0) return 0;
    const start = reach(root, ikey, TAG_SUFFIX);
    if (start === 0) continue;
    const upper = lockFrom(start, root, ikey, TAG_SUFFIX);
    if (upper === 0) continue;
    upperPosition = lowerBound(
      upper,
      permutationOf(upper),
      permutationHighOf(upper),
      ikey,
      TAG_SUFFIX,
    );
    if (matched && tagIn(upper, matchedSlot) === TAG_LAYER) return upper;
    unlock(upper);
    return 0;
  }
}

/** The position of the slot that the last `lockUpper` found. */
let upperPosition: u32 = 0;

/** The layer at `offset` has a new root: puts it into the slot above. Without this the way to it would get longer, not wrong. */
export function refreshRoot(key: usize, offset: u32): void {
  const upper = lockUpper(key, offset);
  if (upper === 0) return;
  const slot = matchedSlot;
  const root = climb(<usize>valueIn(upper, slot));
  if (root !== 0) setValue(upper, slot, root);
  unlock(upper);
}

/** Removes the empty root leaf of a layer, and the slot that holds it in the locked leaf above. */
function collapse(leaf: usize, upper: usize, slot: u32): bool {
  lock(leaf, owner);
  const version = loadVersion(leaf);
  if (isDeleted(version) || !isRoot(version) || nextOf(leaf) !== 0 || !isEmpty(leaf)) {
    if (!isDeleted(version)) setQueued(leaf, false);
    unlock(leaf);
    return false;
  }
  markDeleted(leaf);
  takeOut(upper, upperPosition, slot);
  unlock(leaf);
  retireLeaf(leaf);
  return true;
}

/** The lower bound of the leaf that the last settleLayer left empty. */
let emptiedIkey: u64 = 0;
let emptiedClass: u32 = 0;

/** Hands the root down as far as it goes, and collapses the layer if nothing is left. True when that emptied the leaf above. */
function settleLayer(prefix: usize, offset: u32): bool {
  if (offset === 0) {
    while (handDown(mapRoot(), 0, 0) !== 0) {}
    return false;
  }
  const upper = lockUpper(prefix, offset);
  if (upper === 0) return false;
  const slot = matchedSlot;
  let emptied = false;
  let root = climb(<usize>valueIn(upper, slot));
  if (root !== 0) {
    setValue(upper, slot, root);
    while (true) {
      const lower = handDown(root, upper, slot);
      if (lower === 0) break;
      root = lower;
    }
    if (isLeaf(loadVersion(root)) && collapse(root, upper, slot)) {
      emptied = isEmpty(upper);
      setQueued(upper, emptied);
      emptiedIkey = lowestOf(upper);
      emptiedClass = lowestClassOf(upper);
    }
  }
  unlock(upper);
  return emptied;
}

/** Where the last `coalesce` stopped: in the layer it was asked for, or in one above that it had emptied by then. */
export let stuckOffset: u32 = 0;
export let stuckIkey: u64 = 0;
export let stuckClass: u32 = 0;

/**
 * Looks after the leaf that a route leads to, if it is still empty: unlinks it, or collapses its layer, and so on upward.
 * False when others were in the way: go on later, from where it got stuck. The caller is pinned.
 */
export function coalesce(prefix: usize, startOffset: u32, startIkey: u64, startClass: u32): bool {
  let offset = startOffset;
  let ikey = startIkey;
  let cls = startClass;
  while (true) {
    const root = layerAt(prefix, offset);
    if (root === 0) return true;
    const leaf = reach(root, ikey, cls);
    if (leaf === 0) return true;
    if (isLeftmost(leaf)) {
      lock(leaf, owner);
      setQueued(leaf, false);
      const idle = !isEmpty(leaf) || isDeleted(loadVersion(leaf));
      unlock(leaf);
      if (idle) return true;
    } else {
      const outcome = unlinkLeaf(leaf);
      if (outcome === KEPT) return true;
      if (outcome === BUSY) {
        stuckOffset = offset;
        stuckIkey = ikey;
        stuckClass = cls;
        return false;
      }
      if (!layerIsLoose) return true;
    }
    if (!settleLayer(prefix, offset)) return true;
    offset -= 8;
    ikey = emptiedIkey;
    cls = emptiedClass;
  }
}

/** Works off some of the queue. True when nothing is left of it. The caller is pinned. */
export function drainQueue(): bool {
  if (queueIsEmpty()) return true;
  let route = takeQueue();
  let clean = true;
  for (let taken: u32 = 0; route !== 0; taken++) {
    const item = changetype<Route>(route);
    const next = item.next;
    if (taken >= DRAIN_LIMIT) {
      pushRoute(route);
      clean = false;
    } else if (coalesce(prefixOf(route), item.offset, item.ikey, item.cls)) {
      freeRoute(route);
    } else {
      item.offset = stuckOffset;
      item.ikey = stuckIkey;
      item.cls = stuckClass;
      pushRoute(route);
      clean = false;
    }
    route = next;
  }
  return clean;
}
