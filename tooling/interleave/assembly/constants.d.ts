/** The planted bug of `fixtures.ts`, 0 for none. */
declare const BUG: i32;
