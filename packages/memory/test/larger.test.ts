// A full region: small blocks from slabs of a larger class.
import assert from "node:assert/strict";
import { random, runs, seed } from "@tooling/vitest/random";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Model } from "./model.ts";
import {
  type Build,
  builds,
  expectSound,
  newRegion,
  nothing,
  type Raw,
  registered,
} from "./module.ts";
import { crowd } from "./threads.ts";

const slabPages = 8;

/** A region with what is in it, every byte known. */
class Filled {
  readonly raw: Raw;
  readonly participants: number[];
  readonly model = new Model();
  readonly #bytes: Uint8Array;
  #mark = 0;

  constructor(build: Build, maximum: number, participants = 1) {
    this.raw = newRegion(build, maximum, maximum);
    this.participants = Array.from({ length: participants }, () => registered(this.raw.region));
    this.#bytes = new Uint8Array(this.raw.memory.buffer);
  }

  /** Whether there was a block left. */
  allocate(bytes: number, by = 0): boolean {
    const { region } = this.raw;
    const participant = this.participants[by] as number;
    const address = region.allocate(participant, bytes) >>> 0;
    if (address === 0) return false;
    region.dropAllPrivate(participant);
    this.#mark = (this.#mark % 255) + 1;
    const real = region.realBytes(address, bytes);
    assert.ok(real >= region.blockBytes(bytes));
    this.model.add({ address, bytes, real, mark: this.#mark }, this.#bytes.length);
    this.#bytes.fill(this.#mark, address, address + bytes);
    return true;
  }

  fill(bytes: number, by = 0): number {
    let count = 0;
    while (this.allocate(bytes, by)) count++;
    return count;
  }

  free(index: number, by = 0): void {
    const block = this.model.take(index);
    if (block === undefined) return;
    const { address, bytes, mark } = block;
    assert.ok(this.#bytes.subarray(address, address + bytes).every((byte) => byte === mark));
    this.raw.region.free(this.participants[by] as number, address, bytes);
  }

  /** Frees all but one block of each slab; returns how many. */
  thin(by = 0): number {
    const { blocks } = this.model;
    blocks.sort((a, b) => b.address - a.address);
    let freed = 0;
    for (let i = blocks.length - 1; i > 0; i--) {
      const from = blocks[i]!.address;
      while (i > 0 && blocks[i - 1]!.address - from < (slabPages - 1) * 4096) {
        this.free(--i, by);
        freed++;
      }
    }
    return freed;
  }

  empty(): void {
    const { region } = this.raw;
    const draw = random();
    for (let turn = 0; this.model.blocks.length > 0; turn++) {
      this.free(Math.floor(draw() * 2 ** 20), turn % this.participants.length);
    }
    expectSound(region, nothing);
    for (const participant of this.participants) region.unregister(participant);
    expectSound(region, nothing);
  }

  check(): void {
    expectSound(this.raw.region, this.model.live);
  }
}

const size = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 2500 }),
  fc.integer({ min: 0, max: 8128 }),
);
const who = fc.nat(1);
const phase = fc.oneof(
  fc.record({ do: fc.constant("fill" as const), who, size }),
  fc.record({ do: fc.constant("thin" as const), who, size }),
  fc.record({ do: fc.constant("free" as const), who, size, count: fc.nat(200) }),
  fc.record({ do: fc.constant("run" as const), who, size: fc.integer({ min: 8129, max: 50_000 }) }),
);

