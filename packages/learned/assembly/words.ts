/*
 * The words that the index keeps in the region, and in each participant's descriptor. Those that every ordered map
 * has are the tree's: counters, waits, events and changes (@masstree/tree, tree-words.ts, events.ts and changes.ts).
 *
 *     region header, from STRUCTURE_WORDS            descriptor, from PARTICIPANT_STRUCTURE
 *     8    u64  the events that are waited for       0    the tree's words; `leaves` counts lines, `internodes`
 *     16   u32  the greatest depth of a node made         counts nodes, `splits` counts the conflicts that made one
 *               since the whole map was rebuilt      88   u32  place     the line whose subtree it rebuilds
 *     20   u32  changes that are not recorded        92   u32  frozen    the first node of that subtree
 *     24   u32  whether a watcher may sleep          96   u32  building  the first of the nodes that it builds
 *     64   the line that leads to the first node     100  u32  dying     the first of the nodes to be retired
 *     128  the counts of the events                  104  u32  retiring  the node that is being retired
 *                                                    108  u32  loaded    entries in its load
 *                                                    112  u64  load      bytes << 32 | block of its load
 *                                                    120  u64  rebuilds  subtrees that it has rebuilt
 *                                                    128  u32  placed    1 | the first node of what its load replaced
 *
 *     configuration   4  expansion in thousandths       5  rebuild depth; bit 16: subtrees are rebuilt by themselves;
 *                     6  tombstone ratio in thousandths      bit 17: the keys are doubles
 *
 * Invariant
 *   LEARNED1  An empty map is all zeros but for its configuration.
 */
import { config, STRUCTURE_WORDS } from "@masstree/memory/assembly";
import { structureWord, sumOfShares } from "@masstree/session/assembly";
import { TreeWords } from "@masstree/tree/assembly/tree-words";

@unmanaged
class LearnedWords {
  place: u32;
  frozen: u32;
  building: u32;
  dying: u32;
  retiring: u32;
  loaded: u32;
  load: u64;
  rebuilds: u64;
  placed: u32;
}

/** Offset of these words in the structure's part of a descriptor. */
const OWN: usize = 88;

/** How many bytes of a line the session reaches before it waits for it. */
export const LINE_LOCK_BYTES: u32 = 64;

/** The line above the first node. It belongs to no node, and all keys are its keys. */
export const ROOT_LINE: usize = STRUCTURE_WORDS + 64;
/** Address of the depth. */
export const DEEPEST: usize = STRUCTURE_WORDS + 16;

// Configuration words of the region, beside the tree's.
/** Slots for each key that a node is built of, in thousandths. */
export const CONFIG_EXPANSION: u32 = 4;
/** The depth beyond which conflicts count fourfold, and AUTO_REBUILD. */
export const CONFIG_DEPTH: u32 = 5;
/** The share of a node's keys whose removal has it rebuilt, in thousandths. */
export const CONFIG_TOMBSTONES: u32 = 6;
/** A bit of CONFIG_DEPTH: conflicts and removals have subtrees rebuilt. */
export const AUTO_REBUILD: u32 = 1 << 16;

/** Another one: the keys' ordinals stand for doubles. */
export const DOUBLES: u32 = 1 << 17;

/** The least number of slots for each key, in thousandths. */
export const LEAST_EXPANSION: u32 = 1_000;

function own(offset: usize): usize {
  if (offsetof<TreeWords>() > OWN) ERROR("the tree's words have grown into those of the index");
  return structureWord(OWN + offset);
}

/** Address of the word that names the line whose subtree this participant rebuilds. */
export function placeField(): usize {
  return own(offsetof<LearnedWords>("place"));
}

/** The same for the first node of that subtree. */
export function frozenField(): usize {
  return own(offsetof<LearnedWords>("frozen"));
}

/** The same for the first node that it builds. */
export function buildingField(): usize {
  return own(offsetof<LearnedWords>("building"));
}

/** The same for the first node that it has to retire. */
export function dyingField(): usize {
  return own(offsetof<LearnedWords>("dying"));
}

/** The same for the node that it is retiring. */
export function retiringField(): usize {
  return own(offsetof<LearnedWords>("retiring"));
}

/** The same for the number of entries in its load. */
export function loadedField(): usize {
  return own(offsetof<LearnedWords>("loaded"));
}

/** The same for the block of its load. */
export function loadField(): usize {
  return own(offsetof<LearnedWords>("load"));
}

/** The same for the word that says that its load is in the map, and what that replaced. */
export function placedField(): usize {
  return own(offsetof<LearnedWords>("placed"));
}

/** Address of its share of the number of rebuilt subtrees. */
export function rebuildsField(): usize {
  return own(offsetof<LearnedWords>("rebuilds"));
}

/** How many subtrees were rebuilt since the map was created. */
export function totalRebuilds(): i64 {
  return sumOfShares(OWN + offsetof<LearnedWords>("rebuilds"));
}

/** The offset, in any descriptor's structure part, of the word that names the line it rebuilds below. */
export const PLACE: usize = OWN + offsetof<LearnedWords>("place");

/** Slots for each key, in thousandths. */
export function expansion(): u32 {
  return max(config(CONFIG_EXPANSION), LEAST_EXPANSION);
}

/** The depth beyond which conflicts count fourfold. */
export function rebuildDepth(): u32 {
  return config(CONFIG_DEPTH) & (AUTO_REBUILD - 1);
}

/** Whether conflicts and removals have subtrees rebuilt. */
export function rebuildsItself(): bool {
  return (config(CONFIG_DEPTH) & AUTO_REBUILD) !== 0;
}

/** Whether the keys' ordinals stand for doubles. */
export function hasDoubles(): bool {
  return (config(CONFIG_DEPTH) & DOUBLES) !== 0;
}

/** How many of `keys` have to be removed before their node is rebuilt. */
export function tombstonesOf(keys: u32): u32 {
  return <u32>((<u64>keys * <u64>config(CONFIG_TOMBSTONES)) / 1000);
}

/** The greatest depth of a node made since the whole map was rebuilt. */
export function deepest(): u32 {
  return atomic.load<u32>(DEEPEST);
}

/** Notes that there is a node at this depth. */
export function noteDepth(depth: u32): void {
  let seen = deepest();
  while (seen < depth) {
    const found = atomic.cmpxchg<u32>(DEEPEST, seen, depth);
    if (found === seen) return;
    seen = found;
  }
}
