/**
 * Taking empty leaves out of the tree, handing the root's role down, and collapsing empty layers (the paper's section 4.6.5
 * and the reference's layer collection). All of it is driven by routes from the queue; none of it allocates.
 *
 * Invariants
 *  C1  Locks: the left neighbour, the leaf, then ancestors upward; across layers the upper leaf first. Every step is one
 *      transaction.
 *  C2  The leftmost leaf of a layer is never unlinked; it goes only with its layer. So the nodes that were once roots, which
 *      are the leftmost of their level, stay as long as the layer has a higher root, and stale root pointers stay valid.
 *  C3  The left neighbour takes over the range of an unlinked leaf, and the separators follow: a separator always equals the
 *      lower bound of the leftmost leaf of the child to its right.
 *  C4  A node is out of every child slot, sibling link, layer slot and root word before it is retired.
 *  C5  A root is replaced in the slot (or the map's root word) under the lock of the leaf that holds the slot.
 *  C6  The way down to the leaf is recorded once, so that going up through many layers (a key of 64 KiB has 8,191) costs the
 *      same for each. What was recorded under this pin is in memory, and a hint like any other.
 */

import { ikeyAt, TAG_LAYER, TAG_SUFFIX } from "@masstree/key/assembly";
import { isDeleted, isLeaf, isRoot, load as loadVersion } from "@masstree/nodeversion/assembly";
import { size } from "@masstree/permuter/assembly";
import { climb, reach, takeLeaf } from "./descend";
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
  highestClassOf,
  highestOf,
  isLeftmost,
  leafBytes,
  lowerBound,
  lowestClassOf,
  lowestOf,
  matched,
  matchedSlot,
  nextOf,
  permutationHighOf,
  permutationOf,
  prevOf,
  tagIn,
  valueIn,
  writeHighest,
  writeNext,
  writePrev,
  writeQueued,
  writeValue,
} from "./leaf";
import { takeParent, writeParent } from "./node";
import {
  endRoute,
  endSpareRoute,
  prefixOf,
  putBackRoute,
  queueHead,
  Route,
  takeRoute,
  writeAim,
} from "./queue";
import { stable } from "./recover";
import { internodesField, layersField, leavesField, MAP_ROOT, mapRoot, workField } from "./session";
import { retireBag } from "./suffix";
import { takeOut } from "./takeout";
import {
  abort,
  commit,
  DELETES,
  GAINS_ROOT,
  giveBack,
  held,
  heldNode,
  INSERTS,
  mark,
  retireAfterwards,
  take,
  write32,
  writeCounter,
} from "./transaction";

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
  retireBag(leaf);
  retireAfterwards(leaf, leafBytes(leaf));
}

/** Takes back the mark that a route to the leaf is queued, and ends the transaction. */
function unqueue(leaf: usize): void {
  writeQueued(leaf, false);
  commit();
}

/** C1: locks the left neighbour and the leaf, in this order. UNLINKED stands for: both are locked, go on. */
function takeWithLeft(leaf: usize): u32 {
  for (let attempt: u32 = 0; attempt < ATTEMPTS; attempt++) {
    if (isDeleted(loadVersion(leaf))) return KEPT;
    const left = prevOf(leaf);
    take(left);
    if (!isDeleted(loadVersion(left)) && nextOf(left) === leaf) {
      // It cannot be deleted: that takes the left neighbour's lock.
      take(leaf);
      if (isEmpty(leaf)) return UNLINKED;
      unqueue(leaf);
      return KEPT;
    }
    giveBack();
  }
  return BUSY;
}

/** Takes an empty leaf that is not leftmost out of its layer. */
function unlinkLeaf(leaf: usize): u32 {
  const state = takeWithLeft(leaf);
  if (state !== UNLINKED) return state;
  const left = heldNode(0);
  // Ancestors: those with no other child are doomed too; the first with another loses a child.
  const firstAncestor = held();
  let victim = leaf;
  let branch = takeParent(leaf);
  while (countOf(branch) === 0) {
    victim = branch;
    branch = takeParent(branch);
  }
  const branchAt = held() - 1;
  const index = <u32>indexOfChild(branch, victim);
  if (index === 0) {
    // C3: the range goes to a neighbour under another ancestor, whose separator moves up to what is now first here.
    let below = branch;
    let position: i32 = 0;
    do {
      const above = takeParent(below);
      position = indexOfChild(above, below);
      below = above;
    } while (position === 0);
    mark(below, INSERTS);
    writeSeparator(below, position - 1, separatorOf(branch, 0), separatorClassOf(branch, 0));
  }
  mark(branch, INSERTS);
  writeRemoval(branch, index);
  for (let level = firstAncestor; level < branchAt; level++) {
    mark(heldNode(level), DELETES);
    retireAfterwards(heldNode(level), INTERNODE_BYTES);
  }
  mark(leaf, DELETES);
  mark(left, INSERTS);
  const next = nextOf(leaf);
  writeCounter(leavesField(), -1);
  writeCounter(internodesField(), <i32>firstAncestor - <i32>branchAt);
  writeNext(left, next);
  writeHighest(left, highestOf(leaf), highestClassOf(leaf));
  if (next !== 0) writePrev(next, left);
  retireLeaf(leaf);
  layerIsLoose =
    (countOf(branch) === 1 && isRoot(loadVersion(branch))) ||
    (next === 0 && isLeftmost(left) && isEmpty(left));
  commit();
  return UNLINKED;
}

/** The position of the slot that the last `takeUpper` found. */
let upperPosition: u32 = 0;

/**
 * Locks the leaf whose slot holds the layer at `offset` (> 0); the slot is the matched one. It looks first where the recorded
 * way went through (C6). 0 when the layer is gone.
 */
