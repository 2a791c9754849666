import { badOption, readOptions } from "@masstree/errors/options";
import { now } from "./clock.ts";
import { MAINTAINED, MAINTAINED_SOME } from "./exports.ts";
import type { TreeInstance } from "./instance.ts";

/** What `maintain` takes. */
export interface MaintainOptions {
  /** About how many milliseconds it may take. Default 8. */
  budgetMs?: number | undefined;
}

/** See `OrderedMap.maintain`. @internal */
export function maintain(tree: TreeInstance, options: MaintainOptions = {}): boolean {
  const { budgetMs = 8 } = readOptions(options, ["budgetMs"]);
  if (typeof budgetMs !== "number" || !(budgetMs >= 0)) {
    throw badOption("budgetMs", "a number of milliseconds from 0 up", budgetMs);
  }
  // The options may have run code of the caller, which may have closed the map.
  tree.checkOpen();
  const end = now() + budgetMs;
  tree.recoverGone();
  let state: number;
  do {
    state = tree.exports.maintain();
  } while (state === MAINTAINED_SOME && now() < end);
  return state !== MAINTAINED;
}
