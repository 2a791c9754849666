// Compile-time constants that build-wasm defines through `use` of a package's wasm.config.mjs.
// The compiler needs no declaration; editors and tsc do.

/** Entries in a leaf: 15 or 24, or 3, 4 or 7 in tests. */
declare const WIDTH: i32;

/** 1 to check preconditions and to shrink limits, so that rare paths are common in tests; else 0. */
declare const DEBUG: i32;

/** 1 in modules whose host tells which threads have ended (memory's host.ts); not defined in others. */
declare const HOST: i32;
