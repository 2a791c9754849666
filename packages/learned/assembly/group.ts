/*
 * Which lines of a node are not empty: a bitmap, with bitmaps of its words above, up to one word in the node.
 *
 *     node of 100,000 lines      level 1    1,563 groups, one bit for each line
 *                                level 2    25 groups, one bit for each group of level 1
 *                                level 3    1 group, in the node
 *
 *     group    0   u64  version: lock (@masstree/nodeversion)
 *              8   u64  bits
 *
 * The groups lie behind the lines, level 1 first; the top one is part of the node. In builds for tests, a group has two
 * bits, so small nodes have several levels.
 *
 * Invariants
 *   GROUP1  A bit is set if and only if its line has an entry or a child, or its group has a bit. A write that makes a
 *           line empty, or not empty, changes the bits with it, as one write of the journal. It locks the line, then
 *           the groups upwards.
 *   GROUP2  A write sets bits before it fills the line, and clears them after it has emptied the line. So whoever finds
 *           a key by a search finds it by the bits as well.
 *   GROUP3  Readers load single words, without a lock. A bit may lead to a word that has become 0 meanwhile.
 */
import { lockNode, write64 } from "@masstree/session/assembly";
import { LearnedClient } from "./client";
import { LINE_BYTES } from "./line";
import { blockOf, linesOf, TOP_GROUP } from "./node";

@unmanaged
class Group {
  version: u64;
  bits: u64;
}

const GROUP_BYTES: usize = offsetof<Group>();
const BITS: usize = offsetof<Group>("bits");

/** log2 of how many bits a group has. */
const GROUP_SHIFT: u32 = DEBUG ? 1 : 6;
/** What of a number says which bit of its group it is. */
const IN_GROUP: u32 = (1 << GROUP_SHIFT) - 1;

/** How many groups a level has, above `count` lines or groups. */
function groupsAbove(count: u32): u32 {
  return (count + IN_GROUP) >> GROUP_SHIFT;
}

/** Bytes of all groups but the top one, of a node with so many lines: whole cache lines. */
export function groupBytes(lines: u32): u32 {
  let bytes: u32 = 0;
  for (let count = groupsAbove(lines); count > 1; count = groupsAbove(count)) {
    bytes += count * <u32>GROUP_BYTES;
  }
  return (bytes + 63) & ~63;
}

/** How many levels of groups a node has. */
function levelsOf(lines: u32): u32 {
  let levels: u32 = 1;
  for (let count = groupsAbove(lines); count > 1; count = groupsAbove(count)) levels++;
  return levels;
}

/** Group number `index` of a level, counted from 1. */
function groupAt(node: usize, level: u32, index: u32): usize {
  const lines = linesOf(node);
  let at = blockOf(node) + <usize>lines * LINE_BYTES;
  let count = groupsAbove(lines);
  for (; level > 1; level--) {
    at += <usize>count * GROUP_BYTES;
    count = groupsAbove(count);
  }
  return count === 1 ? node + TOP_GROUP : at + <usize>index * GROUP_BYTES;
}

function bitsOf(group: usize): u64 {
  return atomic.load<u64>(group, BITS);
}

/** Whether a node has no entries. */
export function isEmptyNode(node: usize): bool {
  return bitsOf(node + TOP_GROUP) === 0;
}

/** Sets the bits for a line of a private node. */
export function fillBit(node: usize, line: u32): void {
  let index = line;
  let count = linesOf(node);
  for (let level: u32 = 1; count > 1 || level === 1; level++) {
    const group = groupAt(node, level, index >> GROUP_SHIFT);
    store<u64>(group, load<u64>(group, BITS) | ((<u64>1) << (index & IN_GROUP)), BITS);
    index >>= GROUP_SHIFT;
    count = groupsAbove(count);
  }
}

/** GROUP1: plans that the bit of a line is set, or cleared, and what follows from that above. Locks the groups. */
export function writeBit(node: usize, line: u32, isSet: bool): void {
  let index = line;
  let count = linesOf(node);
  for (let level: u32 = 1; ; level++) {
    const group = groupAt(node, level, index >> GROUP_SHIFT);
    lockNode<LearnedClient>(group);
    const before = load<u64>(group, BITS);
    const bit = (<u64>1) << (index & IN_GROUP);
    const after = isSet ? before | bit : before & ~bit;
    write64(group + BITS, after);
    count = groupsAbove(count);
    if ((isSet ? before : after) !== 0 || count === 1) return;
    index >>= GROUP_SHIFT;
  }
}

