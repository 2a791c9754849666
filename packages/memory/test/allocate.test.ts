import { runs } from "@tooling/vitest/random";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Model } from "./model.ts";
import {
  type Build,
  builds,
  expectSound,
  newRegion,
  nothing,
  registered,
  wasmPage,
} from "./module.ts";

const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 700 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 9000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 8000, max: 300_000 }) },
);
const who = fc.nat(2);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("allocate" as const), who, size }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("free" as const), who, index: fc.nat(100_000) }),
  },
  // Many of one size, so that caches and slabs fill and empty.
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("fill" as const),
      who,
      size: fc.integer({ min: 1, max: 2000 }),
      count: fc.integer({ min: 1, max: 90 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("empty" as const),
      who,
      index: fc.nat(100_000),
      count: fc.integer({ min: 1, max: 90 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rejoin" as const), who }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function play(build: Build, maximum: number, steps: readonly Step[]): void {
  const { memory, region } = newRegion(build, 16, maximum);
  const most = maximum * wasmPage;
  const participants = [registered(region), registered(region), registered(region)];
  const model = new Model();
  let bytes = new Uint8Array(memory.buffer);
  let mark = 0;

  const allocate = (participant: number, size: number) => {
    const address = region.allocate(participant, size) >>> 0;
    if (address === 0) return false;
    region.dropAllPrivate(participant); // for others may free it
    if (bytes.length !== memory.buffer.byteLength) bytes = new Uint8Array(memory.buffer);
    mark = (mark % 255) + 1;
    const real = region.realBytes(address, size);
    // A larger one only when the region is full.
    if (region.committedBytes() < most) expect(real).toBe(region.blockBytes(size));
    else expect(real).toBeGreaterThanOrEqual(region.blockBytes(size));
    model.add({ address, bytes: size, real, mark }, bytes.length);
    bytes.fill(mark, address, address + size);
    return true;
  };
  const free = (participant: number, index: number) => {
    const block = model.take(index);
    if (block === undefined) return;
    const { address, bytes: length, mark: expected } = block;
    const contents = bytes.subarray(address, address + length);
    expect(
      contents.every((byte) => byte === expected),
      `contents of ${address} survive`,
    ).toBe(true);
    region.free(participant, address, length);
  };

  for (const action of steps) {
    const participant = participants[action.who] as number;
    if (action.do === "allocate") {
      // When it is full, make room: it must go on.
      if (!allocate(participant, action.size)) free(participant, action.size);
    } else if (action.do === "free") {
      free(participant, action.index);
    } else if (action.do === "fill") {
      for (let i = 0; i < action.count; i++) allocate(participant, action.size);
    } else if (action.do === "empty") {
      for (let i = 0; i < action.count; i++) free(participant, action.index + i);
    } else {
      region.unregister(participant);
      participants[action.who] = registered(region);
    }
    expect(region.liveBytes()).toBe(model.live.bytes);
  }
  expectSound(region, model.live);
  while (model.blocks.length > 0) free(participants[mark % 3] as number, mark++);
  expectSound(region, nothing);
  for (const participant of participants) region.unregister(participant);
  expectSound(region, nothing);
}

describe.each(builds)("%s", (build) => {
  test("blocks never overlap, are aligned, keep their contents and add up", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 150 }), (steps) =>
        play(build, 80, steps),
      ),
      { numRuns: runs(60) },
    );
  });

  test("nor do they in a region that is full all the time", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 300 }), (steps) =>
        play(build, 18, steps),
      ),
      { numRuns: runs(40) },
    );
  });

  test("every size gets a block that holds it and wastes no more than its class allows", () => {
    const { region } = newRegion(build, 16, 64);
    for (let bytes = 0; bytes <= 20_000; bytes++) {
      const real = region.blockBytes(bytes);
      expect(real).toBeGreaterThanOrEqual(bytes);
      expect(real % 16).toBe(0);
      if (bytes > 64 && bytes <= 8128) expect((real - bytes) / real).toBeLessThan(0.2);
      if (bytes > 8128) expect(real - bytes).toBeLessThan(4096);
      // A block's real size is a size of its own class.
      expect(region.blockBytes(real)).toBe(real);
    }
  });

  test("a size of 2^32 - 1 is refused like any other that does not fit", () => {
    const { region } = newRegion(build, 16, 65536);
    const participant = registered(region);
    expect(region.allocate(participant, 2 ** 32 - 1)).toBe(0);
    expect(region.allocate(participant, 2 ** 32 - 4096)).toBe(0);
    expectSound(region, nothing);
  });

  test("a block that was freed is the next one of its size", () => {
    const { region } = newRegion(build, 16, 16);
    const participant = registered(region);
    const block = region.allocate(participant, 320);
    region.free(participant, block, 320);
    expect(region.allocate(participant, 300)).toBe(block);
  });
});
