/*
 * The internode: separators and children of one level of one layer's B+tree.
 *
 *     offset      bytes            name      written by                        read
 *     0           8                version   lock holder (atomic)              optimistically
 *     8           4                count     lock holder, dirty                optimistically: number of separators
 *     12          4                height    before publication                freely: 1 above the leaves
 *     16          4                parent    holder of the parent's lock       as a hint, checked under that lock
 *     20          4                -
 *     24          8 * WIDTH        ikeys     lock holder, dirty                optimistically
 *     CHILDREN    4 * (WIDTH + 1)  children  lock holder, dirty                optimistically
 *     CLASSES     WIDTH            classes   lock holder, dirty                optimistically; only where STRADDLE
 *     end - 8     8                          the epoch package
 *
 * Invariants
 *   INTERNODE1  Separators ascend strictly. Separator i is the lower bound of child i + 1: keys >= it go right
 *               (upper bound search).
 *   INTERNODE2  Children beyond count are 0, and a child's address is gone from every slot before the child is
 *               retired. So whatever a pinned reader loads from a slot, torn or not, is 0 or the address of a node
 *               that is still in memory.
 *   INTERNODE3  children[i].parent is this node for i <= count. The holder of this node's lock writes it (or, for
 *               a new root, the holder of the child's lock).
 *   INTERNODE4  Routing is a hint: a reader that went through a stale internode lands in a leaf whose bounds send
 *               it on (leaf.ts LEAF2).
 */

import { initialise } from "@masstree/nodeversion/assembly";
import { write8, write32, write64 } from "@masstree/session/assembly";
import { SLOTS, STRADDLE } from "./leaf";

/** The part of an internode that has the same offsets at every width. */
@unmanaged
export class Internode {
  version: u64;
  count: u32;
  height: u32;
  parent: u32;
  spare: u32;
}

const IKEYS: usize = offsetof<Internode>();
const CHILDREN: usize = IKEYS + 8 * WIDTH;
const CLASSES: usize = CHILDREN + 4 * (WIDTH + 1);
/** The size of an internode's block: whole cache lines, with the epoch package's 8 bytes at the end. */
export const INTERNODE_BYTES: u32 = <u32>((CLASSES + (STRADDLE ? WIDTH : 0) + 8 + 63) & ~63);

/** Initialises a new block as an unlocked internode without children. */
export function initialiseInternode(node: usize, flags: u64, height: u32): void {
  memory.fill(node, 0, INTERNODE_BYTES);
  initialise(node, flags);
  changetype<Internode>(node).height = height;
}

export function countOf(node: usize): u32 {
  return atomic.load<u32>(node, offsetof<Internode>("count"));
}

export function heightOf(node: usize): u32 {
  return changetype<Internode>(node).height;
}

export function separatorOf(node: usize, index: u32): u64 {
  return atomic.load<u64>(node + ((<usize>index) << 3), IKEYS);
}

export function separatorClassOf(node: usize, index: u32): u32 {
  return STRADDLE ? atomic.load<u8>(node + index, CLASSES) : 0;
}

export function childOf(node: usize, index: u32): usize {
  return atomic.load<u32>(node + ((<usize>index) << 2), CHILDREN);
}

/**
 * INTERNODE1: the index of the child to follow for (ikey, cls). It is the number of separators that are not above
 * the key.
 */
export function childIndexFor(node: usize, ikey: u64, cls: u32): u32 {
  const count = min<u32>(countOf(node), SLOTS);
  let index: u32 = 0;
  while (index < count) {
    const separator = separatorOf(node, index);
    if (separator > ikey) break;
    if (STRADDLE && separator === ikey && separatorClassOf(node, index) > cls) break;
    index++;
  }
  return index;
}

/** The index of `child` among the children, by address; -1 if it is not there. The lock is held. */
export function indexOfChild(node: usize, child: usize): i32 {
  const count = <i32>countOf(node);
  for (let index = 0; index <= count; index++) {
    if (childOf(node, index) === child) return index;
  }
  return -1;
}

// Fills. No other thread knows the internode yet: plain stores.

export function fillCount(node: usize, count: u32): void {
  changetype<Internode>(node).count = count;
}

export function fillSeparator(node: usize, index: u32, ikey: u64, cls: u32): void {
  store<u64>(node + ((<usize>index) << 3), ikey, IKEYS);
  if (STRADDLE) store<u8>(node + index, <u8>cls, CLASSES);
}

export function fillChild(node: usize, index: u32, child: usize): void {
  store<u32>(node + ((<usize>index) << 2), <u32>child, CHILDREN);
}

// Writes. The internode is locked by the write in the journal, and marked.

export function writeCount(node: usize, count: u32): void {
  write32(node + offsetof<Internode>("count"), count);
}

export function writeSeparator(node: usize, index: u32, ikey: u64, cls: u32): void {
  write64(node + ((<usize>index) << 3) + IKEYS, ikey);
  if (STRADDLE) write8(node + index + CLASSES, cls);
}

export function writeChild(node: usize, index: u32, child: usize): void {
  write32(node + ((<usize>index) << 2) + CHILDREN, <u32>child);
}

/**
 * Logs a new separator at `index` and the child to its right, among `count` separators that stay. There is room.
 */
export function writeInsertion(
  node: usize,
  count: u32,
  index: u32,
  ikey: u64,
  cls: u32,
  child: usize,
): void {
  for (let i = count; i > index; i--) {
    writeChild(node, i + 1, childOf(node, i));
    writeSeparator(node, i, separatorOf(node, i - 1), separatorClassOf(node, i - 1));
  }
  writeSeparator(node, index, ikey, cls);
  writeChild(node, index + 1, child);
  writeCount(node, count + 1);
}

/**
 * Logs the removal of child `index` and of the separator left of it (right of it for the first child). Count > 0.
 */
export function writeRemoval(node: usize, index: u32): void {
  const count = countOf(node);
  for (let i: u32 = index === 0 ? 0 : index - 1; i + 1 < count; i++) {
    writeSeparator(node, i, separatorOf(node, i + 1), separatorClassOf(node, i + 1));
  }
  for (let i = index; i < count; i++) writeChild(node, i, childOf(node, i + 1));
  writeChild(node, count, 0);
  writeCount(node, count - 1);
}
