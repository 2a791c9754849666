// Compile-time constants, which `asc --use` defines. The compiler needs no declaration; editors and
// tsc do. `var`, for packages that know nothing of each other declare the same ones.

/** 1 to check preconditions and to shrink limits, so that rare paths are common in tests; else 0. */
declare var DEBUG: i32;
