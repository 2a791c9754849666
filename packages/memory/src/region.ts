import {
  MassTreeBadOptionError,
  MassTreeClosedError,
  MassTreeFullError,
  MassTreeTooManyParticipantsError,
} from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { badOption, checkNames, describe } from "@masstree/errors/options";
import {
  compileEmbedded,
  instantiate,
  isSharedMemory,
  Participation,
  type WasmMemory,
} from "@masstree/wasm";
import { corruption } from "./corruption.ts";
import { createMemory, type MemoryOptions, memoryPages } from "./create-memory.ts";
import { wasm } from "./generated/memory.ts";
import { CONFIG_WORDS, FULL, type MemoryExports } from "./generated/memory-exports.ts";
import { type RegionHeader, readHeader } from "./read-header.ts";
import { RegionView } from "./region-view.ts";

/** How the bytes of a region are used. Exact when no thread allocates or frees meanwhile. */
export interface RegionAccount {
  /** Blocks that were allocated and not freed, by any thread. */
  readonly liveBlocks: number;
  /** Their bytes, by real size. */
  readonly liveBytes: number;
  /** Bytes that can never be a block: header, page map, participants, the slabs' own. */
  readonly overheadBytes: number;
  /** Bytes that the region has. What is neither live nor overhead is free. */
  readonly committedBytes: number;
}

const largestSize = 2 ** 32 - 1;

// What `using` calls; see Usable.
export interface Region extends Usable {}

