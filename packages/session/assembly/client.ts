/*
 * What a structure tells this package about itself. Functions that need it are generic over a class with these
 * methods. They call the methods on a null reference, and the compiler binds them: there is no instance, no
 * function table, no data. Write an @unmanaged class that extends `Client` and overrides what differs, or one with
 * the same methods, and pass it as `C`.
 *
 * Which structure a region holds is in its configuration word CONFIG_STRUCTURE, for all structures the same word. The
 * tree is older: it leaves the word at 0, and knows its regions by words of its own.
 */
import { CONFIG_WORDS, config, createRegion, OK, setConfig } from "@masstree/memory/assembly";

/** The region's configuration word that says which structure it holds. The other words are the structure's. */
export const CONFIG_STRUCTURE: u32 = CONFIG_WORDS - 1;

/**
 * Lays out a region in a zeroed memory, for a structure that is empty when it is all zeros, or that its Client's
 * `attach` creates.
 *
 * @param maxWasmPages how far the memory may grow, in pages of 64 KiB
 * @param structure says which structure it is, in which version of its layout: not 0, and not used by another
 * @returns OK or BAD (@masstree/memory)
 */
export function createStructure(maxWasmPages: u32, structure: u32): u32 {
  const status = createRegion(maxWasmPages);
  if (status === OK) setConfig(CONFIG_STRUCTURE, structure);
  return status;
}

/** Whether the region was laid out by `createStructure` for this structure: for a Client's `isHere`. */
export function holdsStructure(structure: u32): bool {
  return config(CONFIG_STRUCTURE) === structure;
}

/**
 * A structure that has nothing of its own to check, create or recover: each of its writes is a journaled one. Its
 * nodes are in the region's header, or in blocks that were reached before.
 */
@unmanaged
export class Client {
  /**
   * How many bytes of a node an operation may look at, from its version word on. Whoever waits for the node, or
   * takes its lock, reaches them first (memory's reach.ts).
   */
  nodeBytes(): u32 {
    return 8;
  }

  /** Whether the region, which has this layout, holds this structure and not another. */
  isHere(): bool {
    return true;
  }

  /**
   * Called by each participant as it attaches. The first one creates the empty structure in private blocks, and
   * publishes it by one atomic store; no lock is needed, because nobody else has the region yet. Afterwards the
   * blocks are no longer private. Returns false if memory is full; then nothing is kept.
   */
  attach(): bool {
    return true;
  }

  /**
   * Recovery, first part. This instance has entered the dead participant, whose journaled write is finished or
   * undone. Remove from its private blocks (memory's private.ts) those that live data leads to; the rest is freed
   * afterwards. Must not wait or fail, and must have the same effect when called again.
   */
  undo(): void {}

  /**
   * Recovery, second part. The dead participant has no private blocks left. Leave its unfinished work to others.
   * May try to take a lock (`lockNodeOrTimeout` of the journal), but must never wait for one.
   *
   * @returns 0 when done; else the lock that is in the way: the recovery is given up and repeated later
   */
  handOver(): usize {
    return 0;
  }
}
