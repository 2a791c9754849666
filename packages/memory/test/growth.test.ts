import { describe, expect, test } from "vitest";
import {
  builds,
  expectSound,
  instantiate,
  newRegion,
  nothing,
  registered,
  wasmPage,
} from "./module.ts";

describe.each(builds)("%s", (build) => {
  test("a region of 1 MiB serves two participants and some blocks of ten sizes without growing", () => {
    const { memory, region } = newRegion(build, 16, 1024);
    const participants = [registered(region), registered(region)];
    for (const participant of participants) {
      for (let bytes = 32; bytes <= 320; bytes += 32) {
        for (let i = 0; i < 20; i++) expect(region.allocate(participant, bytes)).not.toBe(0);
      }
    }
    expect(memory.buffer.byteLength).toBe(16 * wasmPage);
    expectSound(region);
  });

  test("growth is geometric, page-exact at the end, and never past the maximum", () => {
    const maximum = 4097;
    const { memory, region } = newRegion(build, 16, maximum);
    const participant = registered(region);
    const sizes = new Set<number>();
    for (;;) {
      const block = region.allocate(participant, 20_000) >>> 0;
      sizes.add(memory.buffer.byteLength / wasmPage);
      if (block === 0) break;
    }
    expect(Math.max(...sizes)).toBe(maximum);
    expect(sizes.size).toBeLessThan(30);
    expectSound(region);
  });

  test("blocks larger than a segment of the page map join what several growths added", () => {
    const { region } = newRegion(build, 16, 2048);
    const participant = registered(region);
    const small: number[] = [];
    for (let i = 0; i < 100; i++) small.push(region.allocate(participant, 100_000) >>> 0);
    expect(Math.min(...small)).toBeGreaterThan(0);
    for (const block of small) region.free(participant, block, 100_000);
    const block = region.allocate(participant, 100_000_000) >>> 0;
    expect(block).not.toBe(0);
    expectSound(region, { blocks: 1, bytes: region.blockBytes(100_000_000) });
    region.free(participant, block, 100_000_000);
    expectSound(region, nothing);
  });

  test("pages that somebody else added to the memory are used first", () => {
    const { memory, region } = newRegion(build, 16, 64);
    const participant = registered(region);
    memory.grow(32);
    expect(region.allocate(participant, 2_000_000)).not.toBe(0);
    expect(memory.buffer.byteLength).toBe(48 * wasmPage);
    expect(region.committedBytes()).toBe(48 * wasmPage);
    expectSound(region);
  });

  test("a platform that refuses to grow the memory makes the region full, not broken", () => {
    // The memory's own limit stands for the platform's.
    const memory = new WebAssembly.Memory({ initial: 16, maximum: 20, shared: true });
    const region = instantiate(build, memory);
    expect(region.createRegion(64)).toBe(region.OK.value);
    const participant = registered(region);
    let blocks = 0;
    while (region.allocate(participant, 30_000) !== 0) blocks++;
    expect(memory.buffer.byteLength).toBe(20 * wasmPage);
    expectSound(region, { blocks, bytes: blocks * region.blockBytes(30_000) });
  });

  test("a region of 4 GiB can be had to its last page", () => {
    const { memory, region } = newRegion(build, 16, 65536);
    const participant = registered(region);
    // Untouched memory is not resident: fifteen blocks of 256 MiB, then what is left.
    for (let i = 0; i < 15; i++) expect(region.allocate(participant, 2 ** 28)).not.toBe(0);
    const rest = 2 ** 32 - region.overheadBytes() - region.liveBytes();
    let left = Math.floor(rest / 4096) - 64;
    const blocks: [number, number][] = [];
    for (let pages = 2 ** 15; pages >= 1; pages >>= 1) {
      while (left >= pages) {
        const block = pages < 3 ? 0 : region.allocate(participant, pages * 4096) >>> 0;
        if (block === 0) break;
        blocks.push([block, pages * 4096]);
        left -= pages;
      }
    }
    expect(memory.buffer.byteLength).toBe(2 ** 32);
    expect(region.committedBytes()).toBe(2 ** 32);
    const highest = Math.max(...blocks.map(([block, bytes]) => block + bytes));
    expect(highest).toBeGreaterThan(2 ** 32 - 2 ** 20);
    // A debug build would fill 256 MiB each time: give back only the small ones.
    for (const [block, bytes] of blocks) {
      if (bytes < 2 ** 24) region.free(participant, block, bytes);
    }
    expectSound(region);
  });
});
