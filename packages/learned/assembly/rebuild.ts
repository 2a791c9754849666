/*
 * Rebuilding: the subtree of a line is replaced by a new one of the same entries, or by the entries themselves if the
 * line has room for them. The thread whose conflict or removal was one too many does it (charge.ts).
 *
 *     lock the line             freeze                  collect, build       swap                  retire
 *     if it still leads to      lock each line below,   from the frozen      line: new child       the nodes of the
 *     the subtree               set FROZEN, unlock      lines                one journaled write   old subtree
 *
 * A writer that meets a frozen line waits for the lock that the rebuilder holds, and starts over. If the rebuilder has
 * died, it recovers it first: then the lines are thawed (subtree.ts), and nothing has happened.
 *
 * Locks are taken in one order, so nobody waits in a circle: lines from the top down, then the groups of a node from
 * the bottom up, those of lower nodes first.
 *
 * Invariants
 *   FREEZE1  FROZEN is set in a line whose lock the rebuilder holds, so no write is under way there. A writer that takes
 *            the lock afterwards finds it set, and changes nothing. So it can be cleared without the lock.
 *   FREEZE2  From the last freeze to the swap, and for ever after it, nothing in the subtree changes. Lines of a subtree
 *            that was replaced stay frozen: a writer that comes late finds that out.
 *   FREEZE3  Only the holder of the lock of the line above freezes a subtree, and names both in its descriptor first.
 *   FREEZE4  Memory may run out at any time before the swap: then the lines are thawed, and nothing has changed.
 *   FREEZE5  Whoever finds a line frozen by another has given all locks back before it waits for that one's rebuild, and
 *            does wait before it tries again. So nobody spins while a rebuilder is not running, or is dead.
 */
import { allocate, free, PARTICIPANT_STRUCTURE, participantAt } from "@masstree/memory/assembly";
import {
  abortWrite,
  commitWrite,
  INSERTS,
  lockNode,
  markNode,
  owner,
  participant,
  recover,
  unlockLast,
  write32,
  write64,
  writeCounter,
} from "@masstree/session/assembly";
import { tellUnknown } from "@masstree/tree/assembly/changes";
import { signalAll } from "@masstree/tree/assembly/events";
import { internodesField, leavesField, writeSize } from "@masstree/tree/assembly/tree-words";
import { PlainWords, retireValue } from "@masstree/tree/assembly/values";
import { AHEAD_BEFORE, AHEAD_BEHIND, Built, build, NOT_AHEAD } from "./build";
import { LearnedClient } from "./client";
import { ENTRY_PAIR, Entry } from "./fit";
import { writeBit } from "./group";
import {
  ALL_TOMBSTONES,
  childOf,
  childState,
  entriesIn,
  firstEntriesOfUsed,
  frozenBy,
  frozenState,
  isChild,
  isEntry,
  keyField,
  keyIn,
  LINE_SLOTS,
  stateField,
  stateOf,
  storeState,
  valueField,
  valueIn,
} from "./line";
import { settleBoxes } from "./loaded";
import { indexOf, lineAt, linesOf, linkOf, reachNode, setLink } from "./node";
import { frameLine, frameNode, rebuildArea, setFrame, setFrameLine } from "./scratch";
import { retireDying, thawSubtree } from "./subtree";
import {
  buildingField,
  DEEPEST,
  dyingField,
  frozenField,
  noteDepth,
  PLACE,
  placedField,
  placeField,
  ROOT_LINE,
  rebuildsField,
} from "./words";

/** Outcomes of `rebuild`: the subtree was replaced. */
export const REBUILT: u32 = 0;
/** The line does not lead to it any more; or another thread was rebuilding around it, and has ended. */
export const REBUILD_LATE: u32 = 1;
/** There is no memory for it. Nothing has changed. */
export const REBUILD_FULL: u32 = 2;

/** A rebuild in progress. It lies in the participant's scratch, because a freeze waits for locks. */
@unmanaged
class Rebuild {
  /** What was frozen. */
  entries: u32;
  nodes: u32;
  lines: u32;
  /** The last node of the list of frozen ones. */
  last: u32;
  /** Who else had frozen a line, if that was in the way. */
  other: u32;
  /** The entries, sorted. */
  buffer: u32;
  bytes: u32;
}

