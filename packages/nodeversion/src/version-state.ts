import {
  DELETED,
  INSERT_STEP,
  INSERTING,
  LEAF,
  OWNER_MASK,
  ROOT,
  SLEEPERS,
  SPLIT_STEP,
  SPLITTING,
} from "./generated/nodeversion-exports.ts";

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

/** Takes a version word apart. */
export function describeVersion(version: bigint): VersionState {
  const has = (bit: bigint) => (version & bit) !== 0n;
  return {
    owner: Number(version & OWNER_MASK),
    sleepers: has(SLEEPERS),
    inserting: has(INSERTING),
    splitting: has(SPLITTING),
    deleted: has(DELETED),
    root: has(ROOT),
    leaf: has(LEAF),
    inserts: Number((version % SPLIT_STEP) / INSERT_STEP),
    splits: Number(version / SPLIT_STEP),
  };
}
