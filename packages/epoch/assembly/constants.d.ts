// A compile-time constant of this package's own modules, see wasm.config.mjs. The compiler needs no
// declaration; editors and tsc do.

/** 1: blocks are freed through an import. Only module.ts looks at it. */
declare const CUSTOM: i32;
