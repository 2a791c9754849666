/*
 * Finding and locking the leaf of one layer that a key belongs to (the paper's section 4.6, findborder).
 *
 * Invariants
 *   DESCEND1  A thread that follows a pointer is pinned (epoch package), so the target is still in memory, deleted
 *             or not.
 *   DESCEND2  The path down is a hint: a child is followed only if its parent did not change while the child's
 *             version was read. What counts is the leaf's own bounds (leaf.ts LEAF2): from a leaf too far left the
 *             search walks right along `next`; from one too far right, or deleted, it starts over at the layer's
 *             root.
 *   DESCEND3  A layer's root pointer may be stale: it leads to a node that was once the root and is now the
 *             leftmost of its level. The parent pointers lead from there up to the root. A deleted root means that
 *             the layer is gone, or that another node has become its root; then the whole search starts over from
 *             the map's root.
 */

import { hasChanged, isDeleted, isLeaf, isRoot, loadVersion } from "@masstree/nodeversion/assembly";
import { unlockLast } from "@masstree/session/assembly";
import { childIndexFor, childOf, heightOf } from "./internode";
import { nextOf, sideOf } from "./leaf";
import { parentOf } from "./node";
import { prefetchInternode, prefetchLeaf } from "./prefetch";
import { countRestart } from "./tree-words";
import { lockNode, stable } from "./wait";

/** What the last search found, besides the node that it returned. Valid until the next wait. */
export class Reached {
  /** The stable version under which it found the node. */
  static version: u64 = 0;
}

/** DESCEND3: climbs to the layer's current root and leaves its version in `Reached`. 0 if the layer is gone. */
export function climb(start: usize): usize {
  let node = start;
  while (true) {
    const version = stable(node);
    if (isDeleted(version)) return 0;
    if (isRoot(version)) {
      Reached.version = version;
      return node;
    }
    const parent = parentOf(node);
    // 0: it became the root again after its version was read (coalesce.ts moves the role down). Look once more.
    if (parent !== 0) node = parent;
  }
}

/**
 * The leaf that (ikey, cls) belongs to, in the layer whose root, possibly stale, is `start`. 0 if the layer is
 * gone.
 */
export function reach(start: usize, ikey: u64, cls: u32): usize {
  while (true) {
    const root = climb(start);
    if (root === 0) return 0;
    const leaf = goDown(root, Reached.version, ikey, cls);
    if (leaf !== 0) return leaf;
    countRestart();
  }
}

/** DESCEND2: one descent from the root. 0 if the search has to start over. */
function goDown(root: usize, rootVersion: u64, ikey: u64, cls: u32): usize {
  let node = root;
  let version = rootVersion;
  while (!isLeaf(version)) {
    const child = childOf(node, childIndexFor(node, ikey, cls));
    if (heightOf(node) === 1) prefetchLeaf(child);
    else prefetchInternode(child);
    const childVersion = child !== 0 ? stable(child) : 0;
    if (child !== 0 && !hasChanged(node, version)) {
      node = child;
      version = childVersion;
    } else {
      // The node changed during the search. If it still exists, search it again; the leaf will tell whether it
      // still leads to the key.
      version = stable(node);
      if (isDeleted(version)) return 0;
    }
  }
  return walk(node, version, ikey, cls);
}

/** DESCEND2: walks from a leaf to the right until the bounds fit. 0 if the search has to start over. */
function walk(start: usize, startVersion: u64, ikey: u64, cls: u32): usize {
  let leaf = start;
  let version = startVersion;
  while (true) {
    if (isDeleted(version)) return 0;
    const side = sideOf(leaf, ikey, cls);
    if (side < 0) return 0;
    const next: usize = side === 0 ? 0 : nextOf(leaf);
    if (hasChanged(leaf, version)) {
      version = stable(leaf);
      continue;
    }
    if (side === 0) {
      Reached.version = version;
      return leaf;
    }
    leaf = next;
    version = stable(leaf);
  }
}

/**
 * Like `reach`, but starts from a leaf of the layer that was read under the same pin. 0 if that leaf is no longer
 * useful.
 */
export function walkFrom(leaf: usize, ikey: u64, cls: u32): usize {
  return walk(leaf, stable(leaf), ikey, cls);
}

/** Like `reach`, but starts from a leaf of the layer that was read under the same pin. */
export function walkOrReach(leaf: usize, root: usize, ikey: u64, cls: u32): usize {
  const found = walkFrom(leaf, ikey, cls);
  return found !== 0 ? found : reach(root, ikey, cls);
}

/**
 * Locks the leaf that (ikey, cls) belongs to, for the write in the journal. Starts from a leaf of the layer.
 * Returns 0, with nothing locked, if the layer is gone.
 */
export function lockLeaf(start: usize, root: usize, ikey: u64, cls: u32): usize {
  let leaf = start;
  while (true) {
    lockNode(leaf);
    if (!isDeleted(loadVersion(leaf)) && sideOf(leaf, ikey, cls) === 0) return leaf;
    unlockLast();
    leaf = walkOrReach(leaf, root, ikey, cls);
    if (leaf === 0) return 0;
  }
}
