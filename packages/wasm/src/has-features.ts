// A module that does nothing. It has one instruction from each feature an embedded module may use.
const probe = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
  ...[1, 4, 1, 0x60, 0, 0], // one type: () -> ()
  ...[3, 2, 1, 0], // one function of it
  ...[5, 4, 1, 3, 1, 1], // a shared memory of one page, at most one: threads
  ...[10, 29, 1, 27, 0], // the function's body, without locals
  ...[0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 0], // memory.fill: bulk memory
  ...[0x41, 0, 0x41, 0, 0xfe, 0x1e, 2, 0, 0x1a], // i32.atomic.rmw.add, drop: threads
  ...[0x41, 0, 0xfd, 15, 0xfd, 0x53, 0x1a], // i8x16.splat, v128.any_true, drop: SIMD
  0x0b, // end
]);

/** Whether this platform compiles WebAssembly with threads, SIMD and bulk memory in this thread. */
export function hasFeatures(): boolean {
  try {
    new WebAssembly.Module(probe);
    return true;
  } catch {
    return false;
  }
}
