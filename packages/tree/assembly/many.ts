/*
 * Many keys in one call. The keys are entries in the result scratch, from ENTRIES on, as a scan writes them.
 *
 * A search of a large tree waits for memory, node after node, and nothing else can be done for its key meanwhile. So
 * the keys of a group go down together, each in a lane of its own. First all lanes' nodes are prefetched (prefetch.ts),
 * in a loop that is short enough for the processor to have many of them under way; then every lane takes its step.
 *
 *     lane, in the workspace
 *     0    key     u32    address of the key
 *     4    length  u32    its length in bytes
 *     8    root    u32    the root of the layer that the lane is in, possibly stale
 *     12   offset  u32    the offset in the key of the slice that this layer compares
 *     16   leaf    u32    the key's leaf in this layer, as far as the lane has found it; or 0
 *     20   next    u32    the node to look at next; 0 once the lane has ended
 *     24   isDown  u32    whether the layer's present root has been passed (descend.ts DESCEND3)
 *     28   isLeaf  u32    whether `next` is or may be a leaf, which has more to prefetch
 *
 * Invariants
 *   MANY1  What a lane finds is a place from which `locateFrom` starts, under the same pin. It decides nothing: the write
 *          of another lane may have changed it, and a lane
 *          that meets anything out of the ordinary (a node that is being changed, a leaf that does not enclose the
 *          key) just ends, and never waits.
 *   MANY2  A lane ends. In a layer, it climbs while a node is not the root, then each child is one level lower
 *          (internode.ts: `height` never changes); and each layer takes 8 bytes of the key.
 */

import { pin, unpin } from "@masstree/epoch/assembly";
import { ikeyAt, TAG_LAYER, TAG_SUFFIX, tagOf } from "@masstree/key/assembly";
import { reachTo } from "@masstree/memory/assembly";
import {
  hasChanged,
  isDeleted,
  isDirty,
  isLeaf,
  isRoot,
  loadVersion,
} from "@masstree/nodeversion/assembly";
import { participant } from "@masstree/session/assembly";
import { PUT_FULL } from "./condition";
import { Located, locateFrom, PRESENT } from "./find";
import { childIndexFor, childOf, heightOf } from "./internode";
import {
  isMatch,
  lowerBound,
  matchedSlot,
  NODE_BYTES,
  permutationHighOf,
  permutationOf,
  sideOf,
  tagIn,
  valueIn,
} from "./leaf";
import { parentOf } from "./node";
import { prefetchInternode, prefetchLeaf } from "./prefetch";
import { putFrom } from "./put";
import { remove } from "./remove";
import { ENTRY_BYTES, ENTRY_KEY, ENTRY_VALUE, firstEntry, laneAt } from "./scratch";
import { mapRoot } from "./tree-words";
import { PlainWords } from "./values";
import { endOperation } from "./wait";

/** How many keys go down together. More would push each other's nodes out of the nearest cache. */
const LANES: u32 = 16;
/** What `findMany` writes for a key that is there: an entry without a key. */
const FOUND_BYTES: u32 = <u32>ENTRY_KEY;

@unmanaged
class Lane {
  key: u32;
  length: u32;
  root: u32;
  offset: u32;
  leaf: u32;
  next: u32;
  isDown: u32;
  isLeaf: u32;
}

function laneOf(index: u32): Lane {
  return changetype<Lane>(laneAt(index, offsetof<Lane>()));
}

/** The length of an entry's key. */
export function keyLengthOf(entry: usize): u32 {
  return load<u32>(entry);
}

/** The entry after this one. */
export function entryAfter(entry: usize): usize {
  return entry + load<u32>(entry, ENTRY_BYTES);
}

/**
 * Brings the nodes on the way to the next keys of a batch near, LANES of them or `left` if that is fewer. Returns how
 * many. The caller is pinned.
 */
function walkTogether(entry: usize, left: u32): u32 {
  const count = min(left, LANES);
  const root = <u32>mapRoot();
  for (let index: u32 = 0; index < count; index++) {
    const lane = laneOf(index);
    lane.key = <u32>(entry + ENTRY_KEY);
    lane.length = keyLengthOf(entry);
    lane.offset = 0;
    enterLayer(lane, root);
    entry = entryAfter(entry);
  }
  let walking = count;
  while (walking !== 0) {
    prefetchNext(count);
    walking = 0;
    for (let index: u32 = 0; index < count; index++) {
      const lane = laneOf(index);
      if (lane.next === 0) continue;
      lane.next = <u32>step(lane, lane.next);
      if (lane.next !== 0) walking++;
    }
  }
  return count;
}

function prefetchNext(count: u32): void {
  for (let index: u32 = 0; index < count; index++) {
    const lane = laneOf(index);
    if (lane.isLeaf !== 0) prefetchLeaf(lane.next);
    else prefetchInternode(lane.next);
  }
}

