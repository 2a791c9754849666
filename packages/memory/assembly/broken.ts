/*
 * What `verifyMemory` finds broken. src/corruption.ts has a message for each.
 */

/** Not a region of this layout, or its extent is beyond its maximum or the memory. */
export const BROKEN_HEADER: u32 = 1;
/** The region's lock is held; the place is its owner's number. */
export const BROKEN_LOCK: u32 = 2;
/** The heads of the page map do not tile the region (MAP1); the place is a page. */
export const BROKEN_TILING: u32 = 3;
/** A free run's last page does not agree with its first, or two free runs touch (MAP2); the place is a page. */
export const BROKEN_FREE_RUN: u32 = 4;
/** A page inside a run has a word (MAP3), or a slab's page leads elsewhere; the place is the page. */
export const BROKEN_INSIDE: u32 = 5;
/** The system pages are not those of header, map and descriptors; the place is their number. */
export const BROKEN_SYSTEM: u32 = 6;
/** A slab's class, bitmap, hint or count is impossible, or they do not agree (SLAB1); the place is the slab. */
export const BROKEN_SLAB: u32 = 7;
/** An empty slab was kept (SLAB3); the place is the slab. */
export const BROKEN_EMPTY: u32 = 8;
/** A list of slabs does not hold exactly the slabs with a free block (SLAB2); the place is a slab or a class. */
export const BROKEN_SLABS: u32 = 9;
/** A bin does not hold exactly the free runs of its lengths (PAGES1, PAGES2); the place is a run or a bin. */
export const BROKEN_BIN: u32 = 10;
/**
 * A cache's count is wrong, or the cache has no participant and is not empty (DESCRIPTOR2); the place is the
 * cache.
 */
export const BROKEN_CACHE: u32 = 11;
/** A cached block is not a block, is free in its slab, or is cached twice (SLAB4); the place is the block. */
export const BROKEN_CACHED: u32 = 12;
/** The counters of blocks or bytes differ from what the slabs and runs say; the place is what they say. */
export const BROKEN_COUNT: u32 = 13;
/** A descriptor is missing, misplaced or has another's number; the place is its index. */
export const BROKEN_PARTICIPANT: u32 = 14;
/**
 * A private block is not a block, is free, is cached, or is listed twice, or the list has no participant
 * (PRIVATE1, DESCRIPTOR2); the place is the block, or the participant.
 */
export const BROKEN_PRIVATE: u32 = 15;
/**
 * A participant repairs the region, acts for another, or is being recovered (LOCK1, LOCK2, RECOVERY1); the place is
 * its number.
 */
export const BROKEN_RECOVERY: u32 = 16;
/**
 * A number's ticket and its descriptor disagree: the descriptor is in use though nobody has the number, it is not in
 * use but names a thread, or the number is held though nobody is at work. The place is the number.
 */
export const BROKEN_TICKET: u32 = 17;
