/*
 * @masstree/tree: a trie of B+trees in shared memory, from keys (bytes) to opaque 64-bit words.
 *
 * Source: Mao, Kohler, Morris, "Cache craftiness for fast multicore key-value storage", EuroSys 2012 (Masstree).
 *
 *     nodes      leaf.ts      internode.ts   node.ts (what they share)   values.ts (what value words stand for)
 *                suffix.ts, bag.ts (long keys)         prefetch.ts
 *     search     descend.ts (key to leaf, within a layer)                find.ts (through all layers)
 *                search.ts (within a leaf)
 *     write      put.ts (insert, replace)   condition.ts              combine.ts (numbers)
 *                split.ts, internode-split.ts (full nodes)               layer.ts (many equal slices)
 *                remove.ts, remove-entry.ts                              clear.ts
 *                load.ts, load-draft.ts (bottom up)
 *     clean up   route.ts, worklist.ts (routes to empty leaves)          coalesce.ts (unlink, collapse)
 *     threads    wait.ts (for a node)       client.ts (what a dead thread leaves)   events.ts (for a key)
 *                changes.ts, read-changes.ts (for those who watch)
 *     places     tree-words.ts (in region and descriptor)                scratch.ts (private to a participant)
 *     many keys  many.ts
 *     whole      scan.ts, text.ts, count.ts (ranges)  divide.ts (into parts)
 *                verify.ts (every invariant, executable)                fault.ts (where one is broken)
 *     exports    common.ts (of all maps)    module.ts (of maps of plain words)           waiting.ts (for keys)
 *                watching.ts (for changes)
 *
 * For other AssemblyScript code: attach (session package), then call these functions with the address of a key.
 * `wordOut()` returns the word that `put` or `remove` found, until the next call. What that word points to stays
 * in memory while the caller is pinned.
 */
export { clear, clearLeaf } from "./clear";
export { TreeClient } from "./client";
export { drainWorklist } from "./coalesce";
export {
  COMBINE_ADD,
  COMBINE_AND,
  COMBINE_MAX,
  COMBINE_MIN,
  COMBINE_OR,
  COMBINE_XOR,
} from "./combine";
export {
  PUT_ALWAYS,
  PUT_FULL,
  PUT_IF_ABSENT,
  PUT_IF_EQUAL,
  PUT_IF_PRESENT,
  PUT_INSERTED,
  PUT_REFUSED,
  PUT_REPLACED,
} from "./condition";
export { ABSENT, Located, locate, PRESENT } from "./find";
export { appendKey, appendMany, LOAD_FULL } from "./load";
export { entryAfter, findMany, keyLengthOf, putMany, removeMany, WordsInEntries } from "./many";
export { prefetchBlock } from "./prefetch";
export { put } from "./put";
export { NOT_FOUND, REMOVED, remove, removeEqual } from "./remove";
export {
  isScanDone,
  SCAN_END_INCLUSIVE,
  SCAN_HAS_END,
  SCAN_HAS_START,
  SCAN_REVERSE,
  SCAN_START_INCLUSIVE,
  scan,
} from "./scan";
export {
  ENTRIES,
  ENTRY_BYTES,
  ENTRY_KEY,
  ENTRY_VALUE,
  firstEntry,
  setWordOut,
  WORD_EXPECTED,
  WORD_IN,
  WORD_OUT,
  wordExpected,
  wordOut,
} from "./scratch";
export { behindEntries, resultEnd } from "./text";
export { PlainWords } from "./values";
export { SOUND, verify } from "./verify";
