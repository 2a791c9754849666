// The check is checked: each invariant is broken by hand, in the memory itself, and must be found.
import { beforeEach, describe, expect, test } from "vitest";
import { corruption } from "../src/corruption.ts";
import type { TestExports } from "../src/generated/test-exports.ts";
import { expectSound, newRegion, registered } from "./module.ts";

// Where things are: the pictures in assembly/header.ts, pagemap.ts, slab.ts and descriptor.ts.
const lock = 128;
const counters = { outBytes: 192, outBlocks: 200, overhead: 208, binMask: 216, extent: 224 };
const sizeClasses = 2304;
const bins = 2944;
const pageMap = 8192;
const tickets = 12288;
const kinds = { free: 1, run: 2, slab: 3, system: 5 };

interface Run {
  page: number;
  length: number;
}

let region: TestExports;
let words: Uint32Array;
let participant: number;

/** A sound region with everything in it: runs, full and partial slabs, caches, free runs between. */
beforeEach(() => {
  const raw = newRegion("memory-test", 16, 64);
  region = raw.region;
  participant = registered(region);
  const runs = [9000, 20_000, 9000, 30_000, 9000].map((bytes) => [
    region.allocate(participant, bytes) >>> 0,
    bytes,
  ]);
  for (let i = 0; i < 600; i++) region.allocate(participant, 64);
  const cached = [1, 2, 3].map(() => region.allocate(participant, 320) >>> 0);
  for (const block of cached) region.free(participant, block, 320);
  region.allocate(participant, 320);
  for (const [block, bytes] of [runs[1], runs[3]] as [number, number][]) {
    region.free(participant, block, bytes);
  }
  words = new Uint32Array(raw.memory.buffer);
  expectSound(region);
});

function heads(kind: number): Run[] {
  const found: Run[] = [];
  for (let page = 0; page < (words[counters.extent / 4] as number); ) {
    const word = words[pageMap / 4 + page] as number;
    if ((word & 15) === kind) found.push({ page, length: word >>> 4 });
    page += word >>> 4;
  }
  return found;
}

function first(kind: number): Run {
  const [run] = heads(kind);
  if (run === undefined) throw new Error(`no run of kind ${kind}`);
  return run;
}

const mapAt = (page: number) => pageMap + page * 4;

/** A slab with blocks in it and blocks out, of a class with that many bytes in a block. */
function slabOf(bytes: number): number {
  for (const { page } of heads(kinds.slab)) {
    const sizeClass = words[(page * 4096) / 4] as number;
    const free = words[(page * 4096 + 4) / 4] as number;
    if (free > 0 && words[(sizeClasses + sizeClass * 16) / 4] === bytes) return page * 4096;
  }
  throw new Error(`no slab of ${bytes}`);
}

/** The participant's cache of a slab's class. */
const cacheOf = (slab: number) => participant + 64 + (words[slab / 4] as number) * 8;

/** Changes words, expects the finding, and changes them back: then all is sound again. */
function expectFound(code: number, changes: [address: number, value: number][], place?: number) {
  const before = changes.map(([address]) => words[address / 4] as number);
  for (const [address, value] of changes) words[address / 4] = value;
  expect(region.verifyMemory()).toBe(code);
  if (place !== undefined) expect(region.place.value >>> 0).toBe(place);
  for (const [i, [address]] of changes.entries()) words[address / 4] = before[i] as number;
  expectSound(region);
}

const at = (address: number) => words[address / 4] as number;