function theRebuild(): Rebuild {
  return changetype<Rebuild>(rebuildArea(offsetof<Rebuild>()));
}

/** Freezes one line. False if another participant has, which must have died since. */
function freezeLine(it: Rebuild, line: usize): bool {
  lockNode<LearnedClient>(line);
  const state = stateOf(line);
  const by = frozenBy(state);
  if (by !== 0 && by !== owner) {
    unlockLast();
    it.other = by;
    return false;
  }
  storeState(line, frozenState(state, owner)); // FREEZE1
  unlockLast();
  if (!isChild(state)) {
    it.entries += entriesIn(state);
    return true;
  }
  const child = childOf(state);
  reachNode(child);
  setLink(child, 0);
  setLink(it.last, child);
  it.last = <u32>child;
  return true;
}

/** FREEZE1: freezes every line of a subtree, whose nodes are in a list from the first then. */
function freeze(it: Rebuild, root: usize): bool {
  it.entries = 0;
  it.nodes = 0;
  it.lines = 0;
  it.last = <u32>root;
  setLink(root, 0);
  for (let node = root; node !== 0; node = linkOf(node)) {
    const lines = linesOf(node);
    it.nodes++;
    it.lines += lines;
    for (let index: u32 = 0; index < lines; index++) {
      if (!freezeLine(it, lineAt(node, index))) return false;
    }
  }
  return true;
}

/** Writes the entries of a line to `target`, sorted. Returns the address behind them. */
function collectLine(line: usize, state: u64, target: usize): usize {
  let end = target;
  for (let slot: u32 = 0; slot < LINE_SLOTS; slot++) {
    if (!isEntry(state, slot)) continue;
    const key = keyIn(line, slot);
    let at = end;
    for (; at > target && changetype<Entry>(at - ENTRY_PAIR).key > key; at -= ENTRY_PAIR) {
      changetype<Entry>(at).key = changetype<Entry>(at - ENTRY_PAIR).key;
      changetype<Entry>(at).value = changetype<Entry>(at - ENTRY_PAIR).value;
    }
    changetype<Entry>(at).key = key;
    changetype<Entry>(at).value = valueIn(line, slot);
    end += ENTRY_PAIR;
  }
  return end;
}

/** Writes all entries of a frozen subtree to `target`, in order. */
function collect(root: usize, target: usize): void {
  let end = target;
  let depth: u32 = 0;
  setFrame(0, root, 0);
  while (true) {
    const node = frameNode(depth);
    const index = frameLine(depth);
    if (index === linesOf(node)) {
      if (depth === 0) return;
      depth--;
      continue;
    }
    setFrameLine(depth, index + 1);
    const line = lineAt(node, index);
    const state = stateOf(line);
    if (isChild(state)) setFrame(++depth, childOf(state), 0);
    else end = collectLine(line, state, end);
  }
}

/** Collects the entries of a frozen subtree in a private block. False if memory is full. */
function collectAll(it: Rebuild, root: usize): bool {
  it.buffer = 0;
  if (it.entries === 0) return true;
  if (it.entries > MOST_ENTRIES) return false;
  it.bytes = it.entries * <u32>ENTRY_PAIR;
  const buffer = allocate(participant, it.bytes);
  if (buffer === 0) return false;
  it.buffer = <u32>buffer;
  collect(root, buffer);
  return true;
}

/** More entries than fit in a block. */
const MOST_ENTRIES: u32 = 0x0fff_0000;

/** Where the new subtree should leave room, if it is rebuilt because of a key: at the end at which keys arrive. */
function aheadOf(it: Rebuild, hasKey: bool, key: u64): u32 {
  if (!hasKey || it.entries === 0) return NOT_AHEAD;
  const first = changetype<Entry>(it.buffer).key;
  const last = changetype<Entry>(<usize>it.buffer + <usize>(it.entries - 1) * ENTRY_PAIR).key;
  if (key >= last) return AHEAD_BEHIND;
  return key <= first ? AHEAD_BEFORE : NOT_AHEAD;
}

