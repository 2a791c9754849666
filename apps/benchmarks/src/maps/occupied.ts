// What a shared map occupies, read from the accounts of its region. The maps have no public figure
// for it yet.
import { type OrderedMap, type TreeExports, treeOf } from "@masstree/tree";
import type { Occupied } from "./contract.ts";

interface Accounts extends TreeExports {
  liveBytes(): number;
  retiredBytes(): number;
}

/**
 * Gives back what this thread retired and nobody reads any more, then reads the accounts. Exact
 * when no one is writing.
 */
export function settle(map: OrderedMap<never, unknown>): Occupied {
  const exports = treeOf(map).exports as Accounts;
  exports.quiesce();
  const retired = exports.retiredBytes();
  // Retired blocks are allocated still; they hold nothing that anybody could find.
  return { live: exports.liveBytes() - retired, retired };
}
