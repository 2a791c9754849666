import { MassTreeBadOptionError } from "@masstree/errors";
import { badOption, checkNames, describe } from "@masstree/errors/options";
import { GuardedInstance, isSharedMemory, mayWait, type WasmMemory } from "@masstree/wasm";
import { instantiateOver } from "./exports.ts";
import {
  LEAF,
  type NodeVersionExports,
  OWNER_MASK,
  ROOT,
} from "./generated/nodeversion-exports.ts";
import { describeVersion, type VersionState } from "./version-state.ts";

/** Options of `new NodeVersions(memory, options)`. */
export interface NodeVersionsOptions {
  /**
   * This thread's number, 1 to 1023, different in every thread that locks: a held lock names its
   * owner. Without it, this thread only reads.
   */
  owner?: number;
  /**
   * Whether this thread may sleep while it waits for another. If absent, the platform is asked: a
   * browser's main thread may not, and spins instead.
   */
  mayWait?: boolean;
}

/** What `initialise` makes of a word. */
export interface InitialState {
  /** The node is a leaf. False if absent. */
  leaf?: boolean;
  /** The node is a root. False if absent. */
  root?: boolean;
  /** This thread holds the lock from the start. False if absent. */
  locked?: boolean;
}

const largestOwner = Number(OWNER_MASK);
const wordBytes = 8;

/**
 * The versioned locks in one shared memory, as one thread uses them.
 *
 * A lock is a 64-bit word anywhere in the memory, at an address that is a multiple of 8. Writers take
 * it one at a time. Readers take nothing: they note the version, read, and ask whether it has changed.
 * Content that is read so must be accessed with `Atomics`; content that is only touched under the
 * lock needs none.
 *
 * Make one object per thread and memory. Every method is O(1) and throws MassTreeBadOptionError
 * (`MASSTREE_BAD_OPTION`), before it does anything, for an address that is not a multiple of 8 or
 * outside the memory. The methods that need the lock throw it when this thread does not hold it.
 *
 * A call that is interrupted (the stack is full, or node:vm's timeout passes) has done all that it does to the
 * word, or nothing; `lock` and `tryLock` have taken nothing. After a timeout, the lock that such a call took is free
 * again by the next call of any object of this thread. What was locked before stays locked: `isHeld` tells, also
 * whether an interrupted `unlock` has unlocked.
 */
export class NodeVersions {
  /** The memory that the words are in. */
  readonly memory: WasmMemory;
  /** This thread's number, or undefined when it only reads. */
  readonly owner: number | undefined;
  readonly #instance: GuardedInstance<NodeVersionExports>;
  #bytes: number;

