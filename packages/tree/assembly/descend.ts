/**
 * Finding the leaf of one layer that a key belongs to (the paper's section 4.6, findborder), and locking it.
 *
 * Invariants
 *  D1  Whoever follows a pointer is pinned (epoch package), so what it leads to is still in memory, deleted or not.
 *  D2  The way down is a hint: a child is taken only if its parent did not change while the child's version was read.
 *      What counts is the leaf's own bounds (leaf.ts L2): too far left walks right along `next`, too far right or deleted
 *      starts over from the layer's root.
 *  D3  A layer's root may be stale: a node that was the root once and is now the leftmost of its level. The way up along
 *      the parents leads to the root. A deleted root means that the layer is gone, or that its role was handed on; then
 *      the whole search starts over from the map's root.
 */

import {
  hasChanged,
  isDeleted,
  isLeaf,
  isRoot,
  load as loadVersion,
} from "@masstree/nodeversion/assembly";
import { childIndexFor, childOf, heightOf } from "./internode";
import { nextOf, sideOf } from "./leaf";
import { parentOf } from "./node";
import { stable } from "./recover";
import { countRestart } from "./session";
import { touchInternode, touchLeaf } from "./touch";
import { giveBack, take } from "./transaction";

/** The stable version under which the last reach or settle found its leaf. */
export let reachedVersion: u64 = 0;

/** D3: climbs to the layer's current root; its version is left in `reachedVersion`. 0 when the layer is gone. */
export function climb(start: usize): usize {
  let node = start;
  while (true) {
    const version = stable(node);
    if (isDeleted(version)) return 0;
    if (isRoot(version)) {
      reachedVersion = version;
      return node;
    }
    const parent = parentOf(node);
    // 0: it became the root again since the version was read (coalesce.ts hands the role down); look once more.
    if (parent !== 0) node = parent;
  }
}

/** The leaf of the layer under `start` (its root, however stale) that (ikey, cls) belongs to; 0 when the layer is gone. */
export function reach(start: usize, ikey: u64, cls: u32): usize {
  while (true) {
    const root = climb(start);
    if (root === 0) return 0;
    const leaf = goDown(root, reachedVersion, ikey, cls);
    if (leaf !== 0) return leaf;
    countRestart();
  }
}

/** D2: one way down from the root; 0 when the search has to start over. */
function goDown(root: usize, rootVersion: u64, ikey: u64, cls: u32): usize {
  let node = root;
  let version = rootVersion;
  while (!isLeaf(version)) {
    const child = childOf(node, childIndexFor(node, ikey, cls));
    if (heightOf(node) === 1) touchLeaf(child);
    else touchInternode(child);
    const childVersion = child !== 0 ? stable(child) : 0;
    if (child !== 0 && !hasChanged(node, version)) {
      node = child;
      version = childVersion;
    } else {
      // It changed under us. If it is still there, search it again; whether it still leads to the key, the leaf will tell.
      version = stable(node);
      if (isDeleted(version)) return 0;
    }
  }
  return walk(node, version, ikey, cls);
}

/** D2: from a leaf to the right until the bounds fit; 0 when the search has to start over. */
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
      reachedVersion = version;
      return leaf;
    }
    leaf = next;
    version = stable(leaf);
  }
}

/** As reach, from a leaf of the layer that was met under the same pin; 0 when that leaf is of no use any more. */
export function walkFrom(leaf: usize, ikey: u64, cls: u32): usize {
  return walk(leaf, stable(leaf), ikey, cls);
}

/** As reach, from a leaf of the layer that was met under the same pin. */
export function settle(leaf: usize, root: usize, ikey: u64, cls: u32): usize {
  const found = walkFrom(leaf, ikey, cls);
  return found !== 0 ? found : reach(root, ikey, cls);
}

/**
 * Locks, for the transaction in hand, the leaf that (ikey, cls) belongs to, starting from a leaf of the layer. 0, with
 * nothing locked, when the layer is gone.
 */
export function takeLeaf(start: usize, root: usize, ikey: u64, cls: u32): usize {
  let leaf = start;
  while (true) {
    take(leaf);
    if (!isDeleted(loadVersion(leaf)) && sideOf(leaf, ikey, cls) === 0) return leaf;
    giveBack();
    leaf = settle(leaf, root, ikey, cls);
    if (leaf === 0) return 0;
  }
}
