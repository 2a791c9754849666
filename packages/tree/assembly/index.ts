/**
 * @masstree/tree: a trie of B+trees in shared memory, from keys (bytes) to opaque 64-bit words.
 *
 * Source: Mao, Kohler, Morris, "Cache craftiness for fast multicore key-value storage", EuroSys 2012 (Masstree).
 *
 *     session.ts    which participant this instance is, and the words in the region
 *     leaf.ts       the leaf         internode.ts  the internode      node.ts  what they share
 *     suffix.ts     long keys        bag.ts        where they are
 *     descend.ts    key to leaf, within a layer                      find.ts  through all layers    touch.ts  before the wait
 *     transaction.ts  how a write becomes whole or nothing           values.ts  what value words stand for
 *     put.ts        insert, replace  split.ts  full leaves            hang.ts  full internodes    layer.ts  equal slices
 *     remove.ts     remove           queue.ts  routes to empty leaves coalesce.ts  unlink, collapse
 *     takeout.ts    out of its leaf
 *     scan.ts       ranges           clear.ts                         verify.ts  every invariant, executable
 *     recover.ts    what a thread that died leaves
 *     module.ts     the WebAssembly exports: what JavaScript calls
 *
 * For other AssemblyScript code: enter() a participant, then call these with the address of a key. An outcome's word
 * (`locatedValue`, `replaced`, `removed`) is valid until the next call, and what it points to as long as the caller is pinned.
 */
export { clear } from "./clear";
export { drainQueue } from "./coalesce";
export { ABSENT, locate, locatedValue, PRESENT } from "./find";
export { createLayer } from "./layer";
export { FULL, INSERTED, put, REPLACED, replaced } from "./put";
export { NOT_FOUND, REMOVED, remove, removed } from "./remove";
export {
  END_INCLUSIVE,
  ENTRIES,
  HAS_END,
  HAS_START,
  REVERSE,
  START_INCLUSIVE,
  scan,
  scanDone,
} from "./scan";
export { enter, entries, owner, participant } from "./session";
export { PlainWords } from "./values";
export { failedDetail, failedDetail2, failedNode, SOUND, verify } from "./verify";
