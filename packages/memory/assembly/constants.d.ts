// Compile-time constants, which `asc --use` defines. The compiler needs no declaration; editors and
// tsc do. DEBUG is declared by @masstree/nodeversion.

/** 1 in modules whose host tells which threads have ended (host.ts); not defined in others. */
declare var HOST: i32;
