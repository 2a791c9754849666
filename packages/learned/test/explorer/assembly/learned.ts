/*
 * The index as the explorer runs it: the shipped module's exports, those that the explorer needs of any structure, and
 * what JavaScript does in several calls, in one.
 */

import { LOADED } from "@masstree/tree/assembly/load";
import {
  buryAs,
  buryAtLastAs,
  recoverAsVisitorOf,
} from "@masstree/tree/test/explorer/assembly/deaths";
import { LearnedClient } from "../../../assembly/client";
import { beginLoad, endLoad, finishLoad } from "../../../assembly/load";
import { appendMany, attach, detach } from "../../../assembly/module";

export { mark } from "@masstree/tree/test/explorer/assembly/deaths";
export * from "@masstree/tree/test/explorer/assembly/memory";
export * from "../../../assembly/module";

/** Leaves the map, and joins it again. */
export function cycle(): u32 {
  detach();
  return attach(1, 0, 0);
}

/** See deaths.ts of the tree. */
export function bury(): u32 {
  return buryAs<LearnedClient>();
}

/** See deaths.ts of the tree. */
export function buryAtLast(): void {
  buryAtLastAs<LearnedClient>();
}

/** See deaths.ts of the tree. */
export function recoverAsVisitor(): void {
  recoverAsVisitorOf<LearnedClient>();
}

/** As `bulkLoad` does: loads `count` sorted entries of the result scratch. Returns LOADED or what was in the way. */
export function loadAll(count: u32): u32 {
  beginLoad();
  const status = appendMany(count);
  if (status === LOADED) return finishLoad();
  endLoad();
  return status;
}
