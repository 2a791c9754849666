import { requireStack } from "@masstree/wasm";
import type { Reclaim } from "./module.ts";

/** What frees a block in place of @masstree/memory: see `EpochsOptions`. */
export type Free = (block: number, bytes: number) => void;

/** What a `free` has thrown, which may be anything. */
export interface Failure {
  readonly error: unknown;
}

interface Block {
  readonly block: number;
  readonly bytes: number;
}

/**
 * The blocks that the module has freed, on their way to the program's own `free`. It is called once the call
 * into the module has returned: whatever it does, throws or calls, and wherever it is interrupted, the module is
 * not in the middle of a list.
 */
export class ReclaimQueue {
  readonly #free: Free;
  readonly #blocks: Block[] = [];

  constructor(free: Free) {
    this.#free = free;
  }

  /**
   * Takes a block over from the module. If that was interrupted before it had noted this, the recovery hands
   * over the block again, which is the last one here.
   */
  readonly push: Reclaim = (_participant, block, bytes) => {
    if (this.#blocks.at(-1)?.block === block >>> 0) return;
    this.#blocks.push({ block: block >>> 0, bytes: bytes >>> 0 });
  };

  /**
   * Frees all of them. Each counts as freed from the moment that `free` is called with it.
   *
   * @returns what the first `free` that failed has thrown; undefined if none has. If this itself is interrupted,
   *   the next one goes on.
   */
  handOver(): Failure | undefined {
    if (this.#blocks.length === 0) return undefined;
    requireStack();
    let failure: Failure | undefined;
    for (let next = this.#blocks.shift(); next !== undefined; next = this.#blocks.shift()) {
      const free = this.#free;
      try {
        free(next.block, next.bytes);
      } catch (error) {
        failure ??= { error };
      }
    }
    return failure;
  }
}