/** Plans the line's new state. False if memory is full. */
function writeReplacement(it: Rebuild, line: usize, node: usize, ahead: u32): bool {
  const count = it.entries;
  if (count > LINE_SLOTS) {
    const child = build(it.buffer, count, ahead);
    if (child === 0) return false;
    write64(stateField(line), childState(child));
    write32(buildingField(), 0);
    writeCounter(leavesField(), <i32>(Built.lines - it.lines));
    writeCounter(internodesField(), <i32>(Built.nodes - it.nodes));
    return true;
  }
  markNode(line, INSERTS); // LINE3: a reader may know the slots as they were before the child
  for (let slot: u32 = 0; slot < count; slot++) {
    const entry = changetype<Entry>(<usize>it.buffer + <usize>slot * ENTRY_PAIR);
    write64(keyField(line, slot), entry.key);
    write64(valueField(line, slot), entry.value);
  }
  write64(stateField(line), count === 0 ? ALL_TOMBSTONES : firstEntriesOfUsed(count));
  if (count === 0 && node !== 0) writeBit(node, indexOf(node, line), false);
  writeCounter(leavesField(), -(<i32>it.lines));
  writeCounter(internodesField(), -(<i32>it.nodes));
  return true;
}

/**
 * Replaces the subtree of a line by a new one. The caller is pinned, and has locked nothing.
 *
 * @param line the line, and the node that it is in; 0 for the line above the first node
 * @param root the first node of the subtree, as the line led to it
 * @param depth how many nodes are above that one
 * @param hasKey whether `key` is one that has just been inserted
 * @returns REBUILT, REBUILD_LATE or REBUILD_FULL
 *
 * O(lines of the subtree).
 */
export function rebuild(
  line: usize,
  node: usize,
  root: usize,
  depth: u32,
  hasKey: bool,
  key: u64,
): u32 {
  const it = theRebuild();
  lockNode<LearnedClient>(line);
  const state = stateOf(line);
  const by = frozenBy(state);
  if (by !== 0 || !isChild(state) || childOf(state) !== root) {
    abortWrite();
    if (by !== 0) awaitRebuild(by); // FREEZE5
    return REBUILD_LATE;
  }
  reachNode(root);
  atomic.store<u32>(placeField(), <u32>line);
  store<u32>(frozenField(), <u32>root); // FREEZE3
  if (!freeze(it, root)) return giveWay(it, root);
  if (!collectAll(it, root)) return giveUp(root, REBUILD_FULL);
  const buffer = <usize>it.buffer;
  const bytes = it.bytes;
  const isWritten = writeReplacement(it, line, node, aheadOf(it, hasKey, key));
  if (buffer !== 0) free(participant, buffer, bytes);
  if (!isWritten) return giveUp(root, REBUILD_FULL);
  write32(frozenField(), 0);
  write32(placeField(), 0);
  write32(dyingField(), <u32>root);
  writeCounter(rebuildsField(), 1);
  const levels = it.entries > LINE_SLOTS ? Built.depth : 0;
  commitWrite();
  if (line === ROOT_LINE) atomic.store<u32>(DEEPEST, levels);
  else noteDepth(depth + levels);
  retireDying();
  return REBUILT;
}

/**
 * Merges sorted entries with those behind them in the buffer, which are `it.entries`. Of equal keys, the former win.
 */
function merge(it: Rebuild, entries: usize, count: u32): void {
  let out = <usize>it.buffer;
  let mine = entries;
  const mineEnd = entries + <usize>count * ENTRY_PAIR;
  let theirs = out + <usize>count * ENTRY_PAIR;
  const theirsEnd = theirs + <usize>it.entries * ENTRY_PAIR;
  // What is written is never ahead of what is read.
  while (mine < mineEnd || theirs < theirsEnd) {
    const isMine =
      theirs === theirsEnd ||
      (mine < mineEnd && changetype<Entry>(mine).key <= changetype<Entry>(theirs).key);
    const from = isMine ? mine : theirs;
    const key = changetype<Entry>(from).key;
    const value = changetype<Entry>(from).value;
    if (isMine) {
      if (theirs < theirsEnd && changetype<Entry>(theirs).key === key) theirs += ENTRY_PAIR;
      mine += ENTRY_PAIR;
    } else theirs += ENTRY_PAIR;
    changetype<Entry>(out).key = key;
    changetype<Entry>(out).value = value;
    out += ENTRY_PAIR;
  }
  it.entries = <u32>((out - it.buffer) / ENTRY_PAIR);
}