describe.each(builds)("%s", (build) => {
  test.each([
    [1000, 500],
    [1000, 16],
    [100, 50],
    [8128, 8000],
    [8128, 5000],
    [4032, 64],
  ])("all that is free in slabs of %i bytes serves requests of %i", (large, small) => {
    const filled = new Filled(build, 16);
    const { region } = filled.raw;
    const first = filled.fill(large);
    const free = filled.thin();
    filled.check();
    const got = filled.fill(small);
    filled.check();
    expect(got).toBeGreaterThanOrEqual(free);
    expect(filled.allocate(small)).toBe(false);
    expect(filled.allocate(large)).toBe(false);
    // Who comes later finds nothing either, and loses nothing by it.
    filled.check();
    const one = filled.model.blocks.find((block) => block.bytes === small)!;
    expect(region.isBlock(one.address, small)).toBe(1);
    filled.empty();
    // It is as new: as many fit as at first.
    const again = registered(region);
    let count = 0;
    while (region.allocate(again, large) !== 0) count++;
    expect(count).toBe(first);
    expectSound(region, { blocks: count, bytes: count * region.blockBytes(large) });
  });

  test("the smallest class that has a block serves, and larger ones after it", () => {
    const filled = new Filled(build, 16);
    const { region } = filled.raw;
    for (const bytes of [5000, 600, 1500]) {
      for (let i = 0; i < 58; i++) expect(filled.allocate(bytes)).toBe(true);
    }
    while (filled.allocate(4096 * slabPages));
    for (let length = slabPages - 1; length > 1; length--) while (filled.allocate(4096 * length));
    // Now none of 60 bytes fits in pages. What is left in slabs:
    const real: number[] = [];
    while (filled.allocate(60)) real.push(filled.model.blocks.at(-1)!.real);
    expect(real).toEqual(real.toSorted((a, b) => a - b));
    expect([...new Set(real)]).toEqual([640, 1536, 5440]);
    filled.check();
    // A block goes back to those of its own class.
    const at = filled.model.blocks.findIndex((block) => block.real === 1536 && block.bytes === 60);
    const { address } = filled.model.blocks[at]!;
    filled.free(at);
    expect(region.isBlock(address, 1500)).toBe(1);
    expect(filled.allocate(1500)).toBe(true);
    expect(filled.model.blocks.at(-1)).toMatchObject({ address, real: 1536 });
    filled.check();
    filled.empty();
  });

  test("no block is of a larger class before the region is full", () => {
    const filled = new Filled(build, 64);
    for (let i = 0; i < 100; i++) filled.allocate(1000);
    filled.thin();
    for (let i = 0; i < 100; i++) filled.allocate(500);
    for (const { bytes, real } of filled.model.blocks) {
      expect(real).toBe(filled.raw.region.blockBytes(bytes));
    }
    filled.empty();
  });

  test("what needs pages in a row is refused as before, with nothing changed", () => {
    const filled = new Filled(build, 16);
    filled.fill(1000);
    filled.thin();
    expect(filled.allocate(4096 * slabPages)).toBe(false);
    expect(filled.allocate(100_000)).toBe(false);
    filled.check();
    filled.empty();
  });

  test("a size that no slab has room for is refused, with nothing changed", () => {
    const filled = new Filled(build, 16);
    filled.fill(1000);
    filled.thin();
    expect(filled.allocate(1025)).toBe(false);
    filled.check();
    for (const { bytes, real } of filled.model.blocks) {
      expect(real).toBe(filled.raw.region.blockBytes(bytes));
    }
    filled.empty();
  });

  test("whatever fills it, and whoever frees, it stays sound and all comes back", () => {
    fc.assert(
      fc.property(fc.array(phase, { minLength: 2, maxLength: 12 }), (phases) => {
        const filled = new Filled(build, 14, 2);
        for (const action of phases) {
          if (action.do === "fill") filled.fill(action.size, action.who);
          else if (action.do === "thin") filled.thin(action.who);
          else if (action.do === "run") filled.allocate(action.size, action.who);
          else for (let i = 0; i < action.count; i++) filled.free(action.size + 7 * i, action.who);
          filled.check();
        }
        filled.empty();
      }),
      { numRuns: runs(20) },
    );
  });

  test("threads in a full region pass blocks to each other, and nothing is lost", async () => {
    const filled = new Filled(build, 32);
    const { memory, region } = filled.raw;
    const others = Array.from({ length: 4 }, () => registered(region));
    filled.fill(2000);
    for (const other of others) region.unregister(other);
    filled.thin();
    const left = await crowd(build, filled.raw, {
      task: "squeeze",
      threads: 4,
      rounds: runs(5_000),
      seed,
    });
    const words = new Uint32Array(memory.buffer);
    const sizes = left.map((block) => words[block / 4] as number);
    let { blocks, bytes } = filled.model.live;
    for (const [i, block] of left.entries()) {
      blocks++;
      bytes += region.realBytes(block, sizes[i] as number);
    }
    expectSound(region, { blocks, bytes });
    expect(left.some((block, i) => region.realBytes(block, sizes[i]!) === 2176)).toBe(true);
    const [participant] = filled.participants;
    for (const [i, block] of left.entries()) region.free(participant!, block, sizes[i]!);
    filled.empty();
  });
});
