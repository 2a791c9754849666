// Mistakes in the tree and in what it is built on. Each is one that an implementation of this
// structure has made, or a rule of the design turned off.
//
// Not here, because they change nothing that anyone can see: dropping the marks and checks of
// internodes. The way down is a hint (descend.ts, DESCEND2), and the leaf's own bounds decide.
import { edit, type Mutant, mutant } from "@tooling/interleave/catalog";
import { publishEarly, withoutMark } from "./sharing-mutants.ts";

const find = "tree/assembly/find.ts";
const put = "tree/assembly/put.ts";
const split = "tree/assembly/split.ts";
const descend = "tree/assembly/descend.ts";
const coalesce = "tree/assembly/coalesce.ts";
const scan = "tree/assembly/scan.ts";
const count = "tree/assembly/count.ts";
const divide = "tree/assembly/divide.ts";
const leaf = "tree/assembly/leaf.ts";
const module = "tree/assembly/module.ts";
const journal = "session/assembly/journal.ts";
const regionLock = "memory/assembly/lock.ts";
const suffix = "tree/assembly/suffix.ts";
const remove = "tree/assembly/remove.ts";
const removeEntry = "tree/assembly/remove-entry.ts";
const events = "tree/assembly/events.ts";
const changes = "tree/assembly/changes.ts";
const readChanges = "tree/assembly/read-changes.ts";
const many = "tree/assembly/many.ts";
const clear = "tree/assembly/clear.ts";

/** Those that only leaves of two permutation words can show. */
export const wideMutants: readonly Mutant[] = [
  mutant(
    "writes two words of a permutation without marking the leaf",
    edit(put, "    if (TWO_WORDS || isStale(leaf)) {", "    if (isStale(leaf)) {"),
  ),
];

/** Those of many keys in one call. */
const manyMutants: readonly Mutant[] = [
  mutant(
    "a lane enters a layer through a slot that has another key by now",
    edit(many, "  if (hasChanged(leaf, version)) return 0;\n", ""),
  ),
  mutant(
    "a lane takes a leaf of the layer above into the next one",
    edit(many, "  lane.root = root;\n  lane.leaf = 0;\n", "  lane.root = root;\n"),
  ),
  mutant(
    "a lane is not pinned from its walk to its answer",
    edit(
      many,
      "    const group = walkTogether(entry, count - index);\n",
      "    const group = walkTogether(entry, count - index);\n    unpin(participant);\n    pin(participant);\n",
    ),
  ),
  mutant(
    "a lane is not pinned from its walk to its write",
    edit(
      many,
      "    const group = walkTogether(entry, count - done);\n",
      "    const group = walkTogether(entry, count - done);\n    unpin(participant);\n    pin(participant);\n",
    ),
  ),
];

/** Those of clearing, leaf by leaf. */
const clearMutants: readonly Mutant[] = [
  mutant(
    "clears a leaf as it was before it was locked",
    edit(
      clear,
      "  if (isMatch(start) && tagIn(leaf, matchedSlot(start)) === TAG_LAYER) return AGAIN;\n",
      "",
    ),
  ),
  mutant(
    "clears the entries of a leaf that come before the range",
    edit(clear, "  const first = boundPosition(start);\n", "  const first: u32 = 0;\n"),
  ),
  mutant(
    "clears a leaf beyond the end of the range",
    edit(clear, "  return boundPosition(bound) + u32(isIn);\n", "  return size(lo);\n"),
  ),
  mutant(
    "does not see to a leaf that it has emptied",
    edit(
      clear,
      "removeEntries(leaf, first, end));\n",
      "removeEntries(leaf, first, end) && false);\n",
    ),
  ),
];

