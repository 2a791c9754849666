import {
  MassTreeBadOptionError,
  MassTreeClosedError,
  MassTreeFullError,
  MassTreeInterruptedError,
  MassTreeTooManyParticipantsError,
} from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { describe } from "@masstree/errors/options";
import { Participation, type WasmMemory } from "@masstree/wasm";
import { type EpochExports, RETIRE_TAIL, TOO_MANY } from "./generated/epoch-exports.ts";
import { instantiateEpochs } from "./module.ts";
import { type Free, ReclaimQueue } from "./reclaim-queue.ts";

// What `using` calls; see Usable.
export interface EpochParticipant extends Usable {}

/**
 * One thread's part in the reclamation of a region. Made by `Epochs.join`; not to be used by another
 * thread.
 *
 * Every method throws MassTreeClosedError (`MASSTREE_CLOSED`) after `leave`.
 *
 * A call that is interrupted (the stack is full, or node:vm's timeout passes) ends the pins: what was read under
 * them may be freed. The next call puts right what was left half done, and from then on `pinned` is false. `unpin`
 * still pairs up, and does nothing; but until each of these pins was undone by it, `pin` throws
 * MassTreeInterruptedError (`MASSTREE_INTERRUPTED`). A program whose `finally` blocks unpin notices nothing else;
 * after a timeout, which runs none, leave and join again. What was retired stays retired. After an interruption
 * any method may throw what `Epochs.join` throws for lack of room; the next one tries again.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class EpochParticipant {
  readonly #memory: WasmMemory;
  readonly #queue: ReclaimQueue | undefined;
  readonly #use: Participation<EpochExports>;
  /** How many pins are nested. */
  #depth = 0;
  /** How many pins an interruption has ended that were not undone since. */
  #lost = 0;
  /** The block of a `retire` that was interrupted once it was retired; 0 for none. */
  #retired = 0;
  #left = false;

  /** @internal Use `Epochs.join`. */
  constructor(memory: WasmMemory, free: Free | undefined) {
    const queue = free && new ReclaimQueue(free);
    this.#memory = memory;
    this.#queue = queue;
    this.#use = new Participation(
      () => instantiateEpochs(memory, queue?.push),
      joinError,
      () => {
        this.#lost += this.#depth;
        this.#depth = 0;
      },
    );
  }

  /** Whether the participant is pinned. O(1). */
  get pinned(): boolean {
    this.#open();
    return this.#depth !== 0;
  }

  /**
   * How many epochs the global one is ahead of the one that this participant is pinned in; 0 when it
   * is not pinned. O(1).
   */
  get epochsBehind(): bigint {
    return this.#open().epochsBehind(this.#use.participant);
  }

  /**
   * Keeps every block that can be reached from now on from being freed, until `unpin`. Pins nest.
   * Read shared addresses only while pinned, and unpin soon: nothing that any thread retires
   * meanwhile is freed. O(1).
   *
   * @throws MassTreeInterruptedError (`MASSTREE_INTERRUPTED`) while pins that an interruption has ended are not
   *   undone
   */
  pin(): void {
    const exports = this.#open();
    if (this.#lost !== 0) {
      throw new MassTreeInterruptedError(
        `A call was interrupted, and ${this.#lost} pins ended with it: what was read under them may be freed. Forget it, and undo them with 'unpin', or leave and join again.`,
      );
    }
    exports.pin(this.#use.participant);
    this.#depth++;
  }

  /**
   * Undoes one `pin`. The outermost one lets go of everything that was read, and collects when enough
   * was retired. O(1), or as `collect`.
   *
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) when the participant is not pinned
   */
  unpin(): void {
    const exports = this.#open();
    if (this.#lost !== 0) {
      this.#lost--;
      return;
    }
    if (this.#depth === 0) {
      throw new MassTreeBadOptionError(
        "The participant is not pinned: pin and unpin must pair up.",
      );
    }
    const { life, participant } = this.#use;
    // The pin is undone from here on, even if the call is interrupted before it begins.
    life.holding = true;
    this.#depth--;
    exports.unpin(participant);
    life.holding = false;
    this.#handOver();
  }

  /**
   * Hands over a block, to be freed when every participant that is pinned now has unpinned. Never
   * waits, allocates nothing. O(1), or as `collect`; O(participants) if the program has its own `free`.
   *
   * Nobody needs to know whether one that was interrupted has retired the block: repeat it as the next call of
   * this participant, and the block is retired once.
   *
   * @param block its address. No thread can find the block any more: every shared word that led to
   *   it was changed, atomically, before.
   * @param bytes its length as it was allocated, at least `RETIRE_TAIL`; the last `RETIRE_TAIL`
   *   bytes are overwritten
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if no block of that length can be there. That a block is
   *   retired twice, or is free, is not seen, and breaks the region.
   */
  retire(block: number, bytes: number): void {
    const exports = this.#openAgain();
    if (!this.#canBeBlock(exports, block, bytes)) {
      throw new MassTreeBadOptionError(
        `Cannot retire ${describe(bytes)} bytes at ${describe(block)}: there is no such block. It has at least ${RETIRE_TAIL} bytes.`,
      );
    }
    if (this.#retired !== block) {
      // A call into the module that is interrupted has not retired: its last store does (RETIRE2).
      exports.retire(this.#use.participant, block, bytes);
      this.#retired = block;
    }
    const failure = this.#queue?.handOver();
    this.#retired = 0;
    if (failure !== undefined) throw failure.error;
  }

  /**
   * Frees what this participant, and those that have left, retired long enough ago. `unpin` and
   * `retire` do so by themselves every few retirements. O(participants + blocks freed).
   */
  collect(): void {
    this.#open().collect(this.#use.participant);
    this.#handOver();
  }

  /**
   * Tries hard to free everything that this participant, and those that have left, retired. Does not
   * wait: another thread that is pinned is in its way. O(participants + blocks freed).
   *
   * @returns whether nothing is left
   */
  drain(): boolean {
    const drained = this.#open().drain(this.#use.participant) !== 0;
    this.#handOver();
    return drained;
  }

  /**
   * Ends this participant, pinned or not. What it retired and cannot be freed yet is freed by others,
   * when they collect. Leaving twice does nothing.
   */
  leave(): void {
    if (this.#left) return;
    this.#use.openToLeave()?.part(this.#use.participant);
    this.#left = true;
    this.#handOver();
  }

  /** Whether a block may have this address and length: one of the region's allocator, or of the program's own. */
  #canBeBlock(exports: EpochExports, block: number, bytes: number): boolean {
    if (!isAddress(block) || !isAddress(bytes) || bytes < RETIRE_TAIL) return false;
    if (this.#queue === undefined) return exports.isBlock(block, bytes) !== 0;
    return (
      block % RETIRE_TAIL === 0 &&
      block + bytes <= this.#memory.buffer.byteLength &&
      exports.isSystem(block, bytes) === 0
    );
  }

  /** Frees what the module has freed, if that is the program's business. */
  #handOver(): void {
    const failure = this.#queue?.handOver();
    if (failure !== undefined) throw failure.error;
  }

  /** The exports to call next. What comes after this call is no repetition of an interrupted `retire`. */
  #open(): EpochExports {
    this.#retired = 0;
    return this.#openAgain();
  }

  #openAgain(): EpochExports {
    if (this.#left) {
      throw new MassTreeClosedError("The participant has left. Join again to go on.");
    }
    return this.#use.open();
  }

  static {
    makeUsable(EpochParticipant.prototype, (participant) => participant.leave());
  }
}

function joinError(exports: EpochExports): Error {
  return exports.joinFailure() === TOO_MANY
    ? new MassTreeTooManyParticipantsError(
        "Every participant of the region is in use. Let a thread leave before another joins.",
      )
    : new MassTreeFullError(
        "The region has no room for another participant. Free something, or make it larger.",
      );
}

function isAddress(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 2 ** 32;
}
