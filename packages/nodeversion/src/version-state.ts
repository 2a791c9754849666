import type { Exports } from "./exports.ts";

/** A version word, taken apart. */
export interface VersionState {
  /** Who holds the lock, 1 to 1023; 0 when unlocked. */
  readonly owner: number;
  /** A thread sleeps until the word is unlocked. */
  readonly sleepers: boolean;
  /** Content is being changed in place. */
  readonly inserting: boolean;
  /** Content is moving to another node, or the node is being deleted. */
  readonly splitting: boolean;
  /** The node was deleted, for good. */
  readonly deleted: boolean;
  /** The node is a root. */
  readonly root: boolean;
  /** The node is a leaf. */
  readonly leaf: boolean;
  /** The insert counter, 0 to 65,535; its overflow carries into `splits`. */
  readonly inserts: number;
  /** The split counter, 0 to 2^32 - 1; wraps. */
  readonly splits: number;
}

/** Takes a version word apart, with the masks of the module that made it. */
export function describeVersion(exports: Exports, version: bigint): VersionState {
  const has = (bit: WebAssembly.Global<"i64">) => (version & bit.value) !== 0n;
  const splitStep = exports.SPLIT_STEP.value;
  return {
    owner: Number(version & exports.OWNER_MASK.value),
    sleepers: has(exports.SLEEPERS),
    inserting: has(exports.INSERTING),
    splitting: has(exports.SPLITTING),
    deleted: has(exports.DELETED),
    root: has(exports.ROOT),
    leaf: has(exports.LEAF),
    inserts: Number((version % splitStep) / exports.INSERT_STEP.value),
    splits: Number(version / splitStep),
  };
}
