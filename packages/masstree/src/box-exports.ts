import type { TreeExports } from "@masstree/tree";

/**
 * What the tree with boxed values exports: the tree's functions, of which `get` and `set` are not to
 * be called, and these. A box is named by the address of its payload; the payload's length is the
 * 32-bit word before it.
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
  /** The key's box, and this thread pinned until `unpin`; 0 when there is none, and not pinned. */
  getBox(keyLength: number): number;
  /** 1 when there was something to remove. */
  removeBox(keyLength: number): number;
}

/** Longest payload that `copyOut` and `copyIn` take. */
export const COPIED_BYTES = 65536;

/** What `copyOut` answers when the key is not there: no payload is that long. */
export const ABSENT = -1;
