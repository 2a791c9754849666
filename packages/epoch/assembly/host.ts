/*
 * Frees a block: an import of modules with CUSTOM=1, `host.reclaim`. The arguments are MemoryFree's.
 */
export declare function reclaim(participant: usize, block: usize, bytes: u32): void;

/**
 * The time, in milliseconds since 1970: an import of modules compiled with HOST, `host.now`. All threads of a
 * region use the same clock; it may be set back.
 */
export declare function now(): f64;
