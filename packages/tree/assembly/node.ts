/*
 * What leaves and internodes share: the parent pointer, which sits at different offsets in the two.
 *
 * Invariant
 *   NODE1  A node's parent pointer changes only under the lock of the parent it names (or under the node's own
 *          lock, if it names none). So a thread that holds the node's lock and then its parent's can rely on it.
 */

import { reachTo } from "@masstree/memory/assembly";
import { isLeaf, loadVersion } from "@masstree/nodeversion/assembly";
import { unlockLast, write32 } from "@masstree/session/assembly";
import { Internode } from "./internode";
import { Leaf, NODE_BYTES } from "./leaf";
import { lockNode } from "./wait";

function parentField(node: usize): usize {
  reachTo(node, NODE_BYTES);
  return (
    node + (isLeaf(loadVersion(node)) ? offsetof<Leaf>("parent") : offsetof<Internode>("parent"))
  );
}

export function parentOf(node: usize): usize {
  return atomic.load<u32>(parentField(node));
}

/** For a node that no other thread knows yet. */
export function fillParent(node: usize, parent: usize): void {
  store<u32>(parentField(node), <u32>parent);
}

export function writeParent(node: usize, parent: usize): void {
  write32(parentField(node), <u32>parent);
}

/**
 * Locks the parent of a node that this write has locked. Returns 0 if the node is the root of its layer (NODE1).
 */
export function lockParent(node: usize): usize {
  while (true) {
    const parent = parentOf(node);
    if (parent === 0) return 0;
    lockNode(parent);
    if (parentOf(node) === parent) return parent;
    unlockLast();
  }
}