  /**
   * @param memory a shared memory of any realm, which is not touched, with a maximum of at most 65,536 pages
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for anything else, for an unknown option, and
   *   for one that is out of its range or of the wrong type
   * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) where WebAssembly has no threads
   */
  constructor(memory: WasmMemory, options: NodeVersionsOptions = {}) {
    if (!isUsable(memory)) {
      throw new MassTreeBadOptionError(
        "The memory is not a WebAssembly.Memory made with { shared: true } and at least one page.",
      );
    }
    checkNames(options, ["owner", "mayWait"]);
    const { owner, mayWait: allowed } = options;
    if (owner !== undefined && !(Number.isInteger(owner) && owner >= 1 && owner <= largestOwner)) {
      throw badOption("owner", `an integer from 1 to ${largestOwner}`, owner);
    }
    checkBoolean("mayWait", allowed);
    this.memory = memory;
    this.owner = owner;
    this.#bytes = memory.buffer.byteLength;
    const sleeps = (allowed ?? mayWait()) ? 1 : 0;
    this.#instance = new GuardedInstance(() => {
      const exports = instantiateOver(memory);
      exports.setMayWait(sleeps);
      return exports;
    });
  }

  /**
   * Makes the word at an address, with both counters 0. Not atomic: no other thread may use the
   * address yet. A word of zeros is an unlocked one, so fresh memory needs no call.
   * @param address in bytes, a multiple of 8
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) also for an unknown member of `state`, and
   *   for one that is no boolean
   */
  initialise(address: number, state: InitialState = {}): void {
    this.#check(address);
    checkNames(state, ["leaf", "root", "locked"]);
    const { leaf, root, locked } = state;
    checkBoolean("leaf", leaf);
    checkBoolean("root", root);
    checkBoolean("locked", locked);
    const exports = this.#exports;
    const flags = (leaf ? LEAF : 0n) | (root ? ROOT : 0n);
    if (locked) exports.initialiseLocked(address, flags, this.#needOwner());
    else exports.initialise(address, flags);
  }

  /** The version at an address as it is now, perhaps locked and dirty. */
  load(address: number): bigint {
    this.#check(address);
    return BigInt.asUintN(64, this.#exports.loadVersion(address));
  }

  /**
   * A version at which reading may start: no marked section is under way (the lock may be held). Waits
   * for the end of one, spinning at first, then asleep.
   * @param address in bytes, a multiple of 8
   */
  stable(address: number): bigint {
    this.#check(address);
    return BigInt.asUintN(64, this.#exports.stable(address));
  }

  /**
   * Whether what was read since `before` may be wrong, and has to be read again. Locking and unlocking
   * without a mark is no change.
   * @param address in bytes, a multiple of 8
   * @param before what `stable` returned for it before the reads, fewer than 2^32 marked sections ago
   */
  hasChanged(address: number, before: bigint): boolean {
    this.#check(address);
    checkVersion(before);
    return this.#exports.hasChanged(address, before) !== 0;
  }

  /**
   * Whether there was a split since `before`, or a deletion, or the node became or ceased to be a root.
   * True as well, needlessly, when the insert counter carries, once in 65,536 inserts.
   * @param address in bytes, a multiple of 8
   * @param before what `stable` returned for it before the reads, fewer than 2^32 splits ago
   */
  hasSplit(address: number, before: bigint): boolean {
    this.#check(address);
    checkVersion(before);
    return this.#exports.hasSplit(address, before) !== 0;
  }

  /** Takes a version apart. */
  describe(version: bigint): VersionState {
    checkVersion(version);
    return describeVersion(BigInt.asUintN(64, version));
  }

  /**
   * Takes the lock if it is free, without waiting.
   * @returns whether this thread holds it now; false also when it holds it already
   */
  tryLock(address: number): boolean {
    this.#check(address);
    return this.#exports.tryLock(address, this.#needOwner()) !== 0;
  }

  /**
   * Takes the lock; waits while another thread holds it, spinning at first, then asleep. It is neither
   * fair nor reentrant.
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) when this thread holds it already
   */
  lock(address: number): void {
    this.#check(address);
    const owner = this.#needOwner();
    if (this.#exports.lock(address, owner) === 0) {
      throw new MassTreeBadOptionError(`Owner ${owner} holds the lock at ${address} already.`);
    }
  }

  /** Whether this thread holds the lock. */
  isHeld(address: number): boolean {
    this.#check(address);
    return this.#exports.isHeldBy(address, this.#needOwner()) !== 0;
  }

  /**
   * Gives the lock back and ends a marked section: the split counter goes up after `markSplitting` or
   * `markDeleted`, else the insert counter after `markInserting`. Wakes one sleeper, if there is any.
   */
  unlock(address: number): void {
    this.#checkHeld(address);
    this.#exports.unlock(address);
  }

  /** Starts a marked section that changes content in place: call it before the first change. */
  markInserting(address: number): void {
    this.#checkHeld(address);
    this.#exports.markInserting(address);
  }

  /** Starts a marked section that moves content elsewhere: call it before the first change. */
  markSplitting(address: number): void {
    this.#checkHeld(address);
    this.#exports.markSplitting(address);
  }

  /** Says for good that the node is deleted, and starts a marked section as `markSplitting` does. */
  markDeleted(address: number): void {
    this.#checkHeld(address);
    this.#exports.markDeleted(address);
  }

  /** Makes the node a root. For readers that is a split. */
  setRoot(address: number): void {
    this.#checkHeld(address);
    this.#exports.setRoot(address);
  }

  /** Makes the node no root. For readers that is a split. */
  clearRoot(address: number): void {
    this.#checkHeld(address);
    this.#exports.clearRoot(address);
  }

  get #exports(): NodeVersionExports {
    return this.#instance.open();
  }

  #check(address: number): void {
    if (Number.isInteger(address) && address >= 0 && address % wordBytes === 0) {
      if (address + wordBytes <= this.#bytes) return;
      // The memory may have grown since, perhaps by another thread: growing by nothing fetches that.
      this.memory.grow(0);
      this.#bytes = this.memory.buffer.byteLength;
      if (address + wordBytes <= this.#bytes) return;
    }
    throw new MassTreeBadOptionError(
      `${describe(address)} is no address of a version word: a multiple of 8 inside the memory.`,
    );
  }

  #checkHeld(address: number): void {
    this.#check(address);
    const owner = this.#needOwner();
    if (this.#exports.isHeldBy(address, owner) === 0) {
      throw new MassTreeBadOptionError(`Owner ${owner} does not hold the lock at ${address}.`);
    }
  }

  #needOwner(): number {
    if (this.owner !== undefined) return this.owner;
    throw new MassTreeBadOptionError("Give this thread an 'owner' number: a held lock names it.");
  }
}

function isUsable(memory: unknown): memory is WasmMemory {
  return isSharedMemory(memory) && memory.buffer.byteLength > 0;
}

function checkBoolean(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "boolean") throw badOption(name, "a boolean", value);
}

function checkVersion(version: unknown): void {
  if (typeof version === "bigint") return;
  throw new MassTreeBadOptionError(`${describe(version)} is no version: a bigint from \`stable\`.`);
}
