// A region with a thread that is going to die, some that will take over from it, and all that is in it
// known: so that afterwards it can be seen to be as before, or as after.
import { expect } from "vitest";
import type { TestExports } from "../src/generated/test-exports.ts";
import { scratchAreas, World } from "./crash.ts";
import type { Build } from "./module.ts";

export type Exports = TestExports & WebAssembly.Exports;

/** What is live, with what was asked for, and what every byte of it holds. */
interface Live {
  readonly block: number;
  readonly bytes: number;
  readonly mark: number;
}

/** Which thread the first one is, in the ticket of its number. */
export const victimMark = 4242;
/** So many can die in a row. */
export const recoverers = 4;

export class Scene {
  readonly world: World<Exports>;
  readonly live: Live[] = [];
  /** The descriptor of the thread that is going to die; 0 when it has none yet. */
  victim = 0;
  /** Blocks of `live` that the operation frees. */
  readonly doomed: Live[] = [];
  readonly #recoverers: number[] = [];
  #overhead = 0;
  #committed = 0;

  constructor(build: Build, pages: { initial: number; maximum: number }, victim = true) {
    this.world = new World(new URL(`../build/${build}.wasm`, import.meta.url), pages);
    const { exports } = this.world;
    expect(exports.createRegion(pages.maximum)).toBe(0);
    exports.setThread(1);
    for (let i = 0; i < recoverers; i++) this.#recoverers.push(this.join(exports));
    exports.setThread(victimMark);
    if (victim) this.victim = this.join(exports);
  }

  join(exports: Exports): number {
    const participant = exports.register() >>> 0;
    expect(participant).not.toBe(0);
    return participant;
  }

  /** Allocates for good, by the victim. */
  allocate(bytes: number, count = 1): number[] {
    return Array.from({ length: count }, () => {
      const block = this.hold(bytes);
      this.world.exports.dropPrivate(this.victim, block);
      this.#add({ block, bytes });
      return block;
    });
  }

