import { MassTreeBadOptionError, MassTreeClosedError } from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { describe } from "@masstree/errors/options";
import type { EpochModule } from "./module.ts";

/**
 * Bytes at the end of every retired block that are overwritten when it is retired: readers that
 * still hold the block must not look there.
 */
export const RETIRE_TAIL = 8;

// What `using` calls; see Usable.
export interface EpochParticipant extends Usable {}

/**
 * One thread's part in the reclamation of a region. Made by `Epochs.join`; not to be used by another
 * thread.
 *
 * Every method throws MassTreeClosedError (`MASSTREE_CLOSED`) after `leave`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class EpochParticipant {
  readonly #module: EpochModule;
  /** Of the descriptor. */
  readonly #address: number;
  readonly #rethrow: () => void;
  #left = false;

  /** @internal Use `Epochs.join`. */
  constructor(module: EpochModule, address: number, rethrow: () => void) {
    this.#module = module;
    this.#address = address;
    this.#rethrow = rethrow;
  }

  /** Whether the participant is pinned. O(1). */
  get pinned(): boolean {
    return this.#open().isPinned(this.#address) !== 0;
  }

  /**
   * How many epochs the global one is ahead of the one that this participant is pinned in; 0 when it
   * is not pinned. O(1).
   */
  get epochsBehind(): bigint {
    return this.#open().epochsBehind(this.#address);
  }

  /**
   * Keeps every block that can be reached from now on from being freed, until `unpin`. Pins nest.
   * Read shared addresses only while pinned, and unpin soon: nothing that any thread retires
   * meanwhile is freed. O(1).
   */
  pin(): void {
    this.#open().pin(this.#address);
  }

  /**
   * Undoes one `pin`. The outermost one lets go of everything that was read, and collects when enough
   * was retired. O(1), or as `collect`.
   *
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) when the participant is not pinned
   */
  unpin(): void {
    const module = this.#open();
    if (module.isPinned(this.#address) === 0) {
      throw new MassTreeBadOptionError(
        "The participant is not pinned: pin and unpin must pair up.",
      );
    }
    module.unpin(this.#address);
    this.#rethrow();
  }

  /**
   * Hands over a block, to be freed when every participant that is pinned now has unpinned. Never
   * fails, never waits, allocates nothing.
   *
   * @param block its address. No thread can find the block any more: every shared word that led to
   *   it was changed, atomically, before.
   * @param bytes its length as it was allocated, at least `RETIRE_TAIL`; the last `RETIRE_TAIL`
   *   bytes are overwritten
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for an impossible address or length
   */
  retire(block: number, bytes: number): void {
    const module = this.#open();
    if (!isAddress(block) || !isAddress(bytes) || bytes < RETIRE_TAIL) {
      throw new MassTreeBadOptionError(
        `Cannot retire ${describe(bytes)} bytes at ${describe(block)}: a block has an address above 0 and at least ${RETIRE_TAIL} bytes.`,
      );
    }
    module.retire(this.#address, block, bytes);
    this.#rethrow();
  }

  /**
   * Frees what this participant, and those that have left, retired long enough ago. `unpin` and
   * `retire` do so by themselves every few retirements. O(participants + blocks freed).
   */
  collect(): void {
    this.#open().collect(this.#address);
    this.#rethrow();
  }

  /**
   * Tries hard to free everything that this participant, and those that have left, retired. Does not
   * wait: another thread that is pinned is in its way. O(participants + blocks freed).
   *
   * @returns whether nothing is left
   */
  drain(): boolean {
    const drained = this.#open().drain(this.#address) !== 0;
    this.#rethrow();
    return drained;
  }

  /**
   * Ends this participant, pinned or not. What it retired and cannot be freed yet is freed by others,
   * when they collect. Leaving twice does nothing.
   */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#module.leave(this.#address);
    this.#module.unregister(this.#address);
    this.#rethrow();
  }

  #open(): EpochModule {
    if (this.#left) {
      throw new MassTreeClosedError("The participant has left. Join again to go on.");
    }
    return this.#module;
  }

  static {
    makeUsable(EpochParticipant.prototype, (participant) => participant.leave());
  }
}

function isAddress(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 2 ** 32;
}
