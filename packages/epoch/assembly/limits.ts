/*
 * How much garbage may gather before something is done about it. All are compile-time constants, and
 * shrink with DEBUG so that collections, and races with them, are common in tests.
 *
 * Debt counts what was retired since the last collection, in bytes, where a small block counts as
 * MINIMUM_DEBT: a collection is due after COLLECT_BLOCKS blocks or COLLECT_BYTES bytes, whichever
 * comes first.
 */

/** Retirements after which a collection is due, however small the blocks. */
export const COLLECT_BLOCKS: u32 = DEBUG ? 4 : 32;

/** Bytes retired after which a collection is due, however few the blocks. */
export const COLLECT_BYTES: u32 = DEBUG ? 1024 : 32 * 1024;

/** What one retired block adds to the debt at least. */
export const MINIMUM_DEBT: u32 = COLLECT_BYTES / COLLECT_BLOCKS;

/** Blocks held above which a collection tries hard: RELIEF_TRIES times. */
export const HARD_BLOCKS: u32 = DEBUG ? 16 : 256;

/** Bytes held above which a collection tries hard: RELIEF_TRIES times. */
export const HARD_BYTES: u32 = DEBUG ? 4096 : 256 * 1024;

/**
 * Attempts to advance the epoch in a collection that tries hard. Two that succeed are enough; the
 * rest give a participant that is pinned for a moment the time to unpin.
 */
export const RELIEF_TRIES: u32 = 16;

/** Attempts to advance the epoch in `drain`. Three that succeed are enough. */
export const DRAIN_TRIES: u32 = 256;
