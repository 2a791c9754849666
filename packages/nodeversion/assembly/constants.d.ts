/*
 * Compile-time constants, defined by `asc --use`. The compiler needs no declaration, but editors and tsc do. They
 * are declared with `var`, because unrelated packages declare the same constants.
 */

/** 1 to check preconditions and to shrink limits, so that rare paths are common in tests; else 0. */
declare var DEBUG: i32;
