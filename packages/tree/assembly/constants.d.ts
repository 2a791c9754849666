/*
 * A compile-time constant, defined by `asc --use`. The compiler needs no declaration, but editors and tsc do.
 */

/** 1 in modules whose rings have room for a few keys only (changes.ts); not defined in other modules. */
declare var TINY_RINGS: i32;
