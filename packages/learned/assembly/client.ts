/*
 * The index as a structure of @masstree/session: what recovery does with its part of a dead participant.
 *
 *   what it died in                         is in                    and is
 *   -------------------------------------   ----------------------   ------------------------------------
 *   a write                                 the journal              finished or undone (session)
 *   building nodes                          its list `building`      freed
 *   rebuilding a subtree                    its word `frozen`        thawed: as if it had never begun
 *   retiring a subtree that was replaced    its list `dying`         retired
 *   loading                                 its word `load`          freed; boxes are freed or retired (loaded.ts)
 *   waiting, or about to wake others        its waits word           cleared; all who wait are woken
 *   getting its ring                        its ring word            the ring is its own (the tree's changes.ts)
 *   telling what it has changed             its announcement         told: nobody knows what
 */
import { config, OK, setConfig, setLarger } from "@masstree/memory/assembly";
import { createStructure, holdsStructure, owner } from "@masstree/session/assembly";
import { tellOfDead, undoRing } from "@masstree/tree/assembly/changes";
import {
  CONFIG_KEY,
  CONFIG_TREE_LAYOUT,
  CONFIG_VALUE,
  CONFIG_WIDTH,
} from "@masstree/tree/assembly/client";
import { dropWaits, signalAll } from "@masstree/tree/assembly/events";
import { LINE_SLOTS } from "./line";
import { dropLoad } from "./loaded";
import { freeBuilding, retireDying, thawSubtree } from "./subtree";
import {
  AUTO_REBUILD,
  CONFIG_DEPTH,
  CONFIG_EXPANSION,
  CONFIG_TOMBSTONES,
  frozenField,
  LINE_LOCK_BYTES,
  placeField,
} from "./words";

/** What the region says it holds: "LRN" and the version of the layout. */
const LEARNED: u32 = 0x4c524e01;
/** The version of the layout, which handles show. Builds for tests have other bitmaps (group.ts). */
const LAYOUT: u32 = DEBUG ? 9003 : 1003;

/** Lays out a region in a zeroed memory, for a map of these kinds. Returns OK or BAD. */
export function createLearnedRegion(maxWasmPages: u32, keyKind: u32, valueKind: u32): u32 {
  const status = createStructure(maxWasmPages, LEARNED);
  if (status !== OK) return status;
  setConfig(CONFIG_WIDTH, LINE_SLOTS);
  setConfig(CONFIG_KEY, keyKind);
  setConfig(CONFIG_VALUE, valueKind);
  setConfig(CONFIG_TREE_LAYOUT, LAYOUT);
  configure(2000, 8, 500, AUTO_REBUILD);
  return OK;
}

/** Sets the options of a map that nobody else has yet. See words.ts for the units. */
export function configure(expansion: u32, depth: u32, tombstones: u32, flags: u32): void {
  setConfig(CONFIG_EXPANSION, expansion);
  setConfig(CONFIG_DEPTH, depth | flags);
  setConfig(CONFIG_TOMBSTONES, tombstones);
}

/** See session's Client. */
@unmanaged
export class LearnedClient {
  nodeBytes(): u32 {
    return LINE_LOCK_BYTES;
  }

  isHere(): bool {
    setLarger(true);
    return holdsStructure(LEARNED) && config(CONFIG_TREE_LAYOUT) === LAYOUT;
  }

  attach(): bool {
    return true; // LEARNED1
  }

  undo(): void {
    undoRing();
    freeBuilding();
    dropLoad(); // ARRAY4: before what it replaced is retired
    retireDying();
    const frozen = <usize>load<u32>(frozenField());
    if (frozen !== 0) thawSubtree(frozen, owner);
    atomic.store<u32>(frozenField(), 0);
    atomic.store<u32>(placeField(), 0);
  }

  handOver(): usize {
    dropWaits(); // EVENT5
    tellOfDead(); // WATCH4
    signalAll(); // EVENT4
    return 0;
  }
}
