// What a step does, for everybody who watches: bounds, blocks, races, contention, spins, and the lines
// that the region has to restore.
import type { BlockChecker } from "../checkers/blocks.ts";
import type { RaceChecker } from "../checkers/race.ts";
import type { Core } from "../core.ts";
import { Failure } from "../failure.ts";
import { Kind } from "../wasm/access.ts";
import type { Contention } from "./contention.ts";
import type { Region } from "./region.ts";
import type { SpinDetector } from "./spin.ts";

// As variables of this file: they are compared at every step, and to the test runner an import is a getter.
const { PlainLoad, AtomicLoad, PlainStore, AtomicStore, ReadModifyWrite } = Kind;

export interface EffectsOptions {
  readonly core: Core;
  readonly region: Region;
  readonly spins: readonly SpinDetector[];
  readonly contention: Contention;
  readonly blocks: BlockChecker | undefined;
  readonly races: RaceChecker | undefined;
}

/** Above this the steps of all schedules together are counted from the start again. */
const manySteps = 0x3fff_ffff;

export class Effects {
  readonly #options: EffectsOptions;
  // The last step that wrote each word, counted over all schedules, so that none has to forget.
  readonly #lastWrite: Int32Array;
  #base = 0;

  constructor(options: EffectsOptions) {
    this.#options = options;
    this.#lastWrite = new Int32Array(options.region.limit >>> 3);
  }

  /** A new schedule begins; the last one took so many steps. */
  begin(lastClock: number): void {
    this.#base += lastClock + 1;
    if (this.#base > manySteps) {
      this.#base = 1;
      this.#lastWrite.fill(0);
    }
    this.#options.races?.reset();
    for (const spin of this.#options.spins) spin.reset();
  }

  /** Whether a read would only repeat what the thread has seen there before. */
  spins(thread: number, site: number, address: number): boolean {
    return this.#options.spins[thread]!.isSpinning(site, address, this.#lastWrite[address >>> 3]!);
  }

  /** An access of 1 to 16 bytes at a fixed site. Whether it wrote. */
  access(
    kind: Kind,
    thread: number,
    clock: number,
    site: number,
    at: number,
    width: number,
  ): boolean {
    const { races } = this.#options;
    switch (kind) {
      case PlainLoad:
        this.read(thread, clock, site, at, width);
        races?.plainRead(thread, clock, at, width);
        return false;
      case AtomicLoad:
        this.read(thread, clock, site, at, width);
        this.#options.blocks?.readAtomically(thread, at);
        races?.atomicRead(thread, clock, at, width);
        return false;
      case PlainStore:
        this.write(thread, clock, site, at, width);
        races?.plainWrite(thread, clock, at, width);
        return true;
      case AtomicStore:
        this.write(thread, clock, site, at, width);
        races?.atomicWrite(thread, clock, at, width, false);
        return true;
      case ReadModifyWrite:
        this.write(thread, clock, site, at, width);
        races?.atomicWrite(thread, clock, at, width, true);
        return true;
      default:
        return false; // A fence orders nothing that sequentially consistent accesses do not.
    }
  }

  /** A compare-exchange, which is a read when it does not find what it expects. Whether it wrote. */
  exchange(
    thread: number,
    clock: number,
    site: number,
    at: number,
    width: number,
    found: boolean,
  ): boolean {
    const { races } = this.#options;
    if (found) {
      this.write(thread, clock, site, at, width);
      races?.atomicWrite(thread, clock, at, width, true);
    } else {
      this.read(thread, clock, site, at, width);
      races?.atomicRead(thread, clock, at, width);
    }
    return found;
  }

  /** A range that is written plainly. */
  fill(thread: number, clock: number, site: number, at: number, length: number): void {
    this.write(thread, clock, site, at, length);
    this.#options.races?.plainWrite(thread, clock, at, length);
  }

  /** A range that is copied plainly. */
  copy(
    thread: number,
    clock: number,
    site: number,
    target: number,
    source: number,
    length: number,
  ): void {
    const { races, contention } = this.#options;
    this.check(thread, site, source, length);
    contention.touch(thread, source, length, false);
    this.write(thread, clock, site, target, length);
    races?.plainRead(thread, clock, source, length);
    races?.plainWrite(thread, clock, target, length);
  }

  /** A whole block changes hands: for order and contention, that is to write it. */
  claim(thread: number, clock: number, at: number, length: number): void {
    this.#options.contention.touch(thread, at, length, true);
    this.#options.races?.plainWrite(thread, clock, at, length);
  }

  /** Looks at a word in order to wait, or names it in order to wake. */
  meet(thread: number, site: number, at: number, width: number, wakes: boolean): void {
    this.check(thread, site, at, width);
    this.#options.contention.touch(thread, at, width, wakes);
  }

  /** Throws when the bytes are not there, or are of a free block. */
  check(thread: number, site: number, address: number, length: number): void {
    const { core, region, blocks } = this.#options;
    if (address + length > region.size) {
      throw new Failure(
        "out-of-bounds",
        `${core.describe(site)} of ${address}, the memory has ${region.size} bytes`,
      );
    }
    blocks?.access(thread, address, length, () => core.describe(site));
  }

  /** An access outside the schedule: only the region has to know. */
  unscheduled(
    thread: number,
    site: number,
    address: number,
    length: number,
    writes: boolean,
  ): void {
    if (length === 0) return;
    this.check(thread, site, address, length);
    if (!writes) return;
    this.#pins(thread, address);
    this.#options.region.touchRange(address, length);
  }

  read(thread: number, clock: number, site: number, address: number, width: number): void {
    this.check(thread, site, address, width);
    this.#options.contention.touch(thread, address, width, false);
    const lastWrite = this.#lastWrite[address >>> 3]!;
    this.#options.spins[thread]!.read(site, address, this.#base + clock, lastWrite);
  }

  write(thread: number, clock: number, site: number, address: number, width: number): void {
    this.check(thread, site, address, width);
    this.#pins(thread, address);
    this.#options.contention.touch(thread, address, width, true);
    this.#options.region.touchRange(address, width);
    const now = this.#base + clock;
    const last = (address + width - 1) >>> 3;
    for (let word = address >>> 3; word <= last; word++) this.#lastWrite[word] = now;
    this.#options.spins[thread]!.wrote(now);
  }

  /** Before a write: it may be how a thread pins or unpins itself. */
  #pins(thread: number, address: number): void {
    const { blocks, region } = this.#options;
    if (!blocks?.isPin(address)) return;
    blocks.pins(thread, address, region.view.getBigUint64(address, true) !== 0n);
  }
}
