/*
 * Reaching memory that another thread has just added.
 *
 * A grown memory is available to all threads at once. But V8 tells the instances of other threads by an interrupt,
 * which they handle at their next function entry or loop iteration. Until then, atomic accesses, memory.copy and
 * memory.fill trap in the new part, because they check their bounds against the instance's own view of the size.
 * So do plain loads and stores where the engine has no guard pages for them: on some platforms, and under
 * --disable-wasm-trap-handler. `memory.size` returns that same view. An address read from shared memory can lead
 * to the new part; so code that follows one first makes the instance reach it.
 *
 * Code that does not know yet which kind of block is there asks for the size of the largest kind. It may ask for
 * more than the region has: then the region's extent is the end. Sums have 64 bits, because the last block of 4
 * GiB ends where 32 bits do.
 */

import { extent, PAGES_PER_WASM_PAGE } from "./header";

/**
 * Makes this instance reach `bytes` bytes from `address` on, as far as the region extends. Two instructions if it
 * does already.
 */
export function reachTo(address: usize, bytes: u32): void {
  const last = (<u64>address + <u64>bytes - 1) >> 16;
  if (last >= <u64>memory.size()) catchUp(last);
}

/** Growing by 0 pages makes the engine update the size, and a loop iteration is where an interrupt is handled. */
function catchUp(wasmPage: u64): void {
  // In 64 bits: the extent of 4 GiB is 2^20 pages, and may end within a wasm page.
  while (wasmPage >= <u64>memory.size() && <u64>memory.size() * PAGES_PER_WASM_PAGE < <u64>extent())
    memory.grow(0);
}
