/*
 * Compile-time constants, defined by `asc --use`. The compiler needs no declaration, but editors and
 * tsc do. They are declared with `var`, because unrelated packages declare the same constants.
 */

/** The number of slots, 1 to 15 or 24: also how many entries fit into a leaf of the tree. */
declare var WIDTH: i32;

/** 1 to check preconditions, else 0. */
declare var DEBUG: i32;
