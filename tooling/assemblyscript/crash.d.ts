/** Makes modules that stop for good before their n-th write to memory; see src/crash.js. */

/**
 * Makes a module that can die before any of its writes.
 *
 * @param binary a module built by `build-wasm`
 * @returns the same module with an exported global `writesLeft` (i32, initially -1). If it is set to n,
 *   a call traps before its write number n, counted from 0. If it is negative, calls never trap.
 */
export function mortal(binary: Uint8Array): Uint8Array<ArrayBuffer>;