/** The first line from `from` on that is not empty; `linesOf` if there is none. */
export function nextLine(node: usize, from: u32): u32 {
  const lines = linesOf(node);
  const levels = levelsOf(lines);
  let at = from;
  while (at < lines) {
    let level: u32 = 1;
    let index = at;
    // Up to a level with a bit at or behind the place, then down along the first bits.
    let word = bitsFrom(node, 1, index);
    while (word === 0) {
      if (level === levels) return lines;
      index = (index >> GROUP_SHIFT) + 1;
      level++;
      word = bitsFrom(node, level, index);
    }
    index = (index & ~IN_GROUP) + <u32>ctz(word);
    while (level > 1 && word !== 0) {
      level--;
      word = bitsOf(groupAt(node, level, index));
      if (word !== 0) index = (index << GROUP_SHIFT) + <u32>ctz(word);
    }
    if (word !== 0) return min(index, lines);
    at = (index + 1) << (GROUP_SHIFT * level); // GROUP3
  }
  return lines;
}

/** The bits of a level from number `index` on, within the group of that number; 0 if there is no such group. */
function bitsFrom(node: usize, level: u32, index: u32): u64 {
  if (index >= countAt(node, level)) return 0;
  return bitsOf(groupAt(node, level, index >> GROUP_SHIFT)) & (u64.MAX_VALUE << (index & IN_GROUP));
}

/** How many bits a level has. */
function countAt(node: usize, level: u32): u32 {
  let count = linesOf(node);
  for (; level > 1; level--) count = groupsAbove(count);
  return count;
}

/** The last line up to `from` that is not empty; -1 if there is none. */
export function previousLine(node: usize, from: i32): i32 {
  const levels = levelsOf(linesOf(node));
  let at = from;
  while (at >= 0) {
    let level: u32 = 1;
    let index = at;
    let word = bitsUpTo(node, 1, index);
    while (word === 0) {
      index = (index >> GROUP_SHIFT) - 1;
      if (level === levels || index < 0) return -1;
      level++;
      word = bitsUpTo(node, level, index);
    }
    index = (index & ~(<i32>IN_GROUP)) + 63 - <i32>clz(word);
    while (level > 1 && word !== 0) {
      level--;
      word = bitsOf(groupAt(node, level, index));
      if (word !== 0) index = (index << GROUP_SHIFT) + 63 - <i32>clz(word);
    }
    if (word !== 0) return index;
    at = (index << (GROUP_SHIFT * level)) - 1; // GROUP3
  }
  return -1;
}

/** The bits of a level up to number `index`, within the group of that number. */
function bitsUpTo(node: usize, level: u32, index: i32): u64 {
  const bits = bitsOf(groupAt(node, level, <u32>index >> GROUP_SHIFT));
  return bits & (u64.MAX_VALUE >> (63 - (index & IN_GROUP)));
}

/** For checks: the bits above a line that do not agree with it, or with each other; 0 if all do. */
export function wrongGroup(node: usize, line: u32, isVacant: bool): usize {
  const levels = levelsOf(linesOf(node));
  let index = line;
  let isSet = !isVacant;
  for (let level: u32 = 1; level <= levels; level++) {
    const group = groupAt(node, level, index >> GROUP_SHIFT);
    const bits = bitsOf(group);
    if ((((bits >> (index & IN_GROUP)) & 1) !== 0) !== isSet) return group;
    isSet = bits !== 0;
    index >>= GROUP_SHIFT;
  }
  return 0;
}

/** For checks: whether some group of a node is locked. */
export function lockedGroup(node: usize): usize {
  const lines = linesOf(node);
  const levels = levelsOf(lines);
  for (let level: u32 = 1, count = groupsAbove(lines); level <= levels; level++) {
    for (let index: u32 = 0; index < count; index++) {
      const group = groupAt(node, level, index);
      if ((atomic.load<u64>(group) & 0xffff) !== 0) return group;
    }
    count = groupsAbove(count);
  }
  return 0;
}