/** Those of waiting for keys: a lost wake-up, or an event that nobody waits for any more. */
export const waitMutants: readonly Mutant[] = [
  mutant("a signal wakes nobody", edit(events, "  atomic.notify(eventAddress(event));\n", "")),
  mutant(
    "a signal does not raise the count",
    edit(events, "  atomic.add<u32>(eventAddress(event), 1);\n", ""),
  ),
  mutant(
    "raises the count after it has woken who slept",
    edit(
      events,
      "  atomic.add<u32>(eventAddress(event), 1);\n  atomic.notify(eventAddress(event));\n",
      "  atomic.notify(eventAddress(event));\n  atomic.add<u32>(eventAddress(event), 1);\n",
    ),
  ),
  mutant(
    "looks who waits before the write",
    edit(
      put,
      "  if (outcome !== PUT_FULL && outcome !== PUT_REFUSED) tellWritten(key, length);\n",
      "",
    ),
    edit(
      put,
      "  let offset: u32;\n  do {\n",
      "  let offset: u32;\n  tellWritten(key, length);\n  do {\n",
    ),
  ),
  mutant(
    "a key that is replaced is not signalled",
    edit(
      put,
      "  if (outcome !== PUT_FULL && outcome !== PUT_REFUSED) tellWritten",
      "  if (outcome === PUT_INSERTED || outcome === PUT_INSERTED_AND_GREW) tellWritten",
    ),
  ),
  mutant(
    "a write that gives a layer a new root is not signalled",
    edit(
      put,
      "  if (outcome !== PUT_FULL && outcome !== PUT_REFUSED) tellWritten",
      "  if (outcome === PUT_INSERTED || outcome === PUT_REPLACED) tellWritten",
    ),
  ),
  mutant(
    "tells writers of a wait before it notes the wait",
    edit(
      events,
      "  atomic.store<u32>(own, load<u32>(own) | bit); // EVENT3\n  let seen: u64;\n",
      "  let seen: u64;\n",
    ),
    edit(
      events,
      "(seen + CHANGE) | <u64>bit) !== seen);\n",
      "(seen + CHANGE) | <u64>bit) !== seen);\n  atomic.store<u32>(own, load<u32>(own) | bit);\n",
    ),
  ),
  mutant(
    "does not count the waits that begin",
    edit(events, "WAITED, seen, (seen + CHANGE) | <u64>bit)", "WAITED, seen, seen | <u64>bit)"),
  ),
  mutant(
    "ends its wait for everybody",
    edit(
      events,
      "    next = ((seen + CHANGE) & ~WAITS_MASK) | allWaits();\n",
      "    next = (seen + CHANGE) & ~WAITS_MASK;\n",
    ),
  ),
  mutant(
    "leaves without ending its waits",
    edit(
      events,
      "  atomic.store<u32>(own, load<u32>(own) & ~(1 << event)); // EVENT3\n  gatherWaits();\n",
      "  atomic.store<u32>(own, load<u32>(own) & ~(1 << event));\n",
    ),
  ),
];

/** Those of watching: a change that is lost, or told of too early. */
export const watchMutants: readonly Mutant[] = [
  mutant(
    "tells of a removal before it",
    edit(remove, "    tellRemoved(key, length);\n", ""),
    edit(
      remove,
      "  let outcome: u32;\n  do {\n",
      "  let outcome: u32;\n  tellRemoved(key, length);\n  do {\n",
    ),
  ),
  mutant(
    "'clear' forgets those who have begun to watch meanwhile",
    edit(clear, "  tellRecorded(place);\n", "  if (place !== UNRECORDED) tellRecorded(place);\n"),
  ),
  mutant(
    "a change without memory for a ring is not counted",
    edit(
      changes,
      "  if (end === UNRECORDED) atomic.add<u32>(MISSED, 1);\n",
      "  if (end === UNRECORDED) return;\n",
    ),
  ),
  mutant(
    "does not say how far it is about to overwrite",
    edit(
      changes,
      "  if (end > load<u64>(participant + TAKEN)) atomic.store<u64>(participant + TAKEN, end); // WATCH2\n",
      "",
    ),
  ),
  mutant(
    "says so after it has overwritten",
    edit(
      changes,
      "  if (end > load<u64>(participant + TAKEN)) atomic.store<u64>(participant + TAKEN, end); // WATCH2\n",
      "",
    ),
    edit(
      changes,
      "  return end;\n",
      "  if (end > load<u64>(participant + TAKEN)) atomic.store<u64>(participant + TAKEN, end);\n  return end;\n",
    ),
  ),
  mutant(
    "a reader does not look whether it was overtaken",
    edit(
      readChanges,
      "    if (atomic.load<u64>(descriptor + TAKEN) > place + RING_BYTES) found = OVERTAKEN; // WATCH2\n",
      "",
    ),
  ),
  mutant(
    "looks whether somebody sleeps before it tells",
    edit(
      changes,
      "function tell(end: u64): void {\n",
      "function tell(end: u64): void {\n  const mayBe = atomic.load<u32>(ASLEEP);\n",
    ),
    edit(
      changes,
      "  if (atomic.load<u32>(ASLEEP) === 0) return;\n",
      "  if (mayBe === 0) return;\n",
    ),
  ),
  mutant(
    "raises the count before it says that nobody sleeps any more",
    edit(
      changes,
      "  atomic.store<u32>(ASLEEP, 0); // WATCH5\n  signalEvent(WATCH_EVENT);\n",
      "  signalEvent(WATCH_EVENT);\n  atomic.store<u32>(ASLEEP, 0);\n",
    ),
  ),
];

