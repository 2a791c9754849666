// Compile-time constants, given to the compiler with --use BOXED=1 and so on (wasm.config.mjs).

/** 1: value words stand for values of any size (masstree's box.ts); 0: they stand for nothing else. */
declare var BOXED: i32;
