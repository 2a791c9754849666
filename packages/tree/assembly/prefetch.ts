/*
 * Prefetching a node: its cache lines are loaded in parallel as soon as its address is known (the paper's
 * "+Prefetch", section 6.2).
 *
 * A search of a leaf loads its permutation, then an ikey that it names, then a place in the bag, then a suffix.
 * From memory these are four waits, one after the other. WebAssembly has no prefetch instruction. So this code
 * loads one word of each line; nothing depends on the words, and the processor continues without waiting.
 *
 * Invariants
 *   PREFETCH1  No word that is loaded here is used. So it may be torn or stale, or belong to another block: if a
 *              leaf is small, the next block begins in the last lines. Builds that check preconditions leave
 *              prefetches out; the explorer does not count them as accesses.
 *   PREFETCH2  What is prefetched lies within the memory, as far as this instance knows it: a load beyond would
 *              trap.
 */
import { INTERNODE_BYTES } from "./internode";
import { LEAF_BYTES } from "./leaf";

/** How many bytes are prefetched: a leaf, and an inner bag of common size (suffix.ts). */
const LEAF_END: u32 = LEAF_BYTES + 192;

/** Takes the words. It is exported so that the optimiser does not remove the loads. */
export let prefetched: u64 = 0;

/** A word of line `line`, if the node is that long. Both `line` and `end` are constants at each call. */
function wordOf(node: usize, line: u32, end: u32): u64 {
  return line << 6 < end ? load<u64>(node + (line << 6)) : 0;
}

/** PREFETCH2, in 64 bits: at 4 GiB the sum has 33. */
function isWithin(node: usize, end: u32): bool {
  return (<u64>node + <u64>end) >> 16 < <u64>memory.size();
}

/** Prefetches a leaf of which only the address is known. The caller is about to load its version. */
export function prefetchLeaf(leaf: usize): void {
  if (DEBUG || !isWithin(leaf, LEAF_END)) return;
  prefetched =
    wordOf(leaf, 1, LEAF_END) ^
    wordOf(leaf, 2, LEAF_END) ^
    wordOf(leaf, 3, LEAF_END) ^
    wordOf(leaf, 4, LEAF_END) ^
    wordOf(leaf, 5, LEAF_END) ^
    wordOf(leaf, 6, LEAF_END) ^
    wordOf(leaf, 7, LEAF_END) ^
    wordOf(leaf, 8, LEAF_END) ^
    wordOf(leaf, 9, LEAF_END) ^
    wordOf(leaf, 10, LEAF_END);
}

/** Prefetches an internode likewise. */
export function prefetchInternode(node: usize): void {
  if (DEBUG || !isWithin(node, INTERNODE_BYTES)) return;
  prefetched =
    wordOf(node, 1, INTERNODE_BYTES) ^
    wordOf(node, 2, INTERNODE_BYTES) ^
    wordOf(node, 3, INTERNODE_BYTES) ^
    wordOf(node, 4, INTERNODE_BYTES) ^
    wordOf(node, 5, INTERNODE_BYTES);
}

/** Prefetches the first two lines of a block that a value word stands for. */
export function prefetchBlock(block: usize): void {
  if (DEBUG || !isWithin(block, 128)) return;
  prefetched = wordOf(block, 0, 128) ^ wordOf(block, 1, 128);
}
