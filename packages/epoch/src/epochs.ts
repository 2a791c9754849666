import {
  MassTreeCorruptError,
  MassTreeFullError,
  MassTreeTooManyParticipantsError,
} from "@masstree/errors";
import { badOption, checkNames } from "@masstree/errors/options";
import { readHeader } from "@masstree/memory";
import type { WasmMemory } from "@masstree/wasm";
import { type EpochModule, instantiateEpochs, type Reclaim } from "./module.ts";
import { EpochParticipant } from "./participant.ts";

/** Settings of an `Epochs`. */
export interface EpochsOptions {
  /**
   * Frees a block in place of @masstree/memory's allocator. Called in the thread that collects, from
   * within `unpin`, `retire`, `collect`, `drain` and `leave`, and must not call them itself. All
   * threads that work on one region must free in the same way.
   *
   * What it throws is thrown by the call that it happened in, after that has freed all the others;
   * the block counts as freed.
   *
   * @param block the address that was retired
   * @param bytes the length that it was retired with; the last `RETIRE_TAIL` bytes are overwritten
   */
  free?: (block: number, bytes: number) => void;
}

/** memory's status for 'every number is taken'. */
const TOO_MANY = 2;

const findings: Record<number, string> = {
  1: "A bag is labelled with an epoch that is still to come, or that belongs into another bag",
  2: "A bag holds a block with an impossible length or link, or more blocks than are counted",
  3: "The count of retired blocks and bytes is not what the bags hold",
  4: "A participant announces an epoch that is still to come, or announces one without being pinned",
  5: "A descriptor that nobody uses announces an epoch, or holds blocks without being marked",
  6: "A participant was in the middle of freeing a block, or of claiming what another left",
};

/**
 * Epoch-based reclamation over a region of shared memory: blocks that were taken out of a shared
 * structure are freed when no thread can still be looking at them.
 *
 * Each thread makes its own `Epochs` over the one memory and joins with it.
 */
export class Epochs {
  readonly #module: EpochModule;
  #failed = false;
  #failure: unknown;

  /**
   * @param memory a region that @masstree/memory made
   * @param options see `EpochsOptions`
   * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`) when the memory holds no region;
   *   MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for an unknown option, and when
   *   `options.free` is no function
   */
  constructor(memory: WasmMemory, options: EpochsOptions = {}) {
    checkNames(options, ["free"]);
    const { free } = options;
    if (free !== undefined && typeof free !== "function") {
      throw badOption("free", "a function", free);
    }
    readHeader(memory);
    this.#module = instantiateEpochs(memory, free && this.#reclaim(free));
  }

  /**
   * The global epoch, from 0. It may have advanced by the time the caller looks at it. O(1).
   */
  get epoch(): bigint {
    return this.#module.globalEpoch();
  }

  /**
   * How many blocks were retired and are not freed yet, by all threads and those that have left.
   * Exact when no one is retiring or collecting. O(participants).
   */
  get retiredBlocks(): number {
    return this.#module.retiredBlocks();
  }

  /** How many bytes those blocks have. Exact when no one is retiring or collecting. O(participants). */
  get retiredBytes(): number {
    return this.#module.retiredBytes();
  }

  /**
   * Advances the epoch by one, unless a participant is pinned in an earlier one. Nobody needs to call
   * this: collecting does. Never waits. O(participants).
   *
   * @returns whether this call advanced it
   */
  tryAdvance(): boolean {
    return this.#module.tryAdvance() !== 0;
  }

  /**
   * Makes the calling thread a participant. A thread may have several.
   *
   * @throws MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`) when the region has
   *   no room for another; MassTreeFullError (`MASSTREE_FULL`) when it is at its maximum and has
   *   no room for the participant's memory
   */
  join(): EpochParticipant {
    const address = this.#module.register() >>> 0;
    if (address !== 0) {
      return new EpochParticipant(this.#module, address, () => this.#rethrow());
    }
    if (this.#module.registerFailure() === TOO_MANY) {
      throw new MassTreeTooManyParticipantsError(
        "Every participant of the region is in use. Let a thread leave before another joins.",
      );
    }
    throw new MassTreeFullError(
      "The region has no room for another participant. Free something, or make it larger.",
    );
  }

  /**
   * Checks every invariant of the epochs' part of the region. Only meaningful while no thread uses
   * it. O(participants + blocks retired).
   *
   * @throws MassTreeCorruptError (`MASSTREE_CORRUPT`) with the participant's address as `place`
   */
  verify(): void {
    const code = this.#module.verifyEpochs();
    if (code === 0) return;
    const participant = this.#module.epochsPlace() >>> 0;
    throw new MassTreeCorruptError(findings[code] ?? `Finding ${code}`, { participant });
  }

  // An exception must not unwind the module in the middle of a list: it is kept until the call ends.
  #reclaim(free: NonNullable<EpochsOptions["free"]>): Reclaim {
    return (_participant, block, bytes) => {
      try {
        free(block >>> 0, bytes >>> 0);
      } catch (error) {
        if (!this.#failed) this.#failure = error;
        this.#failed = true;
      }
    };
  }

  #rethrow(): void {
    if (!this.#failed) return;
    const failure = this.#failure;
    this.#failed = false;
    this.#failure = undefined;
    throw failure;
  }
}
