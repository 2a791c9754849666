/*
 * What the explorer needs of an index besides the shipped module's exports, whatever its values are: those of any
 * structure, and the end of a load.
 */
import { LOADED } from "@masstree/tree/assembly/load";
import {
  buryAs,
  buryAtLastAs,
  recoverAsVisitorOf,
} from "@masstree/tree/test/explorer/assembly/deaths";
import { LearnedClient } from "../../../assembly/client";
import { attach, detach, endLoad, finishLoad } from "../../../assembly/common";

export { mark } from "@masstree/tree/test/explorer/assembly/deaths";
export * from "@masstree/tree/test/explorer/assembly/memory";

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

/** Puts what was appended into the map, or gives it up. Returns LOADED or what was in the way. */
export function putLoaded(status: u32): u32 {
  if (status === LOADED) return finishLoad();
  endLoad();
  return status;
}
