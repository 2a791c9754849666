/*
 * The version word: 64 bits at the start of every node (little-endian, at an address that is a multiple of 8). It
 * is the node's lock, says what kind of node it is and what is being done to it, and counts what has been done.
 *
 *   bit  63           32 31           16  15    14     13       12         11        10     9       0
 *        +--------------+---------------+------+------+-------+---------+---------+--------+---------+
 *        | split        | insert        | LEAF | ROOT | DELE- | SPLIT-  | INSERT- | SLEEP- | owner   |
 *        | counter      | counter       |      |      | TED   | TING    | ING     | ERS    |         |
 *        +--------------+---------------+------+------+-------+---------+---------+--------+---------+
 *
 *   owner     0: unlocked; else the number, 1 .. 1023, of the participant that holds the lock
 *   SLEEPERS  a thread sleeps until this word is unlocked: whoever unlocks has to wake one
 *   INSERTING, SPLITTING  the node is dirty: optimistic reads of it would not be valid
 *   DELETED   the node is no longer in the tree; stays set for good
 *   ROOT      the node is the root of its layer
 *   LEAF      the node is a leaf, not an internode; never changes
 *   counters  how often the node was unlocked after INSERTING, and after SPLITTING
 *
 * Invariants
 *   VERSION1  While owner is not 0, only the owner's thread changes the word. There are two exceptions. Others may
 *             set SLEEPERS, by a compare-and-swap of a word that is locked (to sleep for the lock) or dirty. And
 *             once the owner's thread has stopped for good, they may replace the owner by themselves, by a
 *             compare-and-swap.
 *   VERSION2  A dirty word is locked.
 *   VERSION3  SLEEPERS is set only in a locked word. Unlocking clears it in the same exchange that reads it.
 *   VERSION4  The node's optimistically read content may change in a way that the permutation's store does not
 *             publish. Then the word is dirty from before the first to after the last store, and a counter differs
 *             afterwards.
 *
 * Wrap. Both counters form one number of 48 bits: an insert adds 1, a split adds 2^16, and the insert counter
 * carries into the split counter (to readers that looks like a split: they search again, and are right). The
 * number returns to an equal value after 2^32 splits, or 2^48 inserts, or a mix that adds up to 2^48. So two reads
 * can be compared safely while fewer than 2^32 marked sections of that one node lie between them. At ten million
 * sections a second, that is about seven minutes in which a reader stands still while all others run; and it errs
 * only if it wakes at exactly that count.
 *
 * Source: Mao, Kohler, Morris, "Cache craftiness for fast multicore key-value storage" (EuroSys 2012), section 4.5
 * and figure 3, widened from 32 bits: docs/decisions/0002-version-word.md.
 */

/** The bits of the lock holder's participant number; 0 when unlocked. */
export const OWNER_MASK: u64 = 0x3ff;
/** Some thread sleeps until the word is unlocked. */
export const SLEEPERS: u64 = 1 << 10;
/** Entries are being changed in place. */
export const INSERTING: u64 = 1 << 11;
/** Entries are moving to another node, or the node is leaving the tree. */
export const SPLITTING: u64 = 1 << 12;
/** The node is no longer in the tree. */
export const DELETED: u64 = 1 << 13;
/** The node is the root of its layer. */
export const ROOT: u64 = 1 << 14;
/** The node is a leaf, not an internode. */
export const LEAF: u64 = 1 << 15;
/** Optimistic reads have to wait. */
export const DIRTY: u64 = INSERTING | SPLITTING;

/** What a marked insert adds to the word. */
export const INSERT_STEP: u64 = 1 << 16;
/** What a split adds to the word. */
export const SPLIT_STEP: u64 = 1 << 32;

/** Bits that differ between two words if something happened that concerns an optimistic reader. */
const CHANGE: u64 = ~(OWNER_MASK | SLEEPERS);
/** Bits that differ if keys may have left the node. */
const SPLIT: u64 = ~(SPLIT_STEP - 1) | SPLITTING | DELETED | ROOT;

/** Whether entries are being changed or moved, so that an optimistic read would have to wait. */
export function isDirty(version: u64): bool {
  return (version & DIRTY) !== 0;
}

/** Whether some participant holds the lock. */
export function isLocked(version: u64): bool {
  return (version & OWNER_MASK) !== 0;
}

/** Whether the node has left the tree, or is leaving it. */
export function isDeleted(version: u64): bool {
  return (version & DELETED) !== 0;
}

/** Whether the node is the root of its layer. */
export function isRoot(version: u64): bool {
  return (version & ROOT) !== 0;
}

/** Whether the node is a leaf rather than an internode. */
export function isLeaf(version: u64): bool {
  return (version & LEAF) !== 0;
}

/** The number of the participant that holds the lock, 1 .. 1023; 0 when unlocked. */
export function ownerOf(version: u64): u32 {
  return <u32>(version & OWNER_MASK);
}

/**
 * Whether what was read in the node may have changed between two versions of it: any bit above SLEEPERS differs.
 * Locking and unlocking without a mark is no change.
 * @param before a stable version, from before the reads
 * @param after a version from after them, which may be dirty
 */
export function changedBetween(before: u64, after: u64): bool {
  return ((before ^ after) & CHANGE) !== 0;
}

/**
 * Whether keys may have left the node between two versions of it: the split counter, SPLITTING,
 * DELETED or ROOT differs. Also true without a split once in 2^16 inserts, when their counter carries.
 * @param before a stable version, from before the reads
 * @param after a version from after them, which may be dirty
 */
export function splitBetween(before: u64, after: u64): bool {
  return ((before ^ after) & SPLIT) !== 0;
}
