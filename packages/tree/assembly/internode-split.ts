/*
 * Linking a new leaf into the internodes above it, and splitting those that are full (the paper's section 4.6.4).
 *
 *     locked, from the leaf up    leaf   parent   parent's parent   ...   the first that has room, or the root
 *     number in the journal       0      1        2
 *     is split                    yes    yes      yes                     no, unless it is a full root: then a new
 *                                                                         root is added
 *
 * Invariants
 *   SPLIT1  Locks are taken upward within a layer, from the leaf to the first ancestor that has room. All are held
 *           until the whole split is done: no thread that holds a lock ever sees a sibling without its parent.
 */

import { isLeaf, loadVersion, ROOT } from "@masstree/nodeversion/assembly";
import {
  INSERTS,
  LOSES_ROOT,
  lockedCount,
  lockedNode,
  markNode,
  SPLITS,
  write32,
} from "@masstree/session/assembly";
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
import { fillParent, lockParent, writeParent } from "./node";
import { spareAt } from "./scratch";
import { MAP_ROOT } from "./tree-words";

/** SPLIT1: locks the ancestors that the split changes. True when the layer needs a new root. */
export function lockAncestors(leaf: usize): bool {
  let node = leaf;
  while (true) {
    const parent = lockParent(node);
    if (parent === 0) return true;
    if (countOf(parent) < SLOTS) return false;
    node = parent;
  }
}

/** The separator that the last internode split sends up. Valid until the next one. */
class Promoted {
  static ikey: u64 = 0;
  static cls: u32 = 0;
}

/** Plans the split of a full, locked internode, with a new separator at `index` and `added` to its right. */
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
    Promoted.ikey = separator;
    Promoted.cls = separatorClass;
  } else {
    const from = kept < index ? kept : kept - 1;
    Promoted.ikey = separatorOf(node, from);
    Promoted.cls = separatorClassOf(node, from);
  }
  markNode(node, SPLITS);
  if (index < kept) {
    fillParent(added, node);
    writeInsertion(node, kept - 1, index, separator, separatorClass, added);
  } else writeCount(node, kept);
  for (let item = kept + 1; item <= SLOTS; item++) writeChild(node, item, 0);
}

/**
 * Plans how `right`, whose keys begin at (ikey, cls), is linked beside `leaf` in the locked ancestors. Splits
 * those that are full. New internodes come from the spare blocks, starting at index `spares`. `offset` is the
 * layer's.
 */
export function insertIntoAncestors(
  leaf: usize,
  right: usize,
  ikey: u64,
  cls: u32,
  offset: u32,
  spares: u32,
  appending: bool,
): void {
  let left = leaf;
  let added = right;
  let separator = ikey;
  let separatorClass = cls;
  let spare = spares;
  for (let level: u32 = 1; level < lockedCount(); level++) {
    const parent = lockedNode(level);
    const index = <u32>indexOfChild(parent, left);
    if (countOf(parent) < SLOTS) {
      markNode(parent, INSERTS);
      fillParent(added, parent);
      writeInsertion(parent, countOf(parent), index, separator, separatorClass, added);
      return;
    }
    const sibling = spareAt(spare++);
    splitInternode(parent, sibling, index, separator, separatorClass, added, appending);
    left = parent;
    added = sibling;
    separator = Promoted.ikey;
    separatorClass = Promoted.cls;
  }
  const root = spareAt(spare);
  initialiseInternode(root, ROOT, isLeaf(loadVersion(left)) ? 1 : heightOf(left) + 1);
  fillSeparator(root, 0, separator, separatorClass);
  fillChild(root, 0, left);
  fillChild(root, 1, added);
  fillCount(root, 1);
  markNode(left, LOSES_ROOT);
  writeParent(left, root);
  fillParent(added, root);
  if (offset === 0) write32(MAP_ROOT, <u32>root); // JOURNAL4: the last
}
