/*
 * The leaf (the paper's border node, section 4.2): up to WIDTH entries of one layer, and their bounds.
 *
 *     offset            bytes      name         written by               read
 *     0                 8          version      lock holder (atomic)     optimistically
 *     8                 8          permutation  lock holder (atomic)     optimistically
 *     16                8          lowest       before publication       freely: it never changes
 *     24                8          highest      lock holder, dirty       optimistically
 *     32                4          next         lock holder, dirty       optimistically
 *     36                4          prev         holder of prev's lock    as a hint, checked through the bounds
 *     40                4          parent       holder of parent's lock  as a hint, checked under the parent's lock
 *     44                4          bag          lock holder (atomic)     optimistically (suffix.ts, bag.ts)
 *     48                WIDTH, +8n tags         lock holder (atomic)     optimistically, one byte per slot
 *     HIGH              8          permutation's second word, only where WIDTH > 15
 *     IKEYS             8 * WIDTH  ikeys        lock holder (atomic)     optimistically
 *     VALUES            8 * WIDTH  values       lock holder (atomic)     optimistically
 *     STALE             1          stale        lock holder              under the lock
 *     PENDING           1          pending      lock holder              under the lock
 *     LOWEST_CLASS      1          lowestClass  before publication       freely
 *     HIGHEST_CLASS     1          highestClass lock holder, dirty       optimistically
 *     BYTES             4          bytes        before publication       freely: the size of the block
 *     INNER_BAG         ...        inner bag    see suffix.ts            a bag, if the block has room for one
 *     bytes - 8         8          retire tail  the epoch package        by the epoch package only
 *
 * At WIDTH 15, the first cache line holds all that a search needs but the ikeys, values and suffixes.
 *
 * Invariants
 *   LEAF1  The permutation is a bijection. Its live slots are in ascending order of (ikey, class, suffix), without
 *          equals. The entries that continue behind a slice are either one layer, or a group of at most SHARING
 *          entries with suffixes.
 *   LEAF2  Every live entry lies within the leaf's bounds [lowest, highest], both inclusive. A leaf that is not
 *          deleted and whose bounds enclose a key is the one place in its layer where that key can be: everything
 *          else is a hint.
 *   LEAF3  `lowest` never changes. The leftmost leaf of a layer has lowest 0; the rightmost has highest 2^64 - 1
 *          and next 0. In all others, next's lowest is the successor of highest.
 *   LEAF4  `stale` is set if an entry was removed since the version last changed: readers of an older permutation
 *          may still look at its slot, and at its suffix. So the next insert marks INSERTING, as the reference
 *          does.
 *   LEAF5  Where WIDTH > 15, the permutation has two words, so every publication of it is marked INSERTING.
 *   LEAF6  Entries with equal ikeys share a leaf: there are at most 9 that end within the slice, and SHARING that
 *          continue behind it. Narrow leaves, which only tests use, may have to separate them: then bounds and
 *          separators carry a class besides the ikey (STRADDLE). A group is never separated.
 *   LEAF7  `pending` is set while a route in the worklist leads to this leaf; a route on which a neighbour wants to
 *          take its entries in needs no mark (merge.ts). In the first of several leaves it may stay set longer, until
 *          that leaf is the only one: whoever makes that leaf the root then clears it.
 *          A leaf that became a layer's only one when its neighbour was unlinked, and is empty, needs no mark: the
 *          neighbour's route, which is still at work, leads there now.
 */

import { classOf, TAG_SUFFIX } from "@masstree/key/assembly";
import { initialise } from "@masstree/nodeversion/assembly";
import { empty, high, size, slot } from "@masstree/permuter/assembly";
import { write8, write32, write64 } from "@masstree/session/assembly";

/** The part of a leaf that has the same offsets at every width. */
@unmanaged
export class Leaf {
  version: u64;
  permutation: u64;
  lowest: u64;
  highest: u64;
  next: u32;
  prev: u32;
  parent: u32;
  bag: u32;
}

/** How many entries a leaf holds, and how many separators an internode holds: WIDTH as a typed number. */
export const SLOTS: u32 = WIDTH;
/**
 * How many keys that share a slice a leaf keeps with their suffixes: one more, and they become a layer (layer.ts).
 * Tiny leaves, in tests, keep fewer: a group and one key more fit into a leaf. 1 makes a layer as soon as two keys
 * share a slice, as the paper does.
 */
export const SHARING: u32 = WIDTH >= 15 ? 6 : WIDTH >> 1;
export const STRADDLE: bool = WIDTH < 9 + SHARING;
export const TWO_WORDS: bool = WIDTH > 15;

/** The largest ikey and the largest class: together they are the end of a layer. */
export const LAST_IKEY: u64 = u64.MAX_VALUE;
export const LAST_CLASS: u32 = TAG_SUFFIX;

