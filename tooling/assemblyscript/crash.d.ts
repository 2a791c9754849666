/** A module that stops for good before its n-th write to memory; see src/crash.js. */

/**
 * @param binary a module built by `build-wasm`
 * @returns the same module with an exported global `writesLeft` (i32, -1 at first): set to n, a call
 *   traps before its write number n, counted from 0. Negative: never.
 */
export function mortal(binary: Uint8Array): Uint8Array<ArrayBuffer>;
