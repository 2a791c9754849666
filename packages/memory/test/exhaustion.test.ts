import { random } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { builds, expectSound, newRegion, nothing, registered, wasmPage } from "./module.ts";

describe.each(builds)("%s", (build) => {
  test.each([16, 64, 100, 320, 1500, 4000, 8128, 8129, 50_000])(
    "blocks of %i bytes fill all of maxBytes, are refused there, and fit again once freed",
    (bytes) => {
      const maximum = 32;
      const { memory, region } = newRegion(build, 8, maximum);
      const participant = registered(region);
      const fill = () => {
        const blocks: number[] = [];
        for (;;) {
          const block = region.allocate(participant, bytes) >>> 0;
          if (block === 0) return blocks;
          blocks.push(block);
        }
      };
      const blocks = fill();
      expect(memory.buffer.byteLength).toBe(maximum * wasmPage);
      expect(region.committedBytes()).toBe(maximum * wasmPage);
      // Nothing that could have held one more is left.
      const rest = region.committedBytes() - region.overheadBytes() - region.liveBytes();
      expect(rest).toBeLessThan(Math.max(32768, region.blockBytes(bytes)));
      expectSound(region, {
        blocks: blocks.length,
        bytes: blocks.length * region.blockBytes(bytes),
      });
      for (const block of blocks) region.free(participant, block, bytes);
      expectSound(region, nothing);
      expect(fill().length).toBe(blocks.length);
      expectSound(region);
    },
  );

  test("a refused allocation changes nothing", () => {
    const { region } = newRegion(build, 8, 32);
    const participant = registered(region);
    region.allocate(participant, 100);
    const before = region.liveBytes();
    // Not even that: more than the region may ever have is refused without growing.
    const committed = region.committedBytes();
    expect(region.allocate(participant, 32 * wasmPage)).toBe(0);
    expect(region.allocate(participant, 32 * wasmPage - region.overheadBytes())).toBe(0);
    expect(region.committedBytes()).toBe(committed);
    expectSound(region, { blocks: 1, bytes: before });
    expect(region.allocate(participant, 100)).not.toBe(0);
  });

  test("freeing many small blocks makes room for a big one", () => {
    const { region } = newRegion(build, 8, 32);
    const participant = registered(region);
    const draw = random();
    const blocks: [block: number, bytes: number][] = [];
    for (;;) {
      const bytes = 1 + Math.floor(draw() * 1000);
      const block = region.allocate(participant, bytes) >>> 0;
      if (block === 0) break;
      blocks.push([block, bytes]);
    }
    const big = 1_500_000;
    expect(region.allocate(participant, big)).toBe(0);
    for (let i = blocks.length - 1; i > 0; i--) {
      const j = Math.floor(draw() * (i + 1));
      [blocks[i], blocks[j]] = [blocks[j] as never, blocks[i] as never];
    }
    for (const [block, bytes] of blocks) region.free(participant, block, bytes);
    const block = region.allocate(participant, big) >>> 0;
    expect(block).not.toBe(0);
    expectSound(region, { blocks: 1, bytes: region.blockBytes(big) });
  });

  test("one block may take all that a region has", () => {
    const { region } = newRegion(build, 16, 256);
    const participant = registered(region);
    const all = 256 * wasmPage - region.overheadBytes() - 3 * 4096;
    const block = region.allocate(participant, all) >>> 0;
    expect(block).not.toBe(0);
    expect(region.allocate(participant, 4 * 4096)).toBe(0);
    region.free(participant, block, all);
    expectSound(region, nothing);
  });

  test("the one free run that is long enough is found behind many that are not", () => {
    const { region } = newRegion(build, 8, 128);
    const participant = registered(region);
    const page = 4096;
    const long = region.allocate(participant, 23 * page) >>> 0;
    const between = () => expect(region.allocate(participant, 3 * page)).not.toBe(0);
    between();
    const short: number[] = [];
    for (let i = 0; i < 50; i++) {
      short.push(region.allocate(participant, 17 * page) >>> 0);
      between();
    }
    expect(Math.min(...short)).toBeGreaterThan(0);
    // Fill up all else, then free the long one first: it is the last of its bin.
    for (const pages of [16, 8, 4, 3]) while (region.allocate(participant, pages * page));
    region.free(participant, long, 23 * page);
    for (const block of short) region.free(participant, block, 17 * page);
    expect(region.allocate(participant, 20 * page) >>> 0).toBe(long);
    expect(region.allocate(participant, 20 * page)).toBe(0);
    expectSound(region);
  });

  test("a slab is made for a block that is needed, not to fill a cache", () => {
    const { region } = newRegion(build, 16, 16);
    const participant = registered(region);
    region.allocate(participant, 1024);
    const one = region.overheadBytes();
    // 31 fit in a slab, which is not a multiple of a batch.
    for (let i = 1; i < 31; i++) region.allocate(participant, 1024);
    expect(region.overheadBytes()).toBe(one);
    region.allocate(participant, 1024);
    expect(region.overheadBytes()).toBeGreaterThan(one);
    expectSound(region);
  });

  test("a small block takes the pages of a slab whose last blocks are in the thread's cache", () => {
    const { region } = newRegion(build, 8, 8);
    const participant = registered(region);
    const blocks: number[] = [];
    for (let block = 1; block !== 0; ) {
      block = region.allocate(participant, 2000) >>> 0;
      if (block !== 0) blocks.push(block);
    }
    expect(region.allocate(participant, 64)).toBe(0);
    blocks.sort((a, b) => b - a);
    for (const block of blocks.slice(0, 15)) region.free(participant, block, 2000);
    expect(region.allocate(participant, 64)).not.toBe(0);
    expectSound(region);
  });

  test("what a thread's own caches hold is used before the region is called full", () => {
    const { region } = newRegion(build, 8, 8);
    const participant = registered(region);
    const blocks: number[] = [];
    for (let block = 1; block !== 0; ) {
      block = region.allocate(participant, 2000) >>> 0;
      if (block !== 0) blocks.push(block);
    }
    // All but one of a slab's 15 blocks, then the last: some stay in the cache, until pages are needed.
    for (const block of blocks) region.free(participant, block, 2000);
    const pages = (8 * wasmPage - region.overheadBytes()) / 4096 - 8;
    expect(region.allocate(participant, Math.floor(pages) * 4096)).not.toBe(0);
    expectSound(region);
  });
});