const TAGS: usize = offsetof<Leaf>();
const HIGH: usize = TAGS + ((WIDTH + 7) & ~7);
const IKEYS: usize = HIGH + (TWO_WORDS ? 8 : 0);
const VALUES: usize = IKEYS + 8 * WIDTH;
const STALE: usize = VALUES + 8 * WIDTH;
const PENDING: usize = STALE + 1;
const LOWEST_CLASS: usize = STALE + 2;
const HIGHEST_CLASS: usize = STALE + 3;
const BYTES: usize = STALE + 4;
/** Where the leaf ends and the rest of its block begins: a multiple of 8. */
export const INNER_BAG: usize = STALE + 8;
/** The size of a leaf's smallest block: whole cache lines, with the epoch package's 8 bytes at the end. */
export const LEAF_BYTES: u32 = <u32>((INNER_BAG + 8 + 63) & ~63);
/** The largest block of a leaf. Long suffixes vary more in length, so room set aside for them is often wrong. */
export const LARGEST_LEAF: u32 = 2 * LEAF_BYTES;

/** How many bytes an instance has to reach when it follows a pointer to a node (memory package, reach.ts). */
export const NODE_BYTES: u32 = LEAF_BYTES;

/** Initialises a new block as an empty, unlocked leaf that spans its whole layer and has no bag. */
export function initialiseLeaf(leaf: usize, bytes: u32, flags: u64): void {
  memory.fill(leaf, 0, INNER_BAG);
  initialise(leaf, flags);
  store<u32>(leaf, bytes, BYTES);
  fillBounds(leaf, 0, 0, LAST_IKEY, LAST_CLASS);
  fillPermutation(leaf, empty());
}

// Optimistic reads. The caller checks the version afterwards.

export function permutationOf(leaf: usize): u64 {
  return atomic.load<u64>(leaf, offsetof<Leaf>("permutation"));
}

export function permutationHighOf(leaf: usize): u64 {
  return TWO_WORDS ? atomic.load<u64>(leaf, HIGH) : 0;
}

export function ikeyOf(leaf: usize, slot: u32): u64 {
  return atomic.load<u64>(leaf + ((<usize>slot) << 3), IKEYS);
}

export function tagIn(leaf: usize, slot: u32): u32 {
  return atomic.load<u8>(leaf + slot, TAGS);
}

export function valueIn(leaf: usize, slot: u32): u64 {
  return atomic.load<u64>(leaf + ((<usize>slot) << 3), VALUES);
}

export function nextOf(leaf: usize): usize {
  return atomic.load<u32>(leaf, offsetof<Leaf>("next"));
}

export function prevOf(leaf: usize): usize {
  return atomic.load<u32>(leaf, offsetof<Leaf>("prev"));
}

export function bagOf(leaf: usize): usize {
  return atomic.load<u32>(leaf, offsetof<Leaf>("bag"));
}

/** The size of the leaf's block. Never changes. */
export function leafBytes(leaf: usize): u32 {
  return load<u32>(leaf, BYTES);
}

export function highestOf(leaf: usize): u64 {
  return atomic.load<u64>(leaf, offsetof<Leaf>("highest"));
}

export function highestClassOf(leaf: usize): u32 {
  return STRADDLE ? atomic.load<u8>(leaf, HIGHEST_CLASS) : LAST_CLASS;
}

export function lowestOf(leaf: usize): u64 {
  return changetype<Leaf>(leaf).lowest;
}

export function lowestClassOf(leaf: usize): u32 {
  return STRADDLE ? load<u8>(leaf, LOWEST_CLASS) : 0;
}

/** LEAF2: -1 when the key lies left of the leaf's bounds, 0 within them, 1 right of them. */
export function sideOf(leaf: usize, ikey: u64, cls: u32): i32 {
  const highest = highestOf(leaf);
  if (ikey > highest) return 1;
  if (STRADDLE && ikey === highest && cls > highestClassOf(leaf)) return 1;
  const lowest = lowestOf(leaf);
  if (ikey < lowest) return -1;
  if (STRADDLE && ikey === lowest && cls < lowestClassOf(leaf)) return -1;
  return 0;
}

/** Whether the leaf is the first of its layer. Never changes (LEAF3). */
export function isLeftmost(leaf: usize): bool {
  return lowestOf(leaf) === 0 && lowestClassOf(leaf) === 0;
}

/**
 * Where a slice belongs in a leaf: the first position whose entry is not below (ikey, cls), or the size if there is
 * none. If that entry equals it, the result says so and holds its slot: the layer, or the first of a group. search.ts
 * has the searches for whole keys. Linear: WIDTH is small.
 *
 *     31       16 15      8 7        0
 *     +----------+---------+----------+
 *     | match: 1 | slot    | position |     without a match the slot is 0
 *     +----------+---------+----------+
 */
