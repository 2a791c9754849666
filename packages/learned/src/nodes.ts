// What maps and sets of this package tell about their nodes, and do with them.
import { MassTreeFullError } from "@masstree/errors";
import type { MapStats, WordTreeExports } from "@masstree/tree";
import { type LearnedExports, REBUILD_FULL } from "./generated/learned-exports.ts";

/**
 * The shape, memory and users of a learned map or set. `leaves` counts lines, `internodes` nodes, and `splits`
 * conflicts.
 */
export interface LearnedStats extends MapStats {
  /** Nodes: models with their lines. */
  readonly nodes: number;
  /** Lines, of three slots each. */
  readonly lines: number;
  /** Subtrees that were rebuilt since the map was created. */
  readonly rebuilds: number;
}

type Exports = WordTreeExports & LearnedExports;

/** The same, with what is known of nodes. */
export function withNodes(stats: MapStats, exports: Exports): LearnedStats {
  return {
    ...stats,
    nodes: stats.internodes,
    lines: stats.leaves,
    rebuilds: exports.rebuildCount(),
  };
}

/** Bytes of the nodes. */
export function bytesOfNodes(exports: Exports): number {
  return exports.liveBytes() - exports.retiredBytes();
}

/**
 * Builds all nodes anew.
 *
 * @throws MassTreeFullError (`MASSTREE_FULL`): nothing has changed
 */
export function rebuildNodes(exports: Exports): void {
  if (exports.rebuild() !== REBUILD_FULL) return;
  exports.quiesce();
  if (exports.rebuild() !== REBUILD_FULL) return;
  throw new MassTreeFullError(
    "There is no room for new nodes beside the present ones. Nothing has changed. Use a larger 'maxBytes'.",
  );
}