/** Before a group of removals: brings their nodes near. `index` is that of the entry among `count`. */
function beforeWrite(entry: usize, index: u32, count: u32): void {
  if (index % LANES !== 0) return;
  pin(participant);
  walkTogether(entry, count - index);
  unpin(participant);
}

function enterLayer(lane: Lane, root: u32): void {
  lane.root = root;
  lane.leaf = 0;
  lane.isDown = 0;
  lane.isLeaf = 1;
  lane.next = root;
}

/** Looks at a node. Returns the one to look at next; 0 if the lane has ended (MANY1, MANY2). */
function step(lane: Lane, node: usize): usize {
  reachTo(node, NODE_BYTES);
  const version = loadVersion(node);
  if (isDirty(version) || isDeleted(version)) return 0;
  if (lane.isDown === 0 && !isRoot(version)) {
    lane.isLeaf = 0;
    return parentOf(node);
  }
  lane.isDown = 1;
  const ikey = ikeyAt(lane.key, lane.length, lane.offset);
  const cls = tagOf(lane.length, lane.offset);
  if (isLeaf(version)) return stepInLeaf(lane, node, version, ikey, cls);
  lane.isLeaf = heightOf(node) === 1 ? 1 : 0;
  return childOf(node, childIndexFor(node, ikey, cls));
}

/** Ends the lane in a leaf, unless the key goes on in a layer below. */
function stepInLeaf(lane: Lane, leaf: usize, version: u64, ikey: u64, cls: u32): usize {
  if (sideOf(leaf, ikey, cls) !== 0) return 0;
  lane.leaf = <u32>leaf;
  if (cls !== TAG_SUFFIX) return 0;
  const bound = lowerBound(leaf, permutationOf(leaf), permutationHighOf(leaf), ikey, cls);
  if (!isMatch(bound)) return 0;
  const slot = matchedSlot(bound);
  if (tagIn(leaf, slot) !== TAG_LAYER) return 0;
  const root = <usize>valueIn(leaf, slot);
  if (hasChanged(leaf, version)) return 0;
  lane.offset += 8;
  enterLayer(lane, <u32>root);
  return root;
}

/**
 * Looks `count` keys up, each by itself. Writes an entry for each one that is there, in their order, over the keys: its
 * number among them in place of the key's length, and its value word. Returns how many.
 */
export function findMany(count: u32): u32 {
  pin(participant);
  let entry = firstEntry();
  let target = entry;
  let found: u32 = 0;
  let index: u32 = 0;
  while (index < count) {
    const group = walkTogether(entry, count - index);
    for (let number: u32 = 0; number < group; number++) {
      const lane = laneOf(number);
      const after = entryAfter(entry);
      if (locateFrom(lane.key, lane.length, lane.root, lane.offset, lane.leaf) === PRESENT) {
        // No further than this entry, whose key has been read.
        store<u32>(target, index + number);
        store<u32>(target, FOUND_BYTES, ENTRY_BYTES);
        store<u64>(target, Located.value, ENTRY_VALUE);
        target += FOUND_BYTES;
        found++;
      }
      entry = after;
    }
    index += group;
  }
  unpin(participant);
  return found;
}

/** How `putMany` gets the value word of an entry. */
@unmanaged
export class WordsInEntries {
  /** The word; 0 if there is no memory for what it stands for. */
  wordOf(entry: usize): u64 {
    return load<u64>(entry, ENTRY_VALUE);
  }

  /** Whether a word may be 0. */
  mayBeZero(): bool {
    return true;
  }

  /** Takes back a word that found no place in the tree. */
  giveUp(_word: u64): void {}
}

/**
 * Gives `count` keys value words, one after the other.
 *
 * @typeParam E where the words come from
 * @returns how many before memory is full
 */
export function putMany<V extends PlainWords, E extends WordsInEntries>(count: u32): u32 {
  let entry = firstEntry();
  let done: u32 = 0;
  let isFull = false;
  while (done < count && !isFull) {
    pin(participant);
    const group = walkTogether(entry, count - done);
    for (let number: u32 = 0; number < group && !isFull; number++) {
      const word = changetype<E>(0).wordOf(entry);
      isFull = word === 0 && !changetype<E>(0).mayBeZero();
      if (isFull) break;
      const lane = laneOf(number);
      const outcome = putFrom<V>(lane.key, lane.length, word, lane.root, lane.offset, lane.leaf);
      isFull = outcome === PUT_FULL;
      if (isFull) {
        changetype<E>(0).giveUp(word);
      } else {
        done++;
        entry = entryAfter(entry);
      }
    }
    endOperation();
  }
  return done;
}

/** Removes `count` keys, one after the other. Returns how many of them were there. */
export function removeMany<V extends PlainWords>(count: u32): u32 {
  let entry = firstEntry();
  let removed: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    beforeWrite(entry, index, count);
    removed += remove<V>(entry + ENTRY_KEY, keyLengthOf(entry));
    entry = entryAfter(entry);
  }
  return removed;
}
