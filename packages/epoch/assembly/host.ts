/**
 * Frees a block: an import of modules with CUSTOM=1, `host.reclaim`. Arguments as MemoryFree's.
 */
export declare function reclaim(participant: usize, block: usize, bytes: u32): void;