export const treeMutants: readonly Mutant[] = [
  ...manyMutants,
  ...clearMutants,
  mutant(
    "an unlock wakes nobody",
    edit(
      "nodeversion/assembly/lock.ts",
      "  if ((atomic.xchg<u64>(node, next) & SLEEPERS) !== 0) wakeOne(node);\n",
      "  atomic.xchg<u64>(node, next);\n",
    ),
  ),
  // ---- readers
  mutant(
    "drops the version check after a leaf was read",
    edit(find, "    // FIND1\n    if (hasChanged(leaf, version)) continue;\n", ""),
  ),
  mutant(
    "loads the value after the version was checked",
    edit(
      find,
      "      value = valueIn(leaf, at);\n    }\n    const equal",
      "    }\n    const equal",
    ),
    edit(
      find,
      "    // FIND1\n    if (hasChanged(leaf, version)) continue;\n",
      "    if (hasChanged(leaf, version)) continue;\n    if (equal) value = valueIn(leaf, matchedSlot(bound));\n",
    ),
  ),
  mutant(
    "follows a layer of a leaf that is divided before the version was checked",
    edit(divide, "    if (hasChanged(leaf, version)) return false;\n", ""),
    edit(
      divide,
      "if (hasChanged(node, version) || !divideLeaf(node, version, offset, first, last)) {",
      "if (!divideLeaf(node, version, offset, first, last) || hasChanged(node, version)) {",
    ),
  ),
  mutant(
    "goes on with a count whose layer has vanished, from its beginning",
    edit(count, "    return false; // COUNT2\n", "    return true;\n"),
  ),
  mutant(
    "counts the entries of a leaf that changed twice",
    edit(scan, "      it.count = countBefore;\n", ""),
  ),
  mutant(
    "returns a full batch of a scan before the version was checked",
    edit(
      scan,
      "    if (hasChanged(leaf, version)) {\n      // SCAN1\n",
      "    if (reason === ENOUGH) return true;\n    if (hasChanged(leaf, version)) {\n      // SCAN1\n",
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
      "setWordOut(Located.value);\n  unpinEpoch(participant);\n",
      "setWordOut(Located.value);\n",
    ),
  ),
  // ---- insert
  mutant(
    "inserts over what another thread has inserted meanwhile",
    edit(
      put,
      "      if (!isMet(condition, true, before, expected)) return giveUp(PUT_REFUSED);\n",
      "      if (condition !== PUT_IF_ABSENT && !isMet(condition, true, before, expected)) return giveUp(PUT_REFUSED);\n",
    ),
  ),
  mutant(
    "adds to the word that was there before the lock was taken",
    edit(
      put,
      "        value = combineNumbers(condition, before, value);\n",
      "        value = combineNumbers(condition, seen, value);\n",
    ),
    edit(
      put,
      "  const leaf = lockLeaf(Located.leaf, Located.root, ikey, tag);\n",
      "  const seen = Located.value;\n  const leaf = lockLeaf(Located.leaf, Located.root, ikey, tag);\n",
    ),
  ),
  mutant(
    "compares with the word that was there before the lock was taken",
    edit(
      put,
      "      if (!isMet(condition, true, before, expected)) return giveUp(PUT_REFUSED);\n",
      "      if (condition === PUT_IF_ABSENT) return giveUp(PUT_REFUSED);\n",
    ),
  ),
  mutant(
    "removes another word than it has compared",
    edit(
      remove,
      "  const word = valueIn(leaf, slot);\n  if (isConditional && word !== expected) {\n    abortWrite();\n    return NOT_FOUND;\n  }\n",
      "  const word = valueIn(leaf, slot);\n",
    ),
  ),
  mutant(
    "replaces what another thread has removed meanwhile",
    edit(put, "  if (needsValue<C>(condition)) return giveUp(PUT_REFUSED);\n", ""),
  ),
  mutant(
    "makes a layer for a key that is to be replaced and is not there any more",
    edit(
      put,
      "  if (needsValue<C>(condition)) return giveUp(PUT_REFUSED);\n",
      "  if (needsValue<C>(condition) && tag !== TAG_SUFFIX) return giveUp(PUT_REFUSED);\n",
    ),
  ),
  mutant(
    "publishes the permutation before the slot is filled",
    edit(
      put,
      "    writeEntry(leaf, slot, ikey, tag, value);\n    writePermutation(leaf, insert(lo, hi, position)); // PUT3\n",
      "    writePermutation(leaf, insert(lo, hi, position));\n    writeEntry(leaf, slot, ikey, tag, value);\n",
    ),
  ),
  mutant(
    "fills a slot that a reader may still hold without marking the leaf",
    edit(
      put,
      "      markNode(leaf, INSERTS);\n      writeStale(leaf, false);\n",
      "      writeStale(leaf, false);\n",
    ),
  ),
  mutant(
    "forgets that a removal left a slot that a reader may still hold",
    edit(removeEntry, "  writeStale(leaf, true); // ENTRY1\n", ""),
  ),
  mutant(
    "takes a replaced value for a sign that no reader holds a freed slot",
    edit(
      put,
      "    writeValue(leaf, slot, value); // PUT4\n",
      "    writeValue(leaf, slot, value); // PUT4\n    writeStale(leaf, false);\n",
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
  mutant("turns suffixes into a layer without marking the leaf", ...withoutMark),
  mutant("publishes a layer before it has its keys", ...publishEarly),
  // ---- split
  mutant(
    "unlocks the left leaf before the rest of a split is applied",
    edit(
      journal,
      "  let entry = participant + PARTICIPANT_LOG;\n",
      "  if (locks !== 0) unlock(lockAt(0).node);\n  let entry = participant + PARTICIPANT_LOG;\n",
    ),
    edit(
      journal,
      "  for (let index: u32 = 0; index < locks; index++) unlock(lockAt(index).node);\n",
      "  for (let index: u32 = 1; index < locks; index++) unlock(lockAt(index).node);\n",
    ),
  ),
  mutant(
    "unlocks everything before the log is applied",
    edit(
      journal,
      "  for (let index: u32 = 0; index < locks; index++) unlock(lockAt(index).node);\n",
      "",
    ),
    edit(
      journal,
      "  let entry = participant + PARTICIPANT_LOG;\n",
      "  for (let index: u32 = 0; index < locks; index++) unlock(lockAt(index).node);\n  let entry = participant + PARTICIPANT_LOG;\n",
    ),
  ),
  mutant(
    "marks nodes after the log was applied",
    edit(
      journal,
      "    if (entry.marks !== 0) applyMarks(entry.node, entry.marks);\n",
      "    if (entry.marks === u32.MAX_VALUE) applyMarks(entry.node, entry.marks);\n",
    ),
    edit(
      journal,
      "applyWrite(changetype<Write>(entry));\n",
      "applyWrite(changetype<Write>(entry));\n  for (let index: u32 = 0; index < locks; index++) {\n    applyMarks(lockAt(index).node, lockAt(index).marks);\n  }\n",
    ),
  ),
  mutant(
    "shrinks the left leaf without marking it",
    edit(split, "  markNode(leaf, SPLITS);\n", ""),
  ),
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
      "(version & SPLITTING) !== 0 ? SPLIT_STEP : (version & INSERTING) !== 0 ? INSERT_STEP : 0",
      "(version & SPLITTING) !== 0 ? SPLIT_STEP : 0",
    ),
  ),
  mutant(
    "does not count splits on unlock",
    edit(
      "nodeversion/assembly/lock.ts",
      "(version & SPLITTING) !== 0 ? SPLIT_STEP : (version & INSERTING) !== 0 ? INSERT_STEP : 0",
      "(version & SPLITTING) !== 0 ? 0 : (version & INSERTING) !== 0 ? INSERT_STEP : 0",
    ),
  ),
  // ---- remove, unlink, collapse
  mutant(
    "rewrites a bag in place without marking the leaf",
    edit(suffix, "  markNode(leaf, INSERTS);\n  let used", "  let used"),
  ),
  mutant(
    "gives a leaf a smaller bag without marking it",
    edit(
      suffix,
      "  markNode(leaf, INSERTS);\n  replaceBag(leaf, bag);\n",
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
      '  write32(bag + offsetof<Bag>("used"), used);\n',
      '  write32(bag + offsetof<Bag>("used"), DATA);\n',
    ),
  ),
  mutant(
    "looks for a layer's new root before it has locked the slot above",
    edit(
      coalesce,
      "  if (layerAt(key, offset, true) === 0) return;\n  const place = lockUpper(key, offset);\n",
      "  const known = layerAt(key, offset, true);\n  if (known === 0) return;\n  const root = climb(known);\n  const place = lockUpper(key, offset);\n",
    ),
    edit(
      coalesce,
      "  const root = climb(<usize>valueIn(upper, slot));\n  if (root !== 0) write",
      "  if (root !== 0) write",
    ),
  ),
  mutant(
    "gives a leaf up when the root through which it looked moved down",
    edit(coalesce, "    if (leaf !== 0) return leaf;\n  }\n}\n", "    return leaf;\n  }\n}\n"),
  ),
  mutant(
    "leaves a leaf that was filled again marked as pending",
    edit(
      coalesce,
      "      clearPending(leaf);\n      return KEPT;\n",
      "      abortWrite();\n      return KEPT;\n",
    ),
  ),
  mutant(
    "leaves a leaf that became the root marked as pending",
    edit(coalesce, "  if (isLeaf(version)) writePending(bottom, false);\n", ""),
  ),
  mutant(
    "unlinks a leaf that was filled again",
    edit(
      coalesce,
      "      if (isEmpty(leaf) || planMerge(left, leaf)) return LOCKED;\n",
      "      return LOCKED;\n",
    ),
  ),
  mutant(
    "collapses a layer that was filled again",
    edit(coalesce, "nextOf(bottom) === 0 && isEmpty(bottom)) {", "nextOf(bottom) === 0) {"),
  ),
  mutant(
    "does not mark an unlinked leaf as deleted",
    edit(
      coalesce,
      "  markNode(leaf, DELETES);\n  markNode(left, INSERTS);\n",
      "  markNode(left, INSERTS);\n",
    ),
  ),
  mutant(
    "does not mark a collapsed layer as deleted",
    edit(coalesce, "    markNode(bottom, DELETES);\n", ""),
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
      journal,
      "    retire(participant, entry.block, entry.bytes);\n",
      "    free(participant, entry.block, entry.bytes);\n",
    ),
    edit(journal, "import {\n  dropAllPrivate,\n", "import {\n  free,\n  dropAllPrivate,\n"),
  ),
  mutant(
    "retires blocks before they are out of the structure",
    edit(
      journal,
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
    edit(regionLock, "  markInserting(LOCK); // LOCK3\n  unlock(LOCK);\n", ""),
  ),
  mutant(
    "frees what was retired one epoch ago",
    edit("epoch/assembly/retire-list.ts", "list.epoch + 2 <= epoch", "list.epoch + 1 <= epoch"),
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
      journal,
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
  mutant(
    "reads values with plain loads",
    edit(
      leaf,
      "  return atomic.load<u64>(leaf + ((<usize>slot) << 3), VALUES);",
      "  return load<u64>(leaf + ((<usize>slot) << 3), VALUES);",
    ),
  ),
  mutant(
    "reads permutations with plain loads",
    edit(
      leaf,
      '  return atomic.load<u64>(leaf, offsetof<Leaf>("permutation"));',
      '  return load<u64>(leaf, offsetof<Leaf>("permutation"));',
    ),
  ),
  mutant(
    "reads versions with plain loads",
    edit(
      "nodeversion/assembly/read.ts",
      "  return atomic.load<u64>(node);",
      "  return load<u64>(node);",
    ),
  ),
];
