// Puts the version counters of all nodes near their end, behind the back of a map that nobody uses.
import { treeOf } from "@masstree/tree";
import type { MassTree } from "../../src/index.ts";
import type { Value } from "./values.ts";

// As in the tree's session.ts, leaf.ts, internode.ts and the node version's word.ts.
const MAP_ROOT = 512;
const LEAF = 1n << 15n;
const COUNTERS = 0xffff_ffff_ffff_0000n;
const INTERNODE_IKEYS = 24;

/**
 * Sets the counters of every node that the map's root leads to within the first layer.
 *
 * @param left how many marked inserts the counters are from their end
 * @returns how many nodes there were
 */
export function setCounters(map: MassTree<Value>, width: number, left: number): number {
  const { buffer } = treeOf(map).memory;
  const u64 = new BigUint64Array(buffer, 0, Math.floor(buffer.byteLength / 8));
  const u32 = new Uint32Array(buffer);
  const children = INTERNODE_IKEYS + 8 * width;
  let nodes = 0;
  const visit = (node: number): void => {
    nodes++;
    const version = Atomics.load(u64, node / 8);
    const counters = (COUNTERS - (BigInt(left) << 16n)) & COUNTERS;
    Atomics.store(u64, node / 8, (version & ~COUNTERS) | counters);
    if ((version & LEAF) !== 0n) return;
    const count = u32[node / 4 + 2]!;
    for (let i = 0; i <= count; i++) visit(u32[(node + children) / 4 + i]!);
  };
  visit(u32[MAP_ROOT / 4]!);
  return nodes;
}
