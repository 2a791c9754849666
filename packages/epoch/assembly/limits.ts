/*
 * How much garbage may build up before a collection. All limits are compile-time constants. With DEBUG they are
 * small, so that collections, and races with them, are common in tests.
 *
 * Debt counts the bytes retired since the last collection; a small block counts as MINIMUM_DEBT. A collection is
 * due after COLLECT_BLOCKS blocks or COLLECT_BYTES bytes, whichever comes first.
 */

/** Retirements after which a collection is due, however small the blocks. */
export const COLLECT_BLOCKS: u32 = DEBUG ? 4 : 32;

/** Bytes retired after which a collection is due, however few the blocks. */
export const COLLECT_BYTES: u32 = DEBUG ? 1024 : 32 * 1024;

/** The least that one retired block adds to the debt. */
export const MINIMUM_DEBT: u32 = COLLECT_BYTES / COLLECT_BLOCKS;

/** If a participant holds more blocks, a collection tries hard: RELIEF_TRIES times. */
export const HARD_BLOCKS: u32 = DEBUG ? 16 : 256;

/** If a participant holds more bytes, a collection tries hard: RELIEF_TRIES times. */
export const HARD_BYTES: u32 = DEBUG ? 4096 : 256 * 1024;

/**
 * Attempts to advance the epoch in a collection that tries hard. Two that succeed are enough; the rest give a
 * briefly pinned participant time to unpin.
 */
export const RELIEF_TRIES: u32 = 16;

/** Attempts to advance the epoch in `drain`. Three that succeed are enough. */
export const DRAIN_TRIES: u32 = 256;
