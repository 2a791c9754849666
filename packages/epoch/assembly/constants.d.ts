/*
 * A compile-time constant of this package's own modules, see wasm.config.mjs. The compiler needs no declaration,
 * but editors and tsc do.
 */

/** 1: an import frees the blocks. Only module.ts uses it. */
declare const CUSTOM: i32;