  #add({ block, bytes }: { block: number; bytes: number }): void {
    const live = { block, bytes, mark: (this.live.length % 250) + 1 };
    this.live.push(live);
    this.#fill(live);
  }

  /**
   * Fills the region with blocks of a size, and frees all but the first of each slab, so that no other slab can be
   * made, but many blocks are free.
   */
  fragment(bytes: number): void {
    const { exports } = this.world;
    const own: number[] = [];
    for (let block = 1; block !== 0; ) {
      block = exports.allocate(this.victim, bytes) >>> 0;
      if (block !== 0) own.push(block);
    }
    exports.dropAllPrivate(this.victim);
    own.sort((a, b) => a - b);
    let slabEnd = 0;
    for (const block of own) {
      if (block < slabEnd) exports.free(this.victim, block, bytes);
      else {
        slabEnd = block + 30_000;
        this.#add({ block, bytes });
      }
    }
  }

  /** Allocates by the victim, and leaves the block private. */
  hold(bytes: number): number {
    const block = this.world.exports.allocate(this.victim, bytes) >>> 0;
    expect(block).not.toBe(0);
    return block;
  }

  #fill({ block, bytes, mark }: Live): void {
    new Uint8Array(this.world.memory.buffer).fill(mark, block, block + bytes);
  }

  free(block: number): void {
    const index = this.live.findIndex((live) => live.block === block);
    const [live] = this.live.splice(index, 1);
    this.world.exports.free(this.victim, block, live!.bytes);
  }

  /** Says that the operation frees a live block. */
  doom(block: number): number {
    this.doomed.push(this.live.find((live) => live.block === block) as Live);
    return block;
  }

  /** All is set up: this is the state that every run starts from. */
  ready(): this {
    const { exports } = this.world;
    expect(exports.verifyMemory()).toBe(0);
    this.#overhead = exports.overheadBytes();
    this.#committed = exports.committedBytes();
    this.world.save(scratchAreas(exports));
    return this;
  }

  /** The numbers of the victim's thread, by their tickets. */
  #victims(exports: Exports): number[] {
    const numbers: number[] = [];
    for (let index = 0; index < 256; index++) {
      if (exports.ticketAt(index) === victimMark) numbers.push(index + 1);
    }
    return numbers;
  }

  /** Recoverer `by` takes over from the victim, and from the recoverers before it. */
  recover(exports: Exports, by: number): void {
    const self = exports.participantNumber(this.#recoverers[by] as number);
    exports.setThread(1);
    const before = this.#recoverers.slice(0, by).map((dead) => exports.participantNumber(dead));
    const dead = [...this.#victims(exports), ...before];
    if (this.victim !== 0) dead.push(exports.participantNumber(this.victim));
    for (const number of dead) {
      if (exports.isTaken(number - 1)) exports.markDeadNumber(number);
    }
    // The oldest first, and the newest first.
    if (by % 2 === 0) dead.reverse();
    for (const number of dead) this.#recoverOne(exports, number, self);
    // What could not be claimed because its recoverer was not dead yet, and numbers held by the dead.
    for (const number of dead) this.#recoverOne(exports, number, self);
  }

  #recoverOne(exports: Exports, number: number, self: number): void {
    if (exports.recoverNumber(number, self)) return;
    const participant = exports.participantAt(number - 1) >>> 0;
    if (participant !== 0 && exports.claimRecovery(participant, self))
      exports.recoverMemory(participant, self);
  }

  /** Sound, everybody's numbers free, and live is what was live, perhaps less what was to be freed. */
  check(died: string): void {
    const { exports } = this.world;
    const by = this.#survivor();
    expect({ died, code: exports.verifyMemory(), place: exports.place.value >>> 0 }).toEqual({
      died,
      code: 0,
      place: 0,
    });
    expect(this.#victims(exports)).toEqual([]);
    const bytes = new Uint8Array(this.world.memory.buffer);
    const doomed = new Set(this.doomed);
    const left = this.live.filter((live) => !doomed.has(live));
    for (const { block, bytes: length, mark } of left) {
      // Links and fills go to both ends; the middle of a large block is none of the allocator's.
      for (let i = 0; i < length; i = i === 31 ? Math.max(32, length - 32) : i + 1) {
        if (bytes[block + i] !== mark) throw new Error(`${died}: ${block} lost its byte ${i}`);
      }
    }
    // They are freed in the order of `doomed`.
    const gone = this.live.length - exports.liveBlocks();
    expect(gone, died).toBeGreaterThanOrEqual(0);
    expect(gone, died).toBeLessThanOrEqual(this.doomed.length);
    left.push(...this.doomed.slice(gone));
    const real = left.reduce((sum, live) => sum + exports.realBytes(live.block, live.bytes), 0);
    expect(exports.liveBytes(), died).toBe(real);
    // Nothing leaked: all of it can be freed, and then what is not overhead is free.
    for (const { block, bytes: length } of left) {
      expect(exports.isBlock(block, length), died).toBe(1);
      exports.free(by, block, length);
    }
    const again = [16, 700, 5000, 9000, 40_000].map((size) => [exports.allocate(by, size), size]);
    for (const [block, size] of again as [number, number][]) {
      if (block !== 0) exports.free(by, block >>> 0, size);
    }
    exports.unregister(by);
    expect({ died, code: exports.verifyMemory(), place: exports.place.value }).toEqual({
      died,
      code: 0,
      place: 0,
    });
    expect(exports.liveBlocks()).toBe(0);
    if (exports.committedBytes() === this.#committed && this.victim !== 0) {
      expect(exports.overheadBytes(), died).toBeLessThanOrEqual(this.#overhead);
    }
  }

  #survivor(): number {
    const { exports } = this.world;
    const [first] = this.#recoverers.filter((participant) =>
      exports.isTaken(exports.participantNumber(participant) - 1),
    );
    return first as number;
  }
}