/** Plans that the blocks of entries up to `end` are retired that others replace, of which there are `count`. */
function retireEqual<V extends PlainWords>(
  some: usize,
  end: usize,
  others: usize,
  count: u32,
): void {
  let other = others;
  const othersEnd = others + <usize>count * ENTRY_PAIR;
  for (let at = some; at < end; at += ENTRY_PAIR) {
    const key = changetype<Entry>(at).key;
    while (other < othersEnd && changetype<Entry>(other).key < key) other += ENTRY_PAIR;
    if (other < othersEnd && changetype<Entry>(other).key === key) {
      retireValue<V>(changetype<Entry>(at).value);
    }
  }
}

/**
 * Rebuilds the whole map of what it has and of sorted entries, which win over that. One write, for all threads. The
 * caller is pinned, and has locked nothing.
 *
 * @param entries address of `count` entries of different keys, at least one
 * @returns false if there is no memory for it: nothing has changed
 */
export function rebuildWith<V extends PlainWords>(entries: usize, count: u32): bool {
  const it = theRebuild();
  let root: usize = 0;
  while (true) {
    lockNode<LearnedClient>(ROOT_LINE);
    const state = stateOf(ROOT_LINE);
    root = isChild(state) ? childOf(state) : 0;
    it.entries = entriesIn(state);
    it.nodes = 0;
    it.lines = 0;
    if (root === 0) break;
    reachNode(root);
    atomic.store<u32>(placeField(), <u32>ROOT_LINE);
    store<u32>(frozenField(), <u32>root); // FREEZE3
    if (freeze(it, root)) break;
    giveWay(it, root);
  }
  const before = it.entries;
  it.buffer = <u32>entries;
  let buffer: usize = 0;
  let bytes: u32 = 0;
  if (before !== 0) {
    if (<u64>before + <u64>count > <u64>MOST_ENTRIES) return giveUp(root, REBUILD_FULL) === REBUILT;
    bytes = (before + count) * <u32>ENTRY_PAIR;
    buffer = allocate(participant, bytes);
    if (buffer === 0) return giveUp(root, REBUILD_FULL) === REBUILT;
    it.buffer = <u32>buffer;
    const behind = buffer + <usize>count * ENTRY_PAIR;
    if (root !== 0) collect(root, behind);
    else {
      const end = collectLine(ROOT_LINE, stateOf(ROOT_LINE), behind);
      retireEqual<V>(behind, end, entries, count);
    }
    merge(it, entries, count);
  } else it.entries = count;
  const after = it.entries;
  const isWritten = writeReplacement(it, ROOT_LINE, 0, NOT_AHEAD);
  if (buffer !== 0) free(participant, buffer, bytes);
  if (!isWritten) return giveUp(root, REBUILD_FULL) === REBUILT;
  write32(frozenField(), 0);
  write32(placeField(), 0);
  write32(dyingField(), <u32>root);
  if (BOXED) write32(placedField(), <u32>root | 1); // ARRAY4
  writeSize(<i32>(after - before));
  const levels = after > LINE_SLOTS ? Built.depth : 0;
  commitWrite();
  atomic.store<u32>(DEEPEST, levels);
  settleBoxes();
  retireDying();
  tellUnknown();
  signalAll(); // EVENT1
  return true;
}

/** FREEZE4. */
function giveUp(root: usize, outcome: u32): u32 {
  if (root !== 0) thawSubtree(root, owner);
  store<u32>(frozenField(), 0);
  atomic.store<u32>(placeField(), 0);
  abortWrite();
  return outcome;
}

/** The same, because of what another participant has frozen: waits until that has ended. */
function giveWay(it: Rebuild, root: usize): u32 {
  giveUp(root, REBUILD_LATE);
  awaitRebuild(it.other);
  return REBUILD_LATE;
}

/**
 * Waits until a participant that has frozen a line has ended its rebuild, or is recovered. The caller is pinned, and
 * has locked nothing.
 */
export function awaitRebuild(by: u32): void {
  const rebuilder = participantAt(by - 1);
  if (rebuilder === 0) return;
  const place = <usize>atomic.load<u32>(rebuilder + PLACE, PARTICIPANT_STRUCTURE);
  if (place !== 0) {
    lockNode<LearnedClient>(place);
    abortWrite();
  }
  // Whoever was recovering it may have died after it had given the lock back.
  recover<LearnedClient>(rebuilder);
}
