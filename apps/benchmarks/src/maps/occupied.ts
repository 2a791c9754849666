// What a shared map occupies, read from the counters of its region. The maps have no public figure for
// this yet.
import { type OrderedMap, type TreeExports, treeOf } from "@masstree/tree";
import type { Occupied } from "./contract.ts";

interface Accounts extends TreeExports {
  liveBytes(): number;
  retiredBytes(): number;
}

/**
 * Frees the blocks that this thread retired and nobody can read any more, then reads the counters. Exact
 * while nobody writes.
 */
export function settle(map: OrderedMap<never, unknown>): Occupied {
  const exports = treeOf(map).exports as Accounts;
  exports.quiesce();
  const retired = exports.retiredBytes();
  // Retired blocks are still allocated, but not reachable from the map.
  return { live: exports.liveBytes() - retired, retired };
}
