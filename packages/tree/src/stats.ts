import type { ParticipantStats } from "@masstree/session";
import type { TreeInstance } from "./instance.ts";
import type { GuardStats } from "./open-guards.ts";

/** The shape, memory and users of a map. Counts and bytes are exact while no one is writing. */
export interface MapStats {
  /** Entries. */
  readonly size: number;
  /** How many entries a leaf has room for. */
  readonly width: number;
  /**
   * The number of B+trees that make up the trie: 1, and one for every 8 bytes that two or more keys
   * share.
   */
  readonly layers: number;
  /** Leaves, in all layers. */
  readonly leaves: number;
  /** Nodes above leaves, in all layers. */
  readonly internodes: number;
  /** Levels above the leaves of the first layer. */
  readonly height: number;
  /**
   * How full leaves are, 0 to 1: entries, and slots that lead to layers, as a share of all slots.
   */
  readonly fill: number;
  /** Bytes in blocks in use, including retired ones. */
  readonly liveBytes: number;
  /**
   * Bytes in blocks that were removed from the map and wait until no thread can be reading them.
   */
  readonly retiredBytes: number;
  /** Bytes of the memory. */
  readonly committedBytes: number;
  /**
   * Bytes that are neither in blocks nor available for them: the region's own, and the
   * participants'.
   */
  readonly overheadBytes: number;
  /** Leaf splits since the map was created. */
  readonly splits: number;
  /**
   * Searches that started over since the map was created, because another thread had changed a node
   * under them.
   */
  readonly retries: number;
  /**
   * Every participant that has the map open, and every one that is known to have ended but is not
   * recovered yet.
   */
  readonly participants: readonly ParticipantStats[];
  /** The guards that were made of this object and are still open. They hold up nothing in the map, but memory of this thread. */
  readonly guards: GuardStats;
}

/** @internal */
export function statsOf(tree: TreeInstance): MapStats {
  // First: it may recover some.
  const participants = tree.participants();
  const { exports, width } = tree;
  const size = exports.size();
  const layers = exports.layers();
  const leaves = exports.leaves();
  return {
    size,
    width,
    layers,
    leaves,
    internodes: exports.internodes(),
    height: exports.height(),
    fill: (size + layers - 1) / (leaves * width),
    liveBytes: exports.liveBytes(),
    retiredBytes: exports.retiredBytes(),
    committedBytes: exports.committedBytes(),
    overheadBytes: exports.overheadBytes(),
    splits: exports.splitCount(),
    retries: exports.restartCount(),
    participants,
    guards: tree.guards.stats,
  };
}
