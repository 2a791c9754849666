/*
 * What the explorer needs of a tree's core besides the shipped module's exports: those of any structure, and calls that
 * make rare things common.
 */
import { isLeaf, loadVersion } from "@masstree/nodeversion/assembly";
import { size } from "@masstree/permuter/assembly";
import { TreeClient } from "@masstree/tree/assembly/client";
import { childOf } from "@masstree/tree/assembly/internode";
import { nextOf, permutationOf } from "@masstree/tree/assembly/leaf";
import { attach, detach } from "@masstree/tree/assembly/module";
import { mapRoot } from "@masstree/tree/assembly/tree-words";
import { buryAs, buryAtLastAs, recoverAsVisitorOf } from "./deaths";

export { mark } from "./deaths";
export * from "./memory";

/** Leaves the map, and joins it again. */
export function cycle(): u32 {
  detach();
  return attach(1, 0, 0);
}

/** See deaths.ts. */
export function bury(): u32 {
  return buryAs<TreeClient>();
}

/** See deaths.ts. */
export function buryAtLast(): void {
  buryAtLastAs<TreeClient>();
}

/** See deaths.ts. */
export function recoverAsVisitor(): void {
  recoverAsVisitorOf<TreeClient>();
}

/** How many leaves of the first layer have no entry, while nobody writes. */
export function emptyLeaves(): u32 {
  let node = mapRoot();
  while (!isLeaf(loadVersion(node))) node = childOf(node, 0);
  let count: u32 = 0;
  for (; node !== 0; node = nextOf(node)) {
    if (size(permutationOf(node)) === 0) count++;
  }
  return count;
}