function takeUpper(prefix: usize, offset: u32): usize {
  const above = offset - 8;
  const ikey = ikeyAt(prefix, offset, above);
  let upper = takeLeaf(passedLeaf(above), passedRoot(above), ikey, TAG_SUFFIX);
  while (upper === 0) {
    const root = layerAt(prefix, above, true);
    if (root === 0) return 0;
    const start = reach(root, ikey, TAG_SUFFIX);
    if (start !== 0) upper = takeLeaf(start, root, ikey, TAG_SUFFIX);
  }
  const lo = permutationOf(upper);
  upperPosition = lowerBound(upper, lo, permutationHighOf(upper), ikey, TAG_SUFFIX);
  if (matched && tagIn(upper, matchedSlot) === TAG_LAYER) return upper;
  abort();
  return 0;
}

/** The layer at `offset` has a new root: puts it into the slot above. Without this the way to it would get longer, not wrong. */
export function refreshRoot(key: usize, offset: u32): void {
  if (layerAt(key, offset, true) === 0) return;
  const upper = takeUpper(key, offset);
  if (upper === 0) return;
  const slot = matchedSlot;
  const root = climb(<usize>valueIn(upper, slot));
  if (root !== 0) writeValue(upper, slot, root);
  commit();
}

/** The lowest node that can be the layer's root: below it there is more than one child, or entries. Locked, with all above it. 0: not now. */
function takeSpine(root: usize): usize {
  let bottom = root;
  while (true) {
    while (!isLeaf(stable(bottom)) && countOf(bottom) === 0) {
      const child = childOf(bottom, 0);
      if (child === 0) return 0;
      bottom = child;
    }
    take(bottom);
    const version = loadVersion(bottom);
    if (isDeleted(version)) return 0;
    if (isLeaf(version) || countOf(bottom) !== 0) break;
    // It lost a child meanwhile, and whoever took that away did not know yet that it would be the root.
    giveBack();
  }
  let node = bottom;
  while (true) {
    const parent = takeParent(node);
    if (parent === 0) break;
    if (countOf(parent) !== 0) return 0;
    node = parent;
  }
  return isRoot(loadVersion(node)) ? bottom : 0;
}

/**
 * Hands the root's role down past internodes that have one child, and takes the layer out of the leaf above if nothing is
 * left in it. True when that emptied the leaf above; the route at work then leads there.
 */
function settleLayer(prefix: usize, offset: u32, route: usize): bool {
  let upper: usize = 0;
  let slot: u32 = 0;
  let root = mapRoot();
  if (offset !== 0) {
    upper = takeUpper(prefix, offset);
    if (upper === 0) return false;
    slot = matchedSlot;
    root = climb(<usize>valueIn(upper, slot));
  }
  const spine = held();
  const bottom: usize = root === 0 ? 0 : takeSpine(root);
  if (bottom === 0) {
    abort();
    return false;
  }
  for (let level = spine + 1; level < held(); level++) {
    mark(heldNode(level), DELETES);
    retireAfterwards(heldNode(level), INTERNODE_BYTES);
  }
  writeCounter(internodesField(), <i32>spine + 1 - <i32>held());
  const version = loadVersion(bottom);
  if (upper !== 0 && isLeaf(version) && nextOf(bottom) === 0 && isEmpty(bottom)) {
    mark(bottom, DELETES);
    retireLeaf(bottom);
    writeCounter(leavesField(), -1);
    writeCounter(layersField(), -1);
    const emptied = takeOut(upper, upperPosition);
    if (emptied) {
      writeQueued(upper, true);
      writeAim(route, offset - 8, lowestOf(upper), lowestClassOf(upper));
    }
    commit();
    return emptied;
  }
  if (isLeaf(version)) writeQueued(bottom, false);
  if (!isRoot(version)) {
    mark(bottom, GAINS_ROOT);
    writeParent(bottom, 0);
  }
  if (upper === 0)
    write32(MAP_ROOT, <u32>bottom); // C5
  else writeValue(upper, slot, bottom);
  commit();
  return false;
}

/** The leaf at a place, by way of the recorded layer root (C6) unless this is the first look. 0 when there is no such layer. */
function findLeaf(prefix: usize, offset: u32, ikey: u64, cls: u32, first: bool): usize {
  const known: usize = first ? 0 : reach(passedRoot(offset), ikey, cls);
  if (known !== 0) return known;
  while (true) {
    const root = layerAt(prefix, offset, true);
    if (root === 0) return 0;
    const leaf = reach(root, ikey, cls);
    // 0: the root's role was handed down since it was met. The layer and the leaf may well be there.
    if (leaf !== 0) return leaf;
  }
}

/**
 * Looks after the leaf that the route at work leads to, if it is still empty: unlinks it, or takes its layer away, and so on
 * upward. False when others were in the way: go on later, from where the route leads by then. The caller is pinned.
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
      if (!layerIsLoose) return true;
    }
    if (!settleLayer(prefix, offset, route)) return true;
  }
}

/** Works off the spare route: every failure on the way means that another writer got on. */
export function coalesceSpare(): void {
  while (!coalesce(<usize>load<u32>(workField()))) {}
  endSpareRoute();
}

/** Works off some of the queue. True when nothing is left of it. The caller is pinned. */
export function drainQueue(): bool {
  let clean: bool = true;
  for (let taken: u32 = 0; taken < DRAIN_LIMIT && clean; taken++) {
    const route = takeRoute();
    if (route === 0) return true;
    clean = coalesce(route);
    if (clean) endRoute(route);
    else putBackRoute(route);
  }
  if (!clean) return false;
  return queueHead() === 0;
}
