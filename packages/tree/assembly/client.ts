/*
 * The tree as a structure of @masstree/session: how a new map gets its empty tree, and what recovery does with the
 * tree's part of a dead participant.
 *
 *   what it died in                          is in                     and is
 *   --------------------------------------   -----------------------   -----------------------------------
 *   a write                                  the journal               finished or undone (session)
 *   building a chain of layers (layer.ts)    its chain word            freed, from the top
 *   working on a route (coalesce.ts)         its work word             put back for others
 *   working on its spare route               its work word             copied, and put back for others
 *   waiting, or about to wake others         its waits word            cleared; all who wait are woken
 *   getting its ring                         its ring word             the ring is its own (changes.ts)
 *   telling what it has changed              its announcement          told: nobody knows what (changes.ts)
 */
import {
  config,
  createRegion,
  isPrivate,
  OK,
  setConfig,
  setLarger,
} from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { tellOfDead, undoRing } from "./changes";
import { dropWaits, signalAll } from "./events";
import { createLayer, freeChain } from "./layer";
import { NODE_BYTES } from "./leaf";
import { isSpare, tryReturnRoute, tryReturnSpareRoute } from "./route";
import {
  layersField,
  leavesField,
  MAP_ROOT,
  mapRoot,
  WORKLIST_LOCK,
  workField,
} from "./tree-words";

/** The version of the tree's part of the layout: leaves, internodes, bags, words in the region. */
const TREE_LAYOUT: u32 = 5;

// Configuration words of the region.
/** Entries in a leaf. */
export const CONFIG_WIDTH: u32 = 0;
/** The kind of keys. */
export const CONFIG_KEY: u32 = 1;
/** The kind of values. */
export const CONFIG_VALUE: u32 = 2;
/** The version of the tree's layout. */
export const CONFIG_TREE_LAYOUT: u32 = 3;

/** Lays out a region in a zeroed memory, for a map of these kinds. Returns OK or BAD. */
export function createTreeRegion(maxWasmPages: u32, keyKind: u32, valueKind: u32): u32 {
  const status = createRegion(maxWasmPages);
  if (status !== OK) return status;
  setConfig(CONFIG_WIDTH, WIDTH);
  setConfig(CONFIG_KEY, keyKind);
  setConfig(CONFIG_VALUE, valueKind);
  setConfig(CONFIG_TREE_LAYOUT, TREE_LAYOUT);
  return OK;
}

/** See session's Client. */
@unmanaged
export class TreeClient {
  nodeBytes(): u32 {
    return NODE_BYTES;
  }

  isHere(): bool {
    // In a full region, bags would use up the larger blocks that leaves need: removals would make room for fewer
    // keys.
    setLarger(false);
    return config(CONFIG_WIDTH) === WIDTH && config(CONFIG_TREE_LAYOUT) === TREE_LAYOUT;
  }

  /** The first participant creates the empty tree. */
  attach(): bool {
    if (mapRoot() !== 0) return true;
    const root = createLayer();
    if (root === 0) return false;
    atomic.store<u32>(MAP_ROOT, <u32>root);
    atomic.store<i64>(leavesField(), 1);
    atomic.store<i64>(layersField(), 1);
    return true;
  }

  undo(): void {
    undoRing();
    freeChain();
    const route = <usize>load<u32>(workField());
    if (route !== 0 && isPrivate(participant, route)) store<u32>(workField(), 0); // endRoute had begun
  }

  handOver(): usize {
    dropWaits(); // EVENT5
    tellOfDead(); // WATCH4
    signalAll(); // EVENT4
    const route = <usize>load<u32>(workField());
    if (route === 0) return 0;
    const done = isSpare(route) ? tryReturnSpareRoute() : tryReturnRoute(route);
    return done ? 0 : WORKLIST_LOCK;
  }
}
