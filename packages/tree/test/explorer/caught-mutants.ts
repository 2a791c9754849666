// Generated mutants that one program catches soon, for the tests. Taken from the results of a run; if a source
// changes so that one is gone, a test says so, and it leaves this list.
import type { Edit } from "@tooling/interleave/catalog";

export interface CaughtMutant extends Edit {
  readonly operator: string;
  /** The target and the program that catches it, with one preemption. */
  readonly target: string;
  readonly program: string;
}

export const caughtMutants: readonly CaughtMutant[] = [
  {
    operator: "negate a condition",
    file: "nodeversion/assembly/read.ts",
    find: "  return isDirty(version) ? awaitStable(node) : version;",
    replace: "  return !(isDirty(version)) ? awaitStable(node) : version;",
    target: "version",
    program: "splitMarked, splitMarked | readSplit, readSplit",
  },
  {
    operator: "negate a comparison",
    file: "epoch/assembly/pin.ts",
    find: "  if (depth === 0) announce(participant, globalEpoch());",
    replace: "  if (depth !== 0) announce(participant, globalEpoch());",
    target: "reclaim",
    program: "replace 3, collectNow | tryAdvance | read",
  },
  {
    operator: "leave out an unlock",
    file: "memory/assembly/cache.ts",
    find: "  if (page !== 0) countOut(1, (<i64>pages) << PAGE_SHIFT);\n  unlockRegion();",
    replace: "  if (page !== 0) countOut(1, (<i64>pages) << PAGE_SHIFT);\n  ",
    target: "reclaim",
    program: "churnSmall | churnHuge",
  },
  {
    operator: "leave out a version check",
    file: "nodeversion/assembly/lock.ts",
    find: "  return !isLocked(version) && atomic.cmpxchg<u64>(node, version, version | mark) === version;",
    replace: "  return !false && atomic.cmpxchg<u64>(node, version, version | mark) === version;",
    target: "version",
    program: "count | countTrying",
  },
  {
    operator: "leave out a retire",
    file: "epoch/assembly/retire-list.ts",
    find: "    if (list.head !== 0 && list.epoch + 2 <= epoch) freeList<F>(participant, area, list);",
    replace: "    if (list.head !== 0 && list.epoch + 2 <= epoch) {}",
    target: "reclaim",
    program: "replace 3, collectNow, collectNow | readNested",
  },
  {
    operator: "negate a comparison",
    file: "nodeversion/assembly/word.ts",
    find: "  return (version & DIRTY) !== 0;",
    replace: "  return (version & DIRTY) === 0;",
    target: "version",
    program: "countImpatiently | readPair",
  },
  {
    operator: "shift a comparison by one",
    file: "epoch/assembly/verify.ts",
    find: "    if (list.epoch > epoch || (<u32>list.epoch & (RETIRE_LISTS - 1)) !== index)",
    replace: "    if (list.epoch >= epoch || (<u32>list.epoch & (RETIRE_LISTS - 1)) !== index)",
    target: "reclaim",
    program: "replace 2 | dropAllPrivate",
  },
  {
    operator: "leave out a wake-up",
    file: "nodeversion/assembly/sleep.ts",
    find: "  atomic.notify(node, 1);",
    replace: "  ",
    target: "version",
    program: "count | countTrying",
  },
  {
    operator: "negate a comparison",
    file: "nodeversion/assembly/word.ts",
    find: "  return ((before ^ after) & SPLIT) !== 0;",
    replace: "  return ((before ^ after) & SPLIT) === 0;",
    target: "version",
    program: "splitMarked, splitMarked | readSplit, readSplit",
  },
  {
    operator: "leave out a call",
    file: "epoch/assembly/pin.ts",
    find: "  if (depth === 0) announce(participant, globalEpoch());",
    replace: "  if (depth === 0) {}",
    target: "reclaim",
    program: "replace 3, collectNow | tryAdvance | read",
  },
  {
    operator: "negate a comparison",
    file: "nodeversion/assembly/lock.ts",
    find: "  return !isLocked(version) && atomic.cmpxchg<u64>(node, version, version | mark) === version;",
    replace:
      "  return !isLocked(version) && atomic.cmpxchg<u64>(node, version, version | mark) !== version;",
    target: "version",
    program: "count | countTrying",
  },
  {
    operator: "negate a comparison",
    file: "memory/assembly/verify.ts",
    find: "    if (page === 0 || page >= extent()) return broken(BROKEN_HEADER, segment);",
    replace: "    if (page !== 0 || page >= extent()) return broken(BROKEN_HEADER, segment);",
    target: "tree-3",
    program: "two layers: scan up 100 | scan up 100",
  },
  {
    operator: "leave out a store",
    file: "tree/assembly/leaf.ts",
    find: "  write64(word + IKEYS, ikey);",
    replace: "  ",
    target: "tree-3",
    program: "full leaf: remove d, set e=5 | get e",
  },
  {
    operator: "leave out a pin",
    file: "tree/assembly/divide.ts",
    find: "  pin(participant);",
    replace: "  ",
    target: "tree-3",
    program: "counted and divided while a leaf splits: divide | set c=2",
  },
  {
    operator: "negate a comparison",
    file: "tree/assembly/coalesce.ts",
    find: "    const root = layerAt(prefix, offset, true);\n    if (root === 0) return 0;",
    replace: "    const root = layerAt(prefix, offset, true);\n    if (root !== 0) return 0;",
    target: "tree-3",
    program: "three leaves, two of them nearly empty: remove p | remove p",
  },
  {
    operator: "negate a comparison",
    file: "session/assembly/participant.ts",
    find: "    if (descriptor !== 0) sum += atomic.load<i64>(descriptor + offset, PARTICIPANT_STRUCTURE);",
    replace:
      "    if (descriptor === 0) sum += atomic.load<i64>(descriptor + offset, PARTICIPANT_STRUCTURE);",
    target: "tree-3",
    program: "added to: add c=4 | scan up 100",
  },
  {
    operator: "skip a step of recovery",
    file: "session/assembly/journal.ts",
    find: "    retire(participant, entry.block, entry.bytes);",
    replace: "    ",
    target: "tree-3",
    program: "a layer that splits: set sharedpfa=1 | scan up 100",
  },
  {
    operator: "shift a comparison by one",
    file: "key/assembly/slice.ts",
    find: "  if (left >= SLICE_BYTES) return word;",
    replace: "  if (left > SLICE_BYTES) return word;",
    target: "tree-3",
    program: "everything meets: scan up 100 | scan up 100",
  },
  {
    operator: "negate a comparison",
    file: "key/assembly/slice.ts",
    find: "  if (ikeyA === ikeyB) return i32(classA > classB) - i32(classA < classB);",
    replace: "  if (ikeyA !== ikeyB) return i32(classA > classB) - i32(classA < classB);",
    target: "tree-3",
    program: "inserted only if it is not there: insert c=2 | insert c=4 | remove c",
  },
  {
    operator: "shift a comparison by one",
    file: "permuter/assembly/index.ts",
    find: "  if (strayBits !== 0 || size(lo) > SLOTS) return false;",
    replace: "  if (strayBits !== 0 || size(lo) >= SLOTS) return false;",
    target: "tree-3",
    program: "inserted only if it is not there: insert c=2 | insert c=4 | remove c",
  },
];
