import type { TreeExports } from "../tree-exports.ts";

/**
 * How this thread tells others who it is, and learns that one of them has ended.
 *
 * @internal
 */
export interface ThreadEnds {
  /** Who this thread is, for the descriptor of a participant that it is about to become. */
  self(): ThreadNumbers;
  /** Has a tree that was attached hear of threads that end, and takes over from those that have. */
  watch(exports: TreeExports): void;
  /** The opposite, before the tree is detached, in the same job. */
  unwatch(exports: TreeExports): void;
  /** Whether a participant's thread has ended; undefined when nobody knows. Answers at once. */
  hasEnded(exports: TreeExports, number: number): boolean | undefined;
  /** The engine's own id of a participant's thread, where it has one that a program could know. */
  threadId(exports: TreeExports, number: number): number | undefined;
}

/**
 * What a participant says of its thread: two numbers, of which the first also marks its ticket and
 * stays below 2^30 - 1. 0 is not known.
 *
 * @internal
 */
export interface ThreadNumbers {
  readonly thread: number;
  readonly osThread: number;
}
