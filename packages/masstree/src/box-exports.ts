import type { TreeExports } from "@masstree/tree";

/**
 * What the tree with values of any size exports: the tree's functions but those that take or give
 * value words, and these. A payload of up to seven bytes stands in the value word; a longer one in a
 * box, which is named by the address of its payload, and the payload's length is the 32-bit word
 * before that.
 *
 * `set`-like functions answer with a `SetResult`. A box that is replaced or removed is retired.
 */
export interface BoxExports extends TreeExports {
  /**
   * The key's payload, copied behind the value words of the result scratch if it is no longer than
   * COPIED_BYTES.
   *
   * @returns its length, or ABSENT
   */
  copyOut(keyLength: number): number;
  /** Sets the key to the payload of this length behind the value words of the result scratch. */
  copyIn(keyLength: number, payloadLength: number): number;

  /** A box with room for a payload of this length, to be filled; 0 when it does not fit. */
  allocateBox(payloadLength: number): number;
  /** Frees a box that was not set. */
  discardBox(box: number): void;
  /** Sets the key to a box that was filled. When full, the box is still the caller's. */
  setBox(keyLength: number, box: number): number;
  /**
   * The key's box, and this thread pinned until `unpin`; 0 when the key is not there or its value has
   * no box, and then not pinned.
   */
  getBox(keyLength: number): number;
  /** 1 when there was something to remove. */
  removeBox(keyLength: number): number;
}

/** Longest payload that `copyOut` and `copyIn` take. */
export const COPIED_BYTES = 65536;

/** What `copyOut` answers when the key is not there: no payload is that long. */
export const ABSENT = -1;
