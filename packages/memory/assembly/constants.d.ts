/*
 * Compile-time constants, defined by `asc --use`. The compiler needs no declaration, but editors and tsc do.
 * @masstree/nodeversion declares DEBUG.
 */

/** 1 in modules whose host tells which threads have ended (host.ts); not defined in other modules. */
declare var HOST: i32;
