// Memory that another thread has just added.
//
// A grown memory is there for all threads at once, but V8 tells the instances of other threads by an
// interrupt, which they handle at their next function entry or loop turn. Until then atomic accesses
// and memory.copy and memory.fill, which check their bounds against the instance's own idea of the
// size, trap in the new part. So do plain loads and stores where the engine has no guard pages for
// them: not on every platform, and not under --disable-wasm-trap-handler. An address that was read from
// shared memory can lead there; so whoever follows one first has the instance reach it.
// `memory.size` is that same idea of the size.
//
// Who does not know yet what kind of block is there asks for as much as the largest kind has, and may
// ask for more than there is: the end is the region's extent then, and sums have 64 bits, for the last
// block of 4 GiB ends where 32 bits do.

import { extent, PAGES_PER_WASM_PAGE } from "./header";

/**
 * Has this instance reach `bytes` bytes from `address` on, as far as the region goes. Two instructions
 * when it does already.
 */
export function reachTo(address: usize, bytes: u32): void {
  const last = (<u64>address + <u64>bytes - 1) >> 16;
  if (last >= <u64>memory.size()) catchUp(last);
}

/** Growing by nothing makes the engine look at the size; and a loop turn is where an interrupt is handled. */
function catchUp(wasmPage: u64): void {
  // In 64 bits: the extent of 4 GiB is 2^20 pages, and may end within a page of WebAssembly's.
  while (wasmPage >= <u64>memory.size() && <u64>memory.size() * PAGES_PER_WASM_PAGE < <u64>extent())
    memory.grow(0);
}
