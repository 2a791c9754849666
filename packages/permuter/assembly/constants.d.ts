// Compile-time constants, which `asc --use` defines. The compiler needs no declaration; editors and
// tsc do. `var`, for packages that know nothing of each other declare the same ones.

/** How many slots there are: 1 to 15, or 24. As many entries fit into a leaf of the tree. */
declare var WIDTH: i32;

/** 1 to check preconditions; else 0. */
declare var DEBUG: i32;
