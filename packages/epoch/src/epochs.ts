import { MassTreeCorruptError } from "@masstree/errors";
import { badOption, checkNames } from "@masstree/errors/options";
import { readHeader } from "@masstree/memory";
import type { WasmMemory } from "@masstree/wasm";
import {
  EPOCHS_BAD_COUNT,
  EPOCHS_BAD_FREEING,
  EPOCHS_BAD_LABEL,
  EPOCHS_BAD_LIST,
  EPOCHS_BAD_ORPHAN,
  EPOCHS_BAD_PIN,
  EPOCHS_OK,
  type EpochExports,
} from "./generated/epoch-exports.ts";
import { instantiateEpochs } from "./module.ts";
import { EpochParticipant } from "./participant.ts";
import type { Free } from "./reclaim-queue.ts";

/** Settings of an `Epochs`. */
export interface EpochsOptions {
  /**
   * Frees a block in place of @masstree/memory's allocator. Called in the thread that collects, at the
   * end of `unpin`, `retire`, `collect`, `drain` and `leave`, and must not call them itself. All
   * threads that work on one region must free in the same way.
   *
   * What it throws is thrown by the call that it happened in, after that has freed all the others;
   * the block counts as freed. So does one whose `free` was interrupted.
   *
   * @param block the address that was retired
   * @param bytes the length that it was retired with; the last `RETIRE_TAIL` bytes are overwritten
   */
  free?: Free;
}

const findings: Readonly<Record<number, string>> = {
  [EPOCHS_BAD_LABEL]:
    "A retire list is labelled with an epoch that is still to come, or that belongs into the other list",
  [EPOCHS_BAD_LIST]:
    "A retire list holds a block with an impossible length or link, or more blocks than are counted",
  [EPOCHS_BAD_COUNT]: "The count of retired blocks and bytes is not what the retire lists hold",
  [EPOCHS_BAD_PIN]:
    "A participant announces an epoch that is still to come, or announces one without being pinned",
  [EPOCHS_BAD_ORPHAN]:
    "A descriptor that nobody uses announces an epoch, or holds blocks without being marked",
  [EPOCHS_BAD_FREEING]:
    "A participant was in the middle of freeing a block, or of claiming what another left",
};

/**
 * Epoch-based reclamation over a region of shared memory: blocks that were taken out of a shared
 * structure are freed when no thread can still be looking at them.
 *
 * Each thread makes its own `Epochs` over the one memory and joins with it.
 */
export class Epochs {
  readonly #memory: WasmMemory;
  readonly #free: Free | undefined;
  /** No participant: a call that is interrupted leaves nothing, so it needs no guard. */
  readonly #module: EpochExports;

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
    this.#memory = memory;
    this.#free = free;
    this.#module = instantiateEpochs(memory);
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
    return new EpochParticipant(this.#memory, this.#free);
  }

  /**
   * Checks every invariant of the epochs' part of the region. Only meaningful while no thread uses
   * it. O(participants + blocks retired).
   *
   * @throws MassTreeCorruptError (`MASSTREE_CORRUPT`) with the participant's address as `place`
   */
  verify(): void {
    const code = this.#module.verifyEpochs();
    if (code === EPOCHS_OK) return;
    const participant = this.#module.epochsPlace() >>> 0;
    throw new MassTreeCorruptError(findings[code] ?? `Finding ${code}`, { participant });
  }
}