/**
 * One thread's use of a region: an allocator whose blocks all threads share.
 *
 * A block is an address, a byte offset into `memory`. Any thread may free what any other allocated,
 * given the size it was allocated with. What is in a block, and how threads agree on that, is their
 * business: nothing here orders accesses, except that what a thread did before it freed a block
 * comes before what is done by the one that gets it next.
 *
 * Make one object per thread: it takes one of the region's 248 participants until it is closed.
 *
 * A call that is interrupted (the stack is full, or node:vm's timeout passes) loses nothing. Others take over
 * the lock that it held. The next operation makes this object another participant, with another `number`, and
 * puts right what was left half done. So any operation may throw, after an interruption, what `attach` throws
 * for lack of room; the one after it tries again. Whether an interrupted `free` has freed, nobody needs to
 * know: repeat it as the object's next operation, and the block is freed once.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class Region {
  /** The region's memory: send it to another thread, which calls `Region.attach` with it. */
  readonly memory: WasmMemory;
  /** Typed arrays over the memory. `allocate` makes them reach the block that it returns. */
  readonly view: RegionView;
  readonly #use: Participation<MemoryExports>;
  #closed = false;
  /** The block that an interrupted `free` has freed, or its recovery; 0 for none. */
  #freed = 0;

  private constructor(memory: WasmMemory) {
    if (!isSharedMemory(memory)) {
      throw new MassTreeBadOptionError("Call Region.create or Region.attach, not new Region.");
    }
    this.#use = new Participation(() => instantiateOver(memory), joinError);
    this.memory = memory;
    this.view = new RegionView(memory);
  }

  /**
   * Makes a memory, a region of it, and the calling thread its first participant.
   *
   * @param options the sizes of the memory, and as `config` up to eight words (0 to 2^32 - 1) that
   *   `readHeader` returns in other threads
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for an unknown option, and for impossible
   *   sizes or words
   * @throws MassTreeFullError (`MASSTREE_FULL`) when `maxBytes` has no room for a participant, which
   *   takes 335,872 bytes
   * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) where there is no shared memory
   */
  static create(options: MemoryOptions & { config?: readonly number[] } = {}): Region {
    checkNames(options, ["initialBytes", "maxBytes", "config"]);
    const { initialBytes, maxBytes, config = [] } = options;
    checkConfig(config);
    const sizes = { initialBytes, maxBytes };
    const memory = createMemory(sizes);
    const exports = instantiateOver(memory);
    exports.createRegion(memoryPages(sizes).maximumPages);
    for (const [i, word] of config.entries()) exports.setConfig(i, word);
    return new Region(memory);
  }

  /**
   * Makes the calling thread a participant of a region that another made.
   *
   * @param memory the `memory` of the other thread's `Region`
   * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`) when it is not a region of this layout
   * @throws MassTreeFullError (`MASSTREE_FULL`) when there is no room for a participant
   * @throws MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`) when there are 248
   */
  static attach(memory: WasmMemory): Region {
    readHeader(memory);
    return new Region(memory);
  }

  /** This participant's number, 1 to 248, which no other has while this is open. */
  get number(): number {
    this.#current();
    return this.#use.number;
  }

  /** What the region's header says. */
  get header(): RegionHeader {
    this.#current();
    return readHeader(this.memory);
  }

  /**
   * Allocates a block and makes `view` reach its end. Its contents are undefined.
   *
   * The address is a multiple of 16; of 64 if its real size is one; of 4,096 above 8,128
   * bytes. Takes no lock when the thread's own cache has a block; may grow the memory when not.
   *
   * @param bytes at least how many: an integer from 0 to 2^32 - 1
   * @throws MassTreeFullError (`MASSTREE_FULL`) when it does not fit; nothing has changed
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for other sizes
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`) after `close`
   */
  allocate(bytes: number): number {
    checkSize(bytes);
    const exports = this.#open();
    const { participant, life } = this.#use;
    this.#freed = 0;
    // If this is interrupted, the block is still private, and its recovery frees it.
    life.holding = true;
    const block = exports.allocate(participant, bytes) >>> 0;
    if (block !== 0) {
      this.view.reach(block + bytes);
      // What becomes of the block is the caller's business from now on.
      exports.dropAllPrivate(participant);
    }
    life.holding = false;
    if (block === 0) {
      throw new MassTreeFullError(
        `${bytes} bytes do not fit in the region. Free blocks, or make it with a larger 'maxBytes'.`,
      );
    }
    return block;
  }

  /**
   * Frees a block, which nobody uses any more. Takes no lock when the thread's own cache has room.
   *
   * @param block what `allocate` of any thread returned, not freed since
   * @param bytes the size that it was allocated with
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) when no block of that size starts there.
   *   That a block of up to 8,128 bytes is freed twice is not seen, and breaks the region.
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`) after `close`
   */
  free(block: number, bytes: number): void {
    checkSize(bytes);
    const exports = this.#open();
    const { participant, life } = this.#use;
    const freed = this.#freed;
    this.#freed = 0;
    if (block === freed && freed !== 0) return;
    life.holding = true;
    const begun = isAddress(block) && exports.beginFree(participant, block, bytes) !== 0;
    if (begun) {
      this.#freed = block;
      exports.free(participant, block, bytes);
      this.#freed = 0;
    }
    life.holding = false;
    if (!begun) {
      throw new MassTreeBadOptionError(
        `There is no block of ${bytes} bytes at ${describe(block)}.`,
      );
    }
  }

  /**
   * What a block of `bytes` bytes really takes; in a region that is full, it may take a larger one.
   *
   * @param bytes an integer from 0 to 2^32 - 1
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for anything else
   */
  blockBytes(bytes: number): number {
    checkSize(bytes);
    // The 4 GiB that the largest sizes would take are 0 in 32 bits.
    return this.#current().blockBytes(bytes) >>> 0 || 2 ** 32;
  }

  /** How the region's bytes are used. O(participants). */
  account(): RegionAccount {
    const exports = this.#current();
    return {
      liveBlocks: exports.liveBlocks() >>> 0,
      liveBytes: exports.liveBytes(),
      overheadBytes: exports.overheadBytes(),
      committedBytes: exports.committedBytes(),
    };
  }

  /**
   * Checks every invariant of the allocator. No thread may use the region meanwhile. O(region).
   *
   * @throws MassTreeCorruptError (`MASSTREE_CORRUPT`), with the place, when one is broken
   */
  verify(): void {
    const exports = this.#current();
    const code = exports.verifyMemory();
    if (code !== 0) throw corruption(code, exports.brokenPlace());
  }

  /**
   * Gives back this thread's participant and what its caches hold. Blocks stay allocated. Closing
   * again does nothing. A thread that ends without it keeps its participant taken.
   */
  close(): void {
    if (this.#closed) return;
    this.#use.openToLeave()?.part(this.#use.participant);
    this.#closed = true;
  }

  #open(): MemoryExports {
    if (this.#closed) {
      throw new MassTreeClosedError("This region was closed. Attach to its memory again.");
    }
    return this.#use.open();
  }

  /** For what a closed region can tell as well. */
  #current(): MemoryExports {
    return this.#closed ? this.#use.exports : this.#use.open();
  }

  static {
    makeUsable(Region.prototype, (region) => region.close());
  }
}

/** An instance of the module over a shared memory; it touches none of it. */
function instantiateOver(memory: WasmMemory): MemoryExports {
  return instantiate<MemoryExports>(compileEmbedded(wasm), memory);
}

function joinError(exports: MemoryExports): Error {
  return exports.joinFailure() === FULL
    ? new MassTreeFullError(
        "The region has no room for another participant. Free blocks, or make it with a larger 'maxBytes'.",
      )
    : new MassTreeTooManyParticipantsError(
        "The region has 248 participants. Close it in threads that are done with it.",
      );
}

function checkConfig(config: readonly number[]): void {
  if (Array.isArray(config) && config.length <= CONFIG_WORDS && config.every(isAddress)) return;
  throw badOption("config", "an array of up to eight integers from 0 to 2^32 - 1", config);
}

function checkSize(bytes: number): void {
  if (isAddress(bytes)) return;
  throw new MassTreeBadOptionError(
    `A size is an integer from 0 to ${largestSize} bytes, not ${describe(bytes)}.`,
  );
}

function isAddress(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= largestSize;
}
