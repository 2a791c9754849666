/**
 * Hanging a new leaf in the internodes above it, and splitting those that are full (the paper's section 4.6.4).
 *
 *     taken, from the leaf up     leaf   parent   parent's parent   ...   the first that has room, or the root
 *     held by the transaction     0      1        2
 *     is split                    yes    yes      yes                     no, unless it is a full root: then a new root comes
 *
 * Invariants
 *  P1  Locks are taken upward within a layer, from the leaf to the first ancestor that has room, and all are held until the
 *      whole split is done: no sibling is ever without its parent for anybody who holds a lock.
 */

import { isLeaf, load as loadVersion, ROOT } from "@masstree/nodeversion/assembly";
import {
  childOf,
  countOf,
  fillChild,
  fillCount,
  fillSeparator,
  heightOf,
  indexOfChild,
  initialiseInternode,
  separatorClassOf,
  separatorOf,
  writeChild,
  writeCount,
  writeInsertion,
} from "./internode";
import { SLOTS } from "./leaf";
import { fillParent, takeParent, writeParent } from "./node";
import { MAP_ROOT, spareAt } from "./session";
import { held, heldNode, INSERTS, LOSES_ROOT, mark, SPLITS, write32 } from "./transaction";

/** P1: locks the ancestors that the split changes. True when the layer needs a new root. */
export function takePath(leaf: usize): bool {
  let node = leaf;
  while (true) {
    const parent = takeParent(node);
    if (parent === 0) return true;
    if (countOf(parent) < SLOTS) return false;
    node = parent;
  }
}

/** The separator that the last internode split sends up. */
let promoted: u64 = 0;
let promotedClass: u32 = 0;

/** Plans the split of a full, locked internode while a separator goes in at `index`, and `added` right of it. */
function splitInternode(
  node: usize,
  sibling: usize,
  index: u32,
  separator: u64,
  separatorClass: u32,
  added: usize,
  appending: bool,
): void {
  // Of SLOTS + 1 separators, `kept` stay, one goes up, the rest move.
  const kept: u32 = appending && index === SLOTS ? SLOTS : SLOTS >> 1;
  initialiseInternode(sibling, 0, heightOf(node));
  for (let item = kept + 1; item <= SLOTS; item++) {
    const to = item - kept - 1;
    if (item === index) fillSeparator(sibling, to, separator, separatorClass);
    else {
      const from = item < index ? item : item - 1;
      fillSeparator(sibling, to, separatorOf(node, from), separatorClassOf(node, from));
    }
  }
  for (let item = kept + 1; item <= SLOTS + 1; item++) {
    const to = item - kept - 1;
    if (item === index + 1) {
      fillChild(sibling, to, added);
      fillParent(added, sibling);
    } else {
      const child = childOf(node, item <= index ? item : item - 1);
      fillChild(sibling, to, child);
      writeParent(child, sibling);
    }
  }
  fillCount(sibling, SLOTS - kept);
  if (kept === index) {
    promoted = separator;
    promotedClass = separatorClass;
  } else {
    const from = kept < index ? kept : kept - 1;
    promoted = separatorOf(node, from);
    promotedClass = separatorClassOf(node, from);
  }
  mark(node, SPLITS);
  if (index < kept) {
    fillParent(added, node);
    writeInsertion(node, kept - 1, index, separator, separatorClass, added);
  } else writeCount(node, kept);
  for (let item = kept + 1; item <= SLOTS; item++) writeChild(node, item, 0);
}

/**
 * Plans how `right`, whose keys begin at (ikey, cls), hangs beside `leaf` in the locked ancestors, splitting those that are
 * full. New internodes are taken from the spare blocks, from the one with index `spares` on. `offset` is the layer's.
 * Returns whether the layer got a new root.
 */
export function hang(
  leaf: usize,
  right: usize,
  ikey: u64,
  cls: u32,
  offset: u32,
  spares: u32,
  appending: bool,
): bool {
  let left = leaf;
  let added = right;
  let separator = ikey;
  let separatorClass = cls;
  let spare = spares;
  for (let level: u32 = 1; level < held(); level++) {
    const parent = heldNode(level);
    const index = <u32>indexOfChild(parent, left);
    if (countOf(parent) < SLOTS) {
      mark(parent, INSERTS);
      fillParent(added, parent);
      writeInsertion(parent, countOf(parent), index, separator, separatorClass, added);
      return false;
    }
    const sibling = spareAt(spare++);
    splitInternode(parent, sibling, index, separator, separatorClass, added, appending);
    left = parent;
    added = sibling;
    separator = promoted;
    separatorClass = promotedClass;
  }
  const root = spareAt(spare);
  initialiseInternode(root, ROOT, isLeaf(loadVersion(left)) ? 1 : heightOf(left) + 1);
  fillSeparator(root, 0, separator, separatorClass);
  fillChild(root, 0, left);
  fillChild(root, 1, added);
  fillCount(root, 1);
  mark(left, LOSES_ROOT);
  writeParent(left, root);
  fillParent(added, root);
  if (offset === 0) write32(MAP_ROOT, <u32>root); // X4: the last
  return true;
}
