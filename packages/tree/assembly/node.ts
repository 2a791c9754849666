/**
 * What leaves and internodes share: the parent pointer, which sits at different offsets in the two.
 *
 * Invariant
 *  A1  A node's parent pointer changes only under the lock of the parent it names (or, when it names none, under the node's
 *      own): so whoever holds the node's lock and then its parent's can rely on it.
 */

import { reachTo } from "@masstree/memory/assembly";
import { isLeaf, load as loadVersion } from "@masstree/nodeversion/assembly";
import { Internode } from "./internode";
import { Leaf, NODE_BYTES } from "./leaf";
import { giveBack, take, write32 } from "./transaction";

function parentField(node: usize): usize {
  reachTo(node, NODE_BYTES);
  return (
    node + (isLeaf(loadVersion(node)) ? offsetof<Leaf>("parent") : offsetof<Internode>("parent"))
  );
}

export function parentOf(node: usize): usize {
  return atomic.load<u32>(parentField(node));
}

/** For a node that nobody else knows yet. */
export function fillParent(node: usize, parent: usize): void {
  store<u32>(parentField(node), <u32>parent);
}

export function writeParent(node: usize, parent: usize): void {
  write32(parentField(node), <u32>parent);
}

/** Locks the parent of a node that this transaction has locked; 0 when the node is the root of its layer (A1). */
export function takeParent(node: usize): usize {
  while (true) {
    const parent = parentOf(node);
    if (parent === 0) return 0;
    take(parent);
    if (parentOf(node) === parent) return parent;
    giveBack();
  }
}
