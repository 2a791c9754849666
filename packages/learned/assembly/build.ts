/*
 * Building nodes from sorted entries: one node for all of them, one for each line that gets more than it has room for,
 * and so on. The list of nodes that are built is also the list of what is left to do: a line waits for its child as
 * PENDING, with the entries that the child is to be built of.
 *
 * Invariants
 *   BUILD1  Nothing leads to the nodes but the list `building` (subtree.ts SUBTREE1), until the write that publishes the
 *           first of them and empties the list.
 *   BUILD2  Building ends: a child has fewer entries than the node above it (fit.ts FIT1). In a child, keys have at most
 *           two thirds of their former number, or the distance between them has become less: no more than 64 levels.
 */
import { allocate, blockBytes, dropPrivate } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { ENTRY_PAIR, Entry, Fit, fit } from "./fit";
import { fillBit, groupBytes } from "./group";
import {
  childState,
  fillPending,
  fillSlot,
  firstEntries,
  isPending,
  LINE_BYTES,
  LINE_SLOTS,
  pendingCount,
  pendingEntries,
  storeState,
} from "./line";
import { lineAt, linesOf, linkOf, NODE_HEAD, Node, predict, setLink } from "./node";
import { freeBuilding } from "./subtree";
import { buildingField, expansion, tombstonesOf } from "./words";

/** Where a node leaves lines free for keys that are still to come: nowhere, before all others, or behind them. */
export const NOT_AHEAD: u32 = 0;
export const AHEAD_BEFORE: u32 = 1;
export const AHEAD_BEHIND: u32 = 2;

/** Conflicts, and removals, that even the smallest node puts up with. */
const LEAST_BUDGET: u32 = DEBUG ? 2 : 8;
/** A node of so many lines would not fit in any memory. */
const MOST_LINES: u32 = 1 << 25;

/** What was built. No wait comes between a call and the use of its result (SESSION1). */
export class Built {
  static nodes: u32 = 0;
  static lines: u32 = 0;
  /** How many nodes lie above each other. */
  static depth: u32 = 0;
}

/** How many conflicts are allowed below a node of so many keys. */
export function conflictBudget(count: u32): u32 {
  return max(count >> 1, LEAST_BUDGET);
}

/** How many lines a node gets for its keys. */
function linesFor(count: u32): u64 {
  const slots = (<u64>count * <u64>expansion() + 999) / 1000;
  return max<u64>((slots + LINE_SLOTS - 1) / LINE_SLOTS, 2);
}

/** Adds a node for sorted entries to the list, behind `last`. 0 if memory is full. */
function addNode(entries: usize, count: u32, ahead: u32, last: usize): usize {
  const fitted = linesFor(count);
  const free = ahead === NOT_AHEAD ? 0 : fitted >> 1;
  if (fitted + free > <u64>MOST_LINES) return 0;
  const lines = <u32>(fitted + free);
  // The block's real size, so that all accounts agree on it.
  const bytes = blockBytes(lines * <u32>LINE_BYTES + groupBytes(lines) + NODE_HEAD);
  const below = bytes - NODE_HEAD;
  const block = allocate(participant, bytes);
  if (block === 0) return 0;
  memory.fill(block, 0, bytes);
  const node = block + below;
  fit(entries, count, <u32>fitted, ahead === AHEAD_BEFORE ? <u32>free : 0);
  const it = changetype<Node>(node);
  it.base = Fit.base;
  it.slope = Fit.slope;
  it.intercept = Fit.intercept;
  it.lines = lines;
  it.below = below;
  it.conflicts = conflictBudget(count);
  it.removals = max(tombstonesOf(count), LEAST_BUDGET);
  if (last === 0) store<u32>(buildingField(), <u32>node);
  else setLink(last, node);
  dropPrivate(participant, block); // SUBTREE1
  Built.nodes++;
  Built.lines += lines;
  fillLines(node, entries, count);
  return node;
}

/** Puts each entry in its line. */
function fillLines(node: usize, entries: usize, count: u32): void {
  const end = entries + <usize>count * ENTRY_PAIR;
  let at = entries;
  while (at < end) {
    const index = predict(node, changetype<Entry>(at).key);
    let next = at + ENTRY_PAIR;
    while (next < end && predict(node, changetype<Entry>(next).key) === index) next += ENTRY_PAIR;
    const line = lineAt(node, index);
    const together = <u32>((next - at) / ENTRY_PAIR);
    if (together > LINE_SLOTS) fillPending(line, at, together);
    else {
      for (let slot: u32 = 0; slot < together; slot++, at += ENTRY_PAIR) {
        fillSlot(line, slot, changetype<Entry>(at).key, changetype<Entry>(at).value);
      }
      storeState(line, firstEntries(together));
    }
    fillBit(node, index);
    at = next;
  }
}

/**
 * Builds nodes for sorted entries of different keys. They are in the list `building` then, and `Built` says how many.
 *
 * @param entries address of the first (fit.ts Entry)
 * @param count at least 4
 * @param ahead where the first node leaves lines free
 * @returns the first node; 0 if memory is full, and then nothing is kept
 */
export function build(entries: usize, count: u32, ahead: u32): usize {
  if (DEBUG && count <= LINE_SLOTS) unreachable();
  Built.nodes = 0;
  Built.lines = 0;
  const first = addNode(entries, count, ahead, 0);
  if (first === 0) return 0;
  let last = first;
  let lowest: usize = 0;
  Built.depth = 0;
  for (let node = first; node !== 0; node = linkOf(node)) {
    if (lowest === 0) {
      // The list has all nodes of this level by now.
      Built.depth++;
      lowest = last;
    }
    const lines = linesOf(node);
    for (let index: u32 = 0; index < lines; index++) {
      const line = lineAt(node, index);
      if (!isPending(line)) continue;
      last = addNode(pendingEntries(line), pendingCount(line), NOT_AHEAD, last);
      if (last === 0) {
        freeBuilding();
        return 0;
      }
      storeState(line, childState(last));
    }
    if (node === lowest) lowest = 0;
  }
  return first;
}
