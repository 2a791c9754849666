// Memory that another thread has just added.
//
// A grown memory is there for all threads at once, but V8 tells the instances of other threads by an
// interrupt, which they handle at their next function entry or loop turn. Until then atomic accesses
// and memory.copy and memory.fill, which check their bounds against the instance's own idea of the
// size, trap in the new part. (Plain loads and stores rely on guard pages and do not.) An address that
// was read from shared memory can lead there; so whoever follows one first has the instance reach it.
// `memory.size` is that same idea of the size.

/** Has this instance reach `bytes` bytes from `address` on, which the memory has. Two instructions when it does already. */
export function reachTo(address: usize, bytes: u32): void {
  if ((address + bytes - 1) >> 16 >= <usize>memory.size()) catchUp((address + bytes - 1) >> 16);
}

/** Growing by nothing makes the engine look at the size; and a loop turn is where an interrupt is handled. */
function catchUp(wasmPage: usize): void {
  while (wasmPage >= <usize>memory.size()) memory.grow(0);
}