export function lowerBound(leaf: usize, lo: u64, hi: u64, ikey: u64, cls: u32): u32 {
  const count = size(lo);
  for (let position: u32 = 0; position < count; position++) {
    const at = slot(lo, hi, position);
    const other = ikeyOf(leaf, at);
    if (other < ikey) continue;
    if (other === ikey) {
      const otherClass = classOf(tagIn(leaf, at));
      if (otherClass < cls) continue;
      if (otherClass === cls) return matchAt(at, position);
    }
    return position;
  }
  return count;
}

const MATCH: u32 = 1 << 16;

/** The result for an entry that equals the key. */
export function matchAt(at: u32, position: u32): u32 {
  return MATCH | (at << 8) | position;
}

/** Whether the result holds an entry of equal ikey and class. */
export function isMatch(bound: u32): bool {
  return bound >= MATCH;
}

/** The slot of that entry. */
export function matchedSlot(bound: u32): u32 {
  return (bound >> 8) & 0xff;
}

/** The position in the result. */
export function boundPosition(bound: u32): u32 {
  return bound & 0xff;
}

// Fills. No other thread knows the leaf yet: plain stores.

/** Sets the permutation whose high word is in the permuter's `high`. */
export function fillPermutation(leaf: usize, lo: u64): void {
  if (TWO_WORDS) store<u64>(leaf, high, HIGH);
  changetype<Leaf>(leaf).permutation = lo;
}

export function fillEntry(leaf: usize, slot: u32, ikey: u64, tag: u32, value: u64): void {
  const word = leaf + ((<usize>slot) << 3);
  store<u64>(word, ikey, IKEYS);
  store<u8>(leaf + slot, <u8>tag, TAGS);
  store<u64>(word, value, VALUES);
}

export function fillBounds(
  leaf: usize,
  lowest: u64,
  lowestClass: u32,
  highest: u64,
  highestClass: u32,
): void {
  const node = changetype<Leaf>(leaf);
  node.lowest = lowest;
  node.highest = highest;
  store<u8>(leaf, <u8>lowestClass, LOWEST_CLASS);
  store<u8>(leaf, <u8>highestClass, HIGHEST_CLASS);
}

export function fillLinks(leaf: usize, prev: usize, next: usize): void {
  const node = changetype<Leaf>(leaf);
  node.prev = <u32>prev;
  node.next = <u32>next;
}

export function fillBag(leaf: usize, bag: usize): void {
  changetype<Leaf>(leaf).bag = <u32>bag;
}

// Writes. The leaf is locked by the write in the journal, whose commit stores them.

/** Logs a permutation. Its high word is in the permuter's `high`, unless it is given. The caller keeps LEAF5. */
export function writePermutation(leaf: usize, lo: u64, hi: u64 = high): void {
  if (TWO_WORDS) write64(leaf + HIGH, hi);
  write64(leaf + offsetof<Leaf>("permutation"), lo);
}

export function writeEntry(leaf: usize, slot: u32, ikey: u64, tag: u32, value: u64): void {
  const word = leaf + ((<usize>slot) << 3);
  write64(word + IKEYS, ikey);
  write8(leaf + slot + TAGS, tag);
  write64(word + VALUES, value);
}

export function writeValue(leaf: usize, slot: u32, value: u64): void {
  write64(leaf + ((<usize>slot) << 3) + VALUES, value);
}

export function writeBag(leaf: usize, bag: usize): void {
  write32(leaf + offsetof<Leaf>("bag"), <u32>bag);
}

export function writeNext(leaf: usize, next: usize): void {
  write32(leaf + offsetof<Leaf>("next"), <u32>next);
}

export function writePrev(leaf: usize, prev: usize): void {
  write32(leaf + offsetof<Leaf>("prev"), <u32>prev);
}

export function writeHighest(leaf: usize, ikey: u64, cls: u32): void {
  write64(leaf + offsetof<Leaf>("highest"), ikey);
  if (STRADDLE) write8(leaf + HIGHEST_CLASS, cls);
}

export function isStale(leaf: usize): bool {
  return load<u8>(leaf, STALE) !== 0;
}

/**
 * LEAF4: true after a removal; false once the version is marked, because then no reader can trust an older
 * permutation.
 */
export function writeStale(leaf: usize, stale: bool): void {
  write8(leaf + STALE, stale ? 1 : 0);
}

export function isPending(leaf: usize): bool {
  return load<u8>(leaf, PENDING) !== 0;
}

export function writePending(leaf: usize, pending: bool): void {
  write8(leaf + PENDING, pending ? 1 : 0);
}
