// Mistakes in the tree and in what it is built on. Each is one that an implementation of this
// structure has made, or a rule of the design turned off.
//
// Not here, because they change nothing that anyone can see: dropping the marks and checks of
// internodes. The way down is a hint (descend.ts D2), and the leaf's own bounds decide.
import type { Edit, Mutant } from "../mutants/mutant.ts";

function edit(file: string, find: string, replace: string): Edit {
  return { file, find, replace };
}

function mutant(name: string, ...edits: Edit[]): Mutant {
  return { name, edits };
}

const find = "tree/assembly/find.ts";
const put = "tree/assembly/put.ts";
const split = "tree/assembly/split.ts";
const descend = "tree/assembly/descend.ts";
const coalesce = "tree/assembly/coalesce.ts";
const leaf = "tree/assembly/leaf.ts";
const module = "tree/assembly/module.ts";
const takeout = "tree/assembly/takeout.ts";
const suffix = "tree/assembly/suffix.ts";

export const treeMutants: readonly Mutant[] = [
  // ---- readers
  mutant(
    "drops the version check after a leaf was read",
    edit(find, "    // F1\n    if (hasChanged(leaf, version)) continue;\n", ""),
  ),
  mutant(
    "loads the value after the version was checked",
    edit(
      find,
      "      value = valueIn(leaf, matchedSlot);\n      if (tag === TAG_SUFFIX)",
      "      if (tag === TAG_SUFFIX)",
    ),
    edit(
      find,
      "    // F1\n    if (hasChanged(leaf, version)) continue;\n",
      "    if (hasChanged(leaf, version)) continue;\n    if (equal) value = valueIn(leaf, matchedSlot);\n",
    ),
  ),
  mutant(
    "does not walk to the right",
    edit(descend, "    if (side === 0) {", "    if (side >= 0) {"),
  ),
  mutant(
    "does not look whether a leaf was deleted",
    edit(descend, "    if (isDeleted(version)) return 0;\n    const side", "    const side"),
  ),
  mutant(
    "reads without being pinned",
    edit(
      module,
      "export function get(length: u32): u32 {\n  pinEpoch(participant);\n",
      "export function get(length: u32): u32 {\n",
    ),
    edit(
      module,
      "store<u64>(result(), locatedValue, 8);\n  unpinEpoch(participant);\n",
      "store<u64>(result(), locatedValue, 8);\n",
    ),
  ),
  // ---- insert
  mutant(
    "publishes the permutation before the slot is filled",
    edit(
      put,
      "  setEntry(leaf, slot, ikey, tag, value);\n  publish(leaf, insert(lo, hi, position)); // W3\n",
      "  publish(leaf, insert(lo, hi, position));\n  setEntry(leaf, slot, ikey, tag, value);\n",
    ),
  ),
  mutant(
    "fills a slot that a reader may still hold without marking the leaf",
    edit(put, "    markInserting(leaf);\n    clearStale(leaf);\n", "    clearStale(leaf);\n"),
  ),
  mutant(
    "marks the leaf after it filled a slot that a reader may still hold",
    edit(put, "    markInserting(leaf);\n    clearStale(leaf);\n", "    clearStale(leaf);\n"),
    edit(
      put,
      "  publish(leaf, insert(lo, hi, position)); // W3\n",
      "  publish(leaf, insert(lo, hi, position));\n  markInserting(leaf);\n",
    ),
  ),
  mutant(
    "trusts a leaf that was found before it was locked",
    edit(
      descend,
      "    if (!isDeleted(loadVersion(leaf)) && sideOf(leaf, ikey, cls) === 0) return leaf;\n",
      "    if (leaf !== 0) return leaf;\n",
    ),
  ),
  mutant(
    "locks with a load and a store",
    edit(
      "nodeversion/assembly/lock.ts",
      "  return !isLocked(version) && atomic.cmpxchg<u64>(node, version, version | mark) === version;",
      "  if (isLocked(version)) return false;\n  atomic.store<u64>(node, version | mark);\n  return true;",
    ),
  ),
  mutant(
    "turns a suffix into a layer without marking the leaf",
    edit(
      "tree/assembly/layer.ts",
      "  markInserting(leaf);\n  setLayer(leaf, slot, root);",
      "  setLayer(leaf, slot, root);",
    ),
  ),
  // ---- split
  mutant(
    "unlocks the left leaf before the parent has its sibling",
    edit(
      split,
      "  hang(leaf, right, lowest, lowestClass, offset, position === SLOTS && kept === SLOTS);\n" +
        "  shrink(leaf, lo, hi, position, kept, ikey, tag, suffix, suffixLength, value);\n" +
        "  countSplit();\n  unlock(leaf);\n  unlock(right);\n",
      "  shrink(leaf, lo, hi, position, kept, ikey, tag, suffix, suffixLength, value);\n" +
        "  countSplit();\n  unlock(leaf);\n  unlock(right);\n" +
        "  hang(leaf, right, lowest, lowestClass, offset, position === SLOTS && kept === SLOTS);\n",
    ),
  ),
  mutant("shrinks the left leaf without marking it", edit(split, "  markSplitting(leaf);\n", "")),
  mutant(
    "shrinks the left leaf before anything leads to the right one",
    edit(
      split,
      "  if (next !== 0) setPrev(next, right);\n  setNext(leaf, right);\n",
      "  if (next !== 0) setPrev(next, right);\n",
    ),
    edit(
      split,
      "  publish(leaf, shrunk);\n  clearStale(leaf);\n",
      "  publish(leaf, shrunk);\n  clearStale(leaf);\n  unlock(leaf);\n  lock(leaf, owner);\n  setNext(leaf, right);\n",
    ),
    edit(split, "  isLeaf,\n", "  isLeaf,\n  lock,\n"),
  ),
  // ---- the version word
  mutant(
    "does not count inserts on unlock",
    edit(
      "nodeversion/assembly/lock.ts",
      "version & SPLITTING ? SPLIT_STEP : version & INSERTING ? INSERT_STEP : 0",
      "version & SPLITTING ? SPLIT_STEP : 0",
    ),
  ),
  mutant(
    "does not count splits on unlock",
    edit(
      "nodeversion/assembly/lock.ts",
      "version & SPLITTING ? SPLIT_STEP : version & INSERTING ? INSERT_STEP : 0",
      "version & SPLITTING ? 0 : version & INSERTING ? INSERT_STEP : 0",
    ),
  ),
  // ---- remove, unlink, collapse
  mutant(
    "takes a bag away without marking the leaf",
    edit(takeout, "  if (TWO_WORDS || bag !== 0) markInserting(leaf);\n", ""),
  ),
  mutant(
    "unlinks a leaf that was filled again",
    edit(coalesce, "      if (isEmpty(leaf)) return UNLINKED;\n", "      return UNLINKED;\n"),
  ),
  mutant(
    "collapses a layer that was filled again",
    edit(
      coalesce,
      "isDeleted(version) || !isRoot(version) || nextOf(leaf) !== 0 || !isEmpty(leaf)",
      "isDeleted(version) || !isRoot(version) || nextOf(leaf) !== 0",
    ),
  ),
  mutant(
    "does not mark an unlinked leaf as deleted",
    edit(coalesce, "  markDeleted(leaf);\n  markInserting(left);\n", "  markInserting(left);\n"),
  ),
  mutant(
    "retires a leaf before it is unlinked",
    edit(
      coalesce,
      "  markInserting(branch);\n  removeChild(branch, index);\n",
      "  retireLeaf(leaf);\n  markInserting(branch);\n  removeChild(branch, index);\n",
    ),
    edit(coalesce, "  retireLeaf(leaf);\n  return UNLINKED;\n", "  return UNLINKED;\n"),
  ),
  mutant(
    "extends the left neighbour without marking it",
    edit(coalesce, "  markDeleted(leaf);\n  markInserting(left);\n", "  markDeleted(leaf);\n"),
  ),
  // ---- reclamation
  mutant(
    "frees an unlinked leaf at once",
    edit(
      coalesce,
      "  retire(participant, leaf, LEAF_BYTES);\n",
      "  free(participant, leaf, LEAF_BYTES);\n",
    ),
    edit(
      coalesce,
      'import { retire } from "@masstree/epoch/assembly";\n',
      'import { retire } from "@masstree/epoch/assembly";\nimport { free } from "@masstree/memory/assembly";\n',
    ),
  ),
  mutant(
    "frees a bag at once when a larger one takes its place",
    edit(
      suffix,
      "  if (old !== 0) retireBag(old);\n  return true;\n",
      "  if (old !== 0) freeBag(old);\n  return true;\n",
    ),
  ),
  mutant(
    "does not announce that it is pinned",
    edit("epoch/assembly/pin.ts", "  if (depth === 0) announce(participant, globalEpoch());\n", ""),
  ),
  mutant(
    "takes blocks from slabs without the region's lock",
    edit("memory/assembly/header.ts", "  lock(LOCK, owner);\n", ""),
    edit("memory/assembly/header.ts", "  unlock(LOCK);\n", ""),
  ),
  mutant(
    "frees what was retired one epoch ago",
    edit("epoch/assembly/collect.ts", "bag.epoch + 2 <= epoch", "bag.epoch + 1 <= epoch"),
  ),
  mutant(
    "advances the epoch past a pinned participant",
    edit(
      "epoch/assembly/global.ts",
      "    if (announced !== 0 && announced !== current) return false;\n",
      "",
    ),
  ),
  // ---- order of memory
  mutant(
    "publishes the permutation with a plain store",
    edit(
      leaf,
      '  atomic.store<u64>(leaf, lo, offsetof<Leaf>("permutation"));',
      '  store<u64>(leaf, lo, offsetof<Leaf>("permutation"));',
    ),
  ),
  mutant(
    "reads ikeys with plain loads",
    edit(
      leaf,
      "  return atomic.load<u64>(leaf + ((<usize>slot) << 3), IKEYS);",
      "  return load<u64>(leaf + ((<usize>slot) << 3), IKEYS);",
    ),
  ),
];
