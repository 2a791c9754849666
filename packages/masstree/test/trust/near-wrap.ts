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
  const counters = (COUNTERS - (BigInt(left) << 16n)) & COUNTERS;
  let nodes = 0;
  visit(map, width, (words, index) => {
    nodes++;
    Atomics.store(words, index, (words[index]! & ~COUNTERS) | counters);
  });
  return nodes;
}

/** How many of these nodes have counters in their lower half: past the end, or new nodes. */
export function countLow(map: MassTree<Value>, width: number): number {
  let low = 0;
  visit(map, width, (words, index) => {
    if (words[index]! >> 63n === 0n) low++;
  });
  return low;
}

function visit(
  map: MassTree<Value>,
  width: number,
  act: (words: BigUint64Array, index: number) => void,
): void {
  const { buffer } = treeOf(map).memory;
  const u64 = new BigUint64Array(buffer, 0, Math.floor(buffer.byteLength / 8));
  const u32 = new Uint32Array(buffer);
  const children = INTERNODE_IKEYS + 8 * width;
  const visitNode = (node: number): void => {
    act(u64, node / 8);
    if ((u64[node / 8]! & LEAF) !== 0n) return;
    const count = u32[node / 4 + 2]!;
    for (let i = 0; i <= count; i++) visitNode(u32[(node + children) / 4 + i]!);
  };
  visitNode(u32[MAP_ROOT / 4]!);
}
