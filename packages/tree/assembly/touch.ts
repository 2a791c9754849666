/**
 * Having a node's cache lines fetched side by side, as soon as its address is known (the paper's "+Prefetch", section 6.2).
 *
 * Searching a leaf loads its permutation, by that an ikey, by that a place in the bag, by that a suffix: from memory these
 * are four waits, one after the other. WebAssembly has no prefetch, so this loads a word of each line; nothing depends on
 * what is in it, and the processor goes on without waiting.
 *
 * Invariants
 *  O1  No word that is loaded here is used. So it may be torn, stale, or another block's, which begins in the last lines
 *      when a leaf is small. Builds with preconditions checked leave it out; the explorer takes it for no access.
 *  O2  What is touched is in the memory, as far as this instance knows it: beyond, a load traps.
 */
import { INTERNODE_BYTES } from "./internode";
import { LEAF_BYTES } from "./leaf";

/** How much of a leaf, and of a home of common size (suffix.ts), is touched. */
const LEAF_END: u32 = LEAF_BYTES + 192;

/** A place for the words, exported so that the optimiser does not take the loads away. */
export let touched: u64 = 0;

/** A word of line `line`, if the node is that long: both are constants where this is called. */
function wordOf(node: usize, line: u32, end: u32): u64 {
  return line << 6 < end ? load<u64>(node + (line << 6)) : 0;
}

/** O2, in 64 bits: at 4 GiB the sum has 33. */
function isWithin(node: usize, end: u32): bool {
  return (<u64>node + <u64>end) >> 16 < <u64>memory.size();
}

/** For a leaf of which only the address is known; the caller is about to load its version. */
export function touchLeaf(leaf: usize): void {
  if (DEBUG || !isWithin(leaf, LEAF_END)) return;
  touched =
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

/** The same for an internode. */
export function touchInternode(node: usize): void {
  if (DEBUG || !isWithin(node, INTERNODE_BYTES)) return;
  touched =
    wordOf(node, 1, INTERNODE_BYTES) ^
    wordOf(node, 2, INTERNODE_BYTES) ^
    wordOf(node, 3, INTERNODE_BYTES) ^
    wordOf(node, 4, INTERNODE_BYTES) ^
    wordOf(node, 5, INTERNODE_BYTES);
}