describe("a broken invariant is found, and looking for it changes nothing", () => {
  test("the header's extent", () => expectFound(1, [[counters.extent, 4096]]));
  test("a held lock", () => {
    expectFound(2, [[lock, 5]], 5);
    // The word counts sections above its owner.
    expect(at(lock)).toBeGreaterThan(0xffff);
    expectFound(2, [[lock, at(lock) + 5]], 5);
  });
  test("heads that do not tile", () => {
    const { page, length } = first(kinds.run);
    expectFound(3, [[mapAt(page), ((length - 1) << 4) | kinds.run]], page + length - 1);
    expectFound(3, [[mapAt(page), 0]], page);
    expectFound(3, [[mapAt(page), (length << 4) | 7]], page);
  });
  test("a free run's last page", () => {
    const { page, length } = first(kinds.free);
    expectFound(4, [[mapAt(page + length - 1), (1 << 4) | kinds.free]], page);
  });
  test("two free runs that touch", () => {
    const { page, length } = first(kinds.run);
    const head = (length << 4) | kinds.free;
    expectFound(4, [
      [mapAt(page), head],
      [mapAt(page + length - 1), head],
    ]);
  });
  test("a word inside a run", () => {
    const { page } = first(kinds.run);
    expectFound(5, [[mapAt(page + 1), (2 << 4) | kinds.free]], page + 1);
  });
  test("a slab's page that leads elsewhere", () => {
    const { page } = first(kinds.slab);
    expectFound(5, [[mapAt(page + 3), (2 << 4) | 4]], page + 3);
  });
  test("a system run that no one knows", () => {
    const { page, length } = first(kinds.run);
    expectFound(6, [[mapAt(page), (length << 4) | kinds.system]]);
  });
  test("a slab's bit", () => {
    const slab = slabOf(320);
    expectFound(7, [[slab + 64, at(slab + 64) ^ 1]], slab);
  });
  test("a slab's bit beyond its last block", () => {
    const slab = slabOf(320);
    expectFound(7, [[slab + 76, at(slab + 76) | 0x80000000]], slab);
  });
  test("a slab's count, hint and class", () => {
    const slab = slabOf(320);
    expectFound(7, [[slab + 4, at(slab + 4) + 1]], slab);
    expectFound(7, [[slab + 16, 1]], slab);
    expectFound(7, [[slab, 99]], slab);
  });
  test("a slab that is empty and was kept", () => {
    const slab = slabOf(320);
    const all = 102;
    expectFound(8, [
      [slab + 4, all],
      [slab + 64, 0xffffffff],
      [slab + 68, 0xffffffff],
      [slab + 72, 0xffffffff],
      [slab + 76, 2 ** (all - 96) - 1],
    ]);
  });
  test("a slab that is not in its list", () => {
    const sizeClass = at(slabOf(320));
    expectFound(9, [[sizeClasses + sizeClass * 16 + 12, 0]]);
  });
  test("a list of slabs that leads in a circle", () => {
    const slab = slabOf(320);
    expectFound(9, [
      [slab + 8, slab],
      [slab + 12, slab],
    ]);
  });
  test("a free run that is in no bin, and a mask that knows an empty bin", () => {
    const bin = Math.log2(at(counters.binMask) & -at(counters.binMask));
    expectFound(10, [[bins + bin * 4, 0]]);
    expectFound(10, [[counters.binMask, at(counters.binMask) | 1]], 0);
  });
  test("a cache's count", () => {
    const cache = cacheOf(slabOf(320));
    expectFound(11, [[cache + 4, at(cache + 4) + 1]], cache);
  });
  test("blocks in the cache of no one", () => {
    expectFound(11, [
      [tickets, 0],
      [participant + 4, 0],
    ]);
  });
  test("a descriptor that is in use though nobody has its number", () => {
    expectFound(17, [[tickets, 0]], 1);
  });
  test("a descriptor that is not in use but names a thread", () => {
    const state: [number, number] = [participant + 4, 0];
    expectFound(17, [state, [participant + 12, 7]], 1);
    expectFound(17, [state, [participant + 16, 7]], 1);
  });
  test("a number that is held though nobody is at work", () => {
    expectFound(17, [[tickets, 2 ** 31 + 1]], 1);
  });
  test("a cache that leads in a circle", () => {
    const block = at(cacheOf(slabOf(320)));
    expectFound(12, [[block, block]], block);
  });
  test("a cached block that is none, of another class, or free in its slab", () => {
    const slab = slabOf(320);
    const cache = cacheOf(slab);
    expectFound(12, [[cache, at(cache) + 16]], at(cache) + 16);
    expectFound(12, [[cache, slabOf(64) + 128]]);
    expectFound(12, [[cache, first(kinds.run).page * 4096]]);
    expectFound(12, [[cache, 0x7ffff000]]);
    expectFound(12, [[cache, slab + 128 + 101 * 320]]);
  });
  test("the counters", () => {
    for (const counter of [counters.outBlocks, counters.outBytes, counters.overhead]) {
      expectFound(13, [[counter, at(counter) + 16]]);
    }
  });
  test("a descriptor's number and place", () => {
    expectFound(14, [[participant, 2]], 0);
    expectFound(14, [[768, first(kinds.run).page * 4096]], 0);
  });
});

test("an error says what is broken and where", () => {
  const error = corruption(10, -4096);
  expect(error.code).toBe("MASSTREE_CORRUPT");
  expect(error.message).toBe(
    "A bin is not that of the free page runs of its length. (check 10, run 4294963200)",
  );
  expect(error.place).toEqual({ check: 10, run: 4294963200 });
});
