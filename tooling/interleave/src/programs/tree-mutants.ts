// Mistakes in the tree and in what it is built on. Each is one that an implementation of this
// structure has made, or a rule of the design turned off.
//
// Not here, because they change nothing that anyone can see: dropping the marks and checks of
// internodes. The way down is a hint (descend.ts D2), and the leaf's own bounds decide.
import { edit, type Mutant, mutant } from "../mutants/mutant.ts";

const find = "tree/assembly/find.ts";
const put = "tree/assembly/put.ts";
const split = "tree/assembly/split.ts";
const descend = "tree/assembly/descend.ts";
const coalesce = "tree/assembly/coalesce.ts";
const leaf = "tree/assembly/leaf.ts";
const module = "tree/assembly/module.ts";
const transaction = "tree/assembly/transaction.ts";
const regionLock = "memory/assembly/lock.ts";
const suffix = "tree/assembly/suffix.ts";
const takeout = "tree/assembly/takeout.ts";

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
      "    writeEntry(leaf, slot, ikey, tag, value);\n    writePermutation(leaf, insert(lo, hi, position)); // W3\n",
      "    writePermutation(leaf, insert(lo, hi, position));\n    writeEntry(leaf, slot, ikey, tag, value);\n",
    ),
  ),
  mutant(
    "fills a slot that a reader may still hold without marking the leaf",
    edit(
      put,
      "      mark(leaf, INSERTS);\n      writeStale(leaf, false);\n",
      "      writeStale(leaf, false);\n",
    ),
  ),
  mutant(
    "forgets that a removal left a slot that a reader may still hold",
    edit(takeout, "  writeStale(leaf, true); // T1\n", ""),
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
      "  mark(leaf, INSERTS);\n  writeStale(leaf, false);\n  writeLayer",
      "  writeStale(leaf, false);\n  writeLayer",
    ),
  ),
  // ---- split
  mutant(
    "unlocks the left leaf before the rest of a split is applied",
    edit(
      transaction,
      "  let entry = participant + LOG;\n",
      "  if (locks !== 0) unlock(lockAt(0).node);\n  let entry = participant + LOG;\n",
    ),
    edit(
      transaction,
      "  for (let index: u32 = 0; index < locks; index++) unlock(lockAt(index).node);\n",
      "  for (let index: u32 = 1; index < locks; index++) unlock(lockAt(index).node);\n",
    ),
  ),
  mutant(
    "unlocks everything before the log is applied",
    edit(
      transaction,
      "  for (let index: u32 = 0; index < locks; index++) unlock(lockAt(index).node);\n",
      "",
    ),
    edit(
      transaction,
      "  let entry = participant + LOG;\n",
      "  for (let index: u32 = 0; index < locks; index++) unlock(lockAt(index).node);\n  let entry = participant + LOG;\n",
    ),
  ),
  mutant(
    "marks nodes after the log was applied",
    edit(
      transaction,
      "    if (entry.marks !== 0) applyMarks(entry.node, entry.marks);\n",
      "    if (entry.marks === u32.MAX_VALUE) applyMarks(entry.node, entry.marks);\n",
    ),
    edit(
      transaction,
      "applyWrite(changetype<Write>(entry));\n",
      "applyWrite(changetype<Write>(entry));\n  for (let index: u32 = 0; index < locks; index++) {\n    applyMarks(lockAt(index).node, lockAt(index).marks);\n  }\n",
    ),
  ),
  mutant("shrinks the left leaf without marking it", edit(split, "  mark(leaf, SPLITS);\n", "")),
  mutant(
    "locks a parent without looking whether it still is the parent",
    edit(
      "tree/assembly/node.ts",
      "    if (parentOf(node) === parent) return parent;\n",
      "    if (parentOf(node) !== 0) return parent;\n",
    ),
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
    "rewrites a bag in place without marking the leaf",
    edit(suffix, "  mark(leaf, INSERTS);\n  beginRewrite();\n", "  beginRewrite();\n"),
  ),
  mutant(
    "gives a leaf a smaller bag without marking it",
    edit(
      suffix,
      "  mark(leaf, INSERTS);\n  replaceBag(leaf, bag);\n",
      "  replaceBag(leaf, bag);\n",
    ),
  ),
  mutant(
    "appends a suffix with plain stores",
    edit(
      "tree/assembly/bag.ts",
      "    atomic.store<u64>(bag + offset + at, wordAt(bytes, length, at));\n",
      "    store<u64>(bag + offset + at, wordAt(bytes, length, at));\n",
    ),
  ),
  mutant(
    "takes what is left of a dead suffix for free space",
    edit(
      "tree/assembly/bag.ts",
      '  write32(bag + offsetof<Bag>("used"), rewritten);\n',
      '  write32(bag + offsetof<Bag>("used"), DATA);\n',
    ),
  ),
  mutant(
    "gives a leaf up when the root through which it looked was handed down",
    edit(coalesce, "    if (leaf !== 0) return leaf;\n  }\n}\n", "    return leaf;\n  }\n}\n"),
  ),
  mutant(
    "unlinks a leaf that was filled again",
    edit(coalesce, "      if (isEmpty(leaf)) return UNLINKED;\n", "      return UNLINKED;\n"),
  ),
  mutant(
    "collapses a layer that was filled again",
    edit(coalesce, "nextOf(bottom) === 0 && isEmpty(bottom)) {", "nextOf(bottom) === 0) {"),
  ),
  mutant(
    "does not mark an unlinked leaf as deleted",
    edit(coalesce, "  mark(leaf, DELETES);\n  mark(left, INSERTS);\n", "  mark(left, INSERTS);\n"),
  ),
  mutant(
    "does not mark a collapsed layer as deleted",
    edit(coalesce, "    mark(bottom, DELETES);\n", ""),
  ),
  mutant(
    "unlinks from a neighbour that is not the left one any more",
    edit(
      coalesce,
      "    if (!isDeleted(loadVersion(left)) && nextOf(left) === leaf) {",
      "    if (left !== 0) {",
    ),
  ),
  // ---- reclamation
  mutant(
    "frees blocks at once instead of retiring them",
    edit(
      transaction,
      "    retire(participant, entry.block, entry.bytes);\n",
      "    free(participant, entry.block, entry.bytes);\n",
    ),
    edit(transaction, "import {\n  handOver,\n", "import {\n  free,\n  handOver,\n"),
  ),
  mutant(
    "retires blocks before they are out of the structure",
    edit(
      transaction,
      "  journal().phase = COMMITTED;\n  apply();\n",
      "  journal().phase = COMMITTED;\n  retireRest();\n  apply();\n",
    ),
  ),
  mutant(
    "does not announce that it is pinned",
    edit("epoch/assembly/pin.ts", "  if (depth === 0) announce(participant, globalEpoch());\n", ""),
  ),
  mutant(
    "takes blocks from slabs without the region's lock",
    edit(regionLock, "  while (!tryLock(LOCK, owner)) {\n", "  while (owner === 0) {\n"),
    edit(regionLock, "  markInserting(LOCK); // L3\n  unlock(LOCK);\n", ""),
  ),
  mutant(
    "frees what was retired one epoch ago",
    edit("epoch/assembly/collect.ts", "bag.epoch + 2 <= epoch", "bag.epoch + 1 <= epoch"),
  ),
  mutant(
    "advances the epoch past a pinned participant",
    edit(
      "epoch/assembly/global.ts",
      "    if (announced !== 0 && announced !== current) {\n",
      "    if (announced !== 0 && announced > current + 2) {\n",
    ),
  ),
  // ---- order of memory
  mutant(
    "applies the log with plain stores",
    edit(
      transaction,
      "  if (entry.width === 8) atomic.store<u64>(address, value);\n",
      "  if (entry.width === 8) store<u64>(address, value);\n",
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
