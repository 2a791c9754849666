/*
 * Drafts: private leaves in which the entries of a layer collect while it is built from sorted keys (load.ts).
 *
 * Invariants
 *   DRAFT1  The permutation of a draft is the identity: entries are added at the end, and taken out at either end.
 *   DRAFT2  Its bag is a block of its own, with the suffixes in the order of their slots.
 */
import { TAG_SUFFIX } from "@masstree/key/assembly";
import { identity, size } from "@masstree/permuter/assembly";
import { emptyBag, fillSuffix, hasRoom, suffixRoom } from "./bag";
import {
  bagOf,
  fillBag,
  fillEntry,
  fillPermutation,
  ikeyOf,
  permutationHighOf,
  permutationOf,
  SLOTS,
  tagIn,
  valueIn,
} from "./leaf";
import { copySuffix, createBag, freeBag, liveSuffixRoom } from "./suffix";

/** How many entries with this ikey a draft ends with that have suffixes. */
export function groupAtEnd(draft: usize, ikey: u64): u32 {
  const count = size(permutationOf(draft));
  let first = count;
  while (first > 0 && ikeyOf(draft, first - 1) === ikey && tagIn(draft, first - 1) === TAG_SUFFIX) {
    first--;
  }
  return count - first;
}

/** Adds an entry to a draft that is not full: a key's slice with what it has behind it, or a layer. False if memory is full. */
export function addToDraft(
  draft: usize,
  ikey: u64,
  tag: u32,
  rest: usize,
  restLength: u32,
  value: u64,
): bool {
  const count = size(permutationOf(draft));
  if (tag === TAG_SUFFIX) {
    if (!reserveSuffix(draft, count, suffixRoom(restLength))) return false;
    fillSuffix(bagOf(draft), count, rest, restLength);
  }
  fillEntry(draft, count, ikey, tag, value);
  fillPermutation(draft, identity(count + 1));
  return true;
}

/** Makes room for a suffix in a draft's bag. False if memory is full. */
function reserveSuffix(draft: usize, count: u32, room: u32): bool {
  const present = bagOf(draft);
  if (present !== 0 && hasRoom(present, room)) return true;
  const all =
    liveSuffixRoom(draft, permutationOf(draft), permutationHighOf(draft), 0, count) + room;
  const bag = createBag(all, count + 1);
  if (bag === 0) return false;
  if (present !== 0) {
    for (let at: u32 = 0; at < count; at++) copySuffix(bag, at, draft, at);
    freeBag(present);
  }
  fillBag(draft, bag);
  return true;
}

/** Takes the first `count` entries out of a full draft: another leaf has them. */
export function dropFirst(draft: usize, count: u32): void {
  const bag = bagOf(draft);
  if (bag !== 0) emptyBag(bag);
  for (let from = count; from < SLOTS; from++) {
    const to = from - count;
    const tag = tagIn(draft, from);
    fillEntry(draft, to, ikeyOf(draft, from), tag, valueIn(draft, from));
    // DRAFT2: each moves towards the bag's beginning, over those that are gone.
    if (tag === TAG_SUFFIX) copySuffix(bag, to, draft, from);
  }
  fillPermutation(draft, identity(SLOTS - count));
}
