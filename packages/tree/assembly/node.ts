/**
 * What leaves and internodes share: the parent pointer, which sits at different offsets in the two.
 */
import { isLeaf, load as loadVersion, lock, unlock } from "@masstree/nodeversion/assembly";
import { Internode } from "./internode";
import { Leaf } from "./leaf";
import { owner } from "./session";

function parentField(node: usize): usize {
  return (
    node + (isLeaf(loadVersion(node)) ? offsetof<Leaf>("parent") : offsetof<Internode>("parent"))
  );
}

export function parentOf(node: usize): usize {
  return atomic.load<u32>(parentField(node));
}

export function setParent(node: usize, parent: usize): void {
  atomic.store<u32>(parentField(node), <u32>parent);
}

/**
 * Locks the parent of a node that this thread has locked; 0 when the node is the root of its layer.
 * A parent pointer changes only under the old parent's lock, so it is read again once that lock is held.
 */
export function lockParent(node: usize): usize {
  while (true) {
    const parent = parentOf(node);
    if (parent === 0) return 0;
    lock(parent, owner);
    if (parentOf(node) === parent) return parent;
    unlock(parent);
  }
}
