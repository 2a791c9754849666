/*
 * A node: a linear model, and the lines that it tells keys to.
 *
 *     block    lines    n x 64 bytes (line.ts)
 *              groups   which lines are not empty, for nodes of more than 64 lines (group.ts)
 *     node     0   u64  base: keys are counted from here
 *              8   f64  slope: lines per key            a key's line is; below 0 if base is a value
 *              16  f64  intercept, in lines             floor(slope * (key - base) + intercept),
 *              24  u32  lines: how many                 at least 0 and less than `lines`
 *              28  u32  below: bytes of the block before the node
 *              32  u64  version of the top group
 *              40  u64  bits of the top group
 *              48  i32  conflicts: how many more may happen below before the subtree is rebuilt
 *              52  i32  removals: the same for tombstones in this node
 *              56  u32  link: the next node, while it is built, frozen or retired
 *              60  u32  unused
 *
 * A node's address is that of its last 64 bytes, on a cache line of their own: a search touches this line and one
 * other. The last 8 bytes are the epoch package's once the node is retired, and no reader uses them.
 *
 * Invariants
 *   MODEL1  base, slope, intercept, lines and below are written before the node is published, and never change. So they
 *          are read with plain loads.
 *   MODEL2  The model never decreases: of two keys, the greater one is in the same line or in a later one. For the
 *          distance is a 64-bit integer, and rounding it, multiplying by a positive number, adding and cutting keep
 *          the order. All three numbers are finite, whatever the keys (fit.ts). A model of values, of a map whose keys
 *          are doubles, has the value itself as its base, and its slope with the sign inverted: the distance is that of
 *          two doubles, which may be infinite.
 *   MODEL3  `conflicts` and `removals` are hints: a thread that dies may not have counted.
 */
import { reachTo } from "@masstree/memory/assembly";
import { LINE_BYTES } from "./line";

@unmanaged
export class Node {
  base: u64;
  slope: f64;
  intercept: f64;
  lines: u32;
  below: u32;
  version: u64;
  bits: u64;
  conflicts: i32;
  removals: i32;
  link: u32;
  unused: u32;
}

/** Bytes from a node's address to the end of its block. */
export const NODE_HEAD: u32 = <u32>offsetof<Node>();
/** Offset of the top group in a node. */
export const TOP_GROUP: usize = offsetof<Node>("version");

/** A node that something leads to. Another thread may have allocated it in memory that it has just added. */
export function reachNode(node: usize): void {
  reachTo(node, NODE_HEAD);
}

/** How many lines a node has. */
export function linesOf(node: usize): u32 {
  return changetype<Node>(node).lines;
}

/** The start of its block. */
export function blockOf(node: usize): usize {
  return node - changetype<Node>(node).below;
}

/** The size of its block, as it was allocated. */
export function bytesOf(node: usize): u32 {
  return changetype<Node>(node).below + NODE_HEAD;
}

/** Line number `index` of a node. */
export function lineAt(node: usize, index: u32): usize {
  return blockOf(node) + <usize>index * LINE_BYTES;
}

/** The number of a line of a node. */
export function indexOf(node: usize, line: usize): u32 {
  return <u32>((line - blockOf(node)) / LINE_BYTES);
}

/** The number of the line where a node's model puts a key (MODEL2). */
export function predict(node: usize, key: u64): u32 {
  const it = changetype<Node>(node);
  const base = it.base;
  const slope = it.slope;
  const lines = it.lines;
  let place = it.intercept;
  if (slope < 0) {
    place -= slope * (doubleOf(key) - reinterpret<f64>(base));
    // Beyond the infinities, an ordinal stands for no number. No key is there, but the ends of all ordinals are.
    if (!(place > 0)) return place <= 0 || key >> 63 === 0 ? 0 : lines - 1;
  } else {
    if (key < base) return 0;
    place += slope * <f64>(key - base);
  }
  return place < <f64>lines ? <u32>place : lines - 1;
}

/** The double that an ordinal stands for, if the keys of the map are doubles (@masstree/key, number.ts). */
export function doubleOf(key: u64): f64 {
  const sign: u64 = 1 << 63;
  return reinterpret<f64>((key & sign) !== 0 ? key ^ sign : ~key);
}

/** The line where a node's model puts a key. */
export function lineFor(node: usize, key: u64): usize {
  return lineAt(node, predict(node, key));
}

/** The next node in the list that this one is in; 0 for none. */
export function linkOf(node: usize): usize {
  return load<u32>(node, offsetof<Node>("link"));
}

/** Sets it. */
export function setLink(node: usize, next: usize): void {
  store<u32>(node, <u32>next, offsetof<Node>("link"));
}

/** Counts conflicts below a node. Returns whether it should be rebuilt. */
export function chargeConflicts(node: usize, count: i32): bool {
  return atomic.sub<i32>(node, count, offsetof<Node>("conflicts")) <= count;
}

/** Counts a tombstone in a node, or one less. Returns whether it should be rebuilt. */
export function chargeRemovals(node: usize, count: i32): bool {
  return atomic.sub<i32>(node, count, offsetof<Node>("removals")) <= count;
}

/** Puts off the rebuilding of a node for which there was no memory. */
export function putOff(node: usize, conflicts: i32, removals: i32): void {
  atomic.store<i32>(node, conflicts, offsetof<Node>("conflicts"));
  atomic.store<i32>(node, removals, offsetof<Node>("removals"));
}
