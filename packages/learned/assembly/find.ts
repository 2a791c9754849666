/*
 * Finding a key: from line to line, each where a model says. No lock is taken. A reader waits only while a write that
 * is committed puts a key into a slot of the very line that was in use before (line.ts LINE3).
 *
 * Invariants
 *   SEARCH1  The state is loaded once. What it says of the slots is true of the words that are loaded after it, unless
 *          the version has changed: then the line is read again.
 *   SEARCH2  A child pointer needs no version: it is part of the state.
 *   SEARCH3  A subtree that has been replaced does not change any more (rebuild.ts FREEZE2), and was the map's when it was
 *          replaced. A reader that came into it before finds what was there at that moment, which is during its call.
 */
import { hasChanged, isDirty, loadVersion } from "@masstree/nodeversion/assembly";
import { stableVersion } from "@masstree/session/assembly";
import { LearnedClient } from "./client";
import { childOf, isChild, slotOf, stateOf, valueIn } from "./line";
import { lineFor, reachNode } from "./node";
import { ROOT_LINE } from "./words";

/** Where the last search ended. No wait comes between a search and the use of its result (SESSION1). */
export class Found {
  /** The key's line, and its node; 0 for the line above the first node. */
  static line: usize = 0;
  static node: usize = 0;
  /** How many nodes were passed. */
  static depth: u32 = 0;
  /** The key's value word, if it has one. */
  static value: u64 = 0;
}

/** Looks a key up. The caller is pinned. */
export function find(key: u64): bool {
  let line = ROOT_LINE;
  let node: usize = 0;
  let depth: u32 = 0;
  while (true) {
    const loaded = loadVersion(line);
    const version = isDirty(loaded) ? stableVersion<LearnedClient>(line) : loaded;
    const state = stateOf(line);
    if (isChild(state)) {
      node = childOf(state);
      reachNode(node);
      line = lineFor(node, key);
      depth++;
      continue;
    }
    const slot = slotOf(line, state, key);
    const value: u64 = slot < 0 ? 0 : valueIn(line, slot);
    if (hasChanged(line, version)) continue; // SEARCH1
    Found.line = line;
    Found.node = node;
    Found.depth = depth;
    Found.value = value;
    return slot >= 0;
  }
}
