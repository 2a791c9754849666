/*
 * What conflicts and removals cost, and who pays for putting it in order.
 *
 * Every node may have so many conflicts below it until its subtree is rebuilt: half as many as it had keys when it was
 * built. A conflict counts in all nodes above it, and fourfold if it is deeper than the rebuild depth. The thread whose
 * conflict is one too many rebuilds the subtree of the highest such node. It pays for the keys that the subtree was built
 * of, twice as many as there were conflicts, or eight times as many if all were too deep; and once for each key inserted
 * since. So each insert pays a constant for each node above it. A subtree that was rebuilt has all of its budget again, so
 * a key set that cannot be less deep is not rebuilt over and over.
 *
 * Likewise a node may have so many tombstones. A node without entries goes at once, so that nobody walks over it.
 *
 * A large node counts one conflict of sixteen, by sixteen, so that not all writers write to its line, which all readers
 * read.
 */
import { participant } from "@masstree/session/assembly";
import { conflictBudget } from "./build";
import { isEmptyNode } from "./group";
import { childOf, isChild, stateOf } from "./line";
import { chargeConflicts, chargeRemovals, lineFor, linesOf, putOff, reachNode } from "./node";
import { REBUILD_FULL, rebuild } from "./rebuild";
import { deepest, noteDepth, ROOT_LINE, rebuildDepth, rebuildsItself } from "./words";

/** A conflict that is too deep counts as so many. */
const DEEP: i32 = 4;
/** From so many lines on, a node counts by chance. */
const LARGE: u32 = DEBUG ? u32.MAX_VALUE : 4096;
/** How many conflicts a large node counts at a time. */
const AT_ONCE: i32 = 16;
/** The greatest depth that a conflict may lead to. */
export const MOST_DEPTH: u32 = 256;

/** The state of a generator of numbers (xorshift, Marsaglia 2003); private to the instance. */
let chance: u32 = 0;

function isCounted(): bool {
  if (chance === 0) chance = <u32>participant | 1;
  chance ^= chance << 13;
  chance ^= chance >> 17;
  chance ^= chance << 5;
  return (chance & <u32>(AT_ONCE - 1)) === 0;
}

/** A node on a key's way, and what leads to it. No wait comes between its choice and its use (SESSION1). */
class Chosen {
  static root: usize = 0;
  static line: usize = 0;
  static node: usize = 0;
  static depth: u32 = 0;
}

function choose(line: usize, node: usize, root: usize, depth: u32): void {
  Chosen.root = root;
  Chosen.line = line;
  Chosen.node = node;
  Chosen.depth = depth;
}

/** Rebuilds what was chosen. Returns its outcome. */
function rebuildChosen(hasKey: bool, key: u64): u32 {
  const root = Chosen.root;
  const outcome = rebuild(Chosen.line, Chosen.node, root, Chosen.depth, hasKey, key);
  if (outcome === REBUILD_FULL) {
    const budget = <i32>conflictBudget(linesOf(root));
    putOff(root, budget, budget);
  }
  return outcome;
}

/** How many nodes are on a key's way. */
function depthFor(key: u64): u32 {
  let depth: u32 = 0;
  let state = stateOf(ROOT_LINE);
  while (isChild(state)) {
    reachNode(childOf(state));
    state = stateOf(lineFor(childOf(state), key));
    depth++;
  }
  return depth;
}

/** A key has been inserted, and its line has got a child for it. Counts it, and rebuilds what has had enough. Pinned. */
export function afterConflict(key: u64): void {
  const depth = depthFor(key);
  if (depth > deepest()) noteDepth(depth);
  if (!rebuildsItself()) return;
  const weight: i32 = depth > rebuildDepth() ? DEEP : 1;
  Chosen.root = 0;
  let line = ROOT_LINE;
  let node: usize = 0;
  let above: u32 = 0;
  for (let state = stateOf(line); isChild(state); state = stateOf(line)) {
    const child = childOf(state);
    reachNode(child);
    const isLarge = linesOf(child) >= LARGE;
    if (!isLarge || isCounted()) {
      const isSpent = chargeConflicts(child, isLarge ? weight * AT_ONCE : weight);
      if (isSpent && Chosen.root === 0) choose(line, node, child, above);
    }
    node = child;
    line = lineFor(child, key);
    above++;
  }
  if (Chosen.root !== 0) rebuildChosen(true, key);
}

/**
 * A key's entry in a node has become a tombstone. Rebuilds the lowest node on the key's way that is empty, and then the
 * next one; or the node, if it has had enough. Pinned.
 *
 * @param from the node that the entry was in
 */
export function afterRemoval(key: u64, from: usize): void {
  const isSpent = chargeRemovals(from, 1) && rebuildsItself();
  if (!isSpent && !isEmptyNode(from)) return;
  let isFirst = isSpent;
  do {
    Chosen.root = 0;
    let line = ROOT_LINE;
    let node: usize = 0;
    let depth: u32 = 0;
    for (let state = stateOf(line); isChild(state); state = stateOf(line)) {
      const child = childOf(state);
      reachNode(child);
      if (isEmptyNode(child) || (isFirst && child === from)) choose(line, node, child, depth);
      node = child;
      line = lineFor(child, key);
      depth++;
    }
    isFirst = false;
  } while (Chosen.root !== 0 && rebuildChosen(false, 0) !== REBUILD_FULL);
}

/** A tombstone of a node is an entry again. */
export function afterReuse(node: usize): void {
  chargeRemovals(node, -1);
}

/** Rebuilds everything on a key's way, because it is too deep. False if there is no memory for it. */
export function makeShallow(key: u64): bool {
  const state = stateOf(ROOT_LINE);
  if (!isChild(state)) return true;
  choose(ROOT_LINE, 0, childOf(state), 0);
  return rebuildChosen(true, key) !== REBUILD_FULL;
}
