/**
 * Having a node's cache lines fetched side by side, as soon as its address is known (the paper's "+Prefetch", section 6.2).
 *
 * Searching a leaf loads its permutation, by that an ikey, by that a place in the bag, by that a suffix: from memory these
 * are four waits, one after the other. WebAssembly has no prefetch, so this loads a word of each line; nothing depends on
 * what is in it, and the processor goes on without waiting.
 *
 * Invariant
 *  O1  No word that is loaded here is used. So it may be torn, stale, or another block's, which begins in the last lines
 *      when a leaf is small. Builds that are explored leave it out, to whom every access means something.
 */
import { LEAF_BYTES } from "./leaf";

const LINE: u32 = 64;
/** How much of a leaf, and of a home of common size (suffix.ts), is touched. */
export const TOUCHED_LEAF_BYTES: u32 = LEAF_BYTES + 3 * LINE;

/** A place for the words, exported so that the optimiser does not take the loads away. */
export let touched: u64 = 0;

/** For a node of which only the address is known; the caller is about to load its version. */
export function touch(node: usize, bytes: u32): void {
  if (DEBUG || (node + bytes) >> 16 >= <usize>memory.size()) return;
  let words: u64 = 0;
  for (let at: u32 = LINE; at < bytes; at += LINE) words ^= load<u64>(node + at);
  touched = words;
}
