import {
  MassTreeBadHandleError,
  MassTreeBadOptionError,
  MassTreeClosedError,
  MassTreeFullError,
  MassTreeTooManyParticipantsError,
} from "@masstree/errors";
import { describe, expect, test } from "vitest";
import { createMemory, memoryPages, Region, RegionView, readHeader } from "../src/index.ts";

describe("a region", () => {
  test("is shared by those that attach to its memory, who may free each other's blocks", () => {
    const first = Region.create({ maxBytes: 2 ** 24, config: [15, 2 ** 32 - 1] });
    const second = Region.attach(first.memory);
    expect(second.number).not.toBe(first.number);
    const block = first.allocate(100);
    first.view.bytes.fill(7, block, block + 100);
    expect(second.view.bytes.subarray(block, block + 100).every((byte) => byte === 7)).toBe(true);
    expect(first.account()).toMatchObject({ liveBlocks: 1, liveBytes: 112 });
    second.free(block, 100);
    expect(second.account()).toMatchObject({
      liveBlocks: 0,
      liveBytes: 0,
      committedBytes: 2 ** 20,
    });
    first.verify();
    second.close();
    first.close();
  });

  test("says of itself what it was made with", () => {
    const region = Region.create({ maxBytes: 2 ** 24 + 5, config: [15, 2 ** 32 - 1] });
    const header = {
      layoutVersion: 2,
      maxBytes: 2 ** 24,
      config: [15, 2 ** 32 - 1, 0, 0, 0, 0, 0, 0],
    };
    expect(region.header).toEqual(header);
    expect(readHeader(region.memory)).toEqual(header);
  });

  test("refuses what does not fit, and goes on", () => {
    const region = Region.create({ maxBytes: 2 ** 20 });
    expect(() => region.allocate(2 ** 20)).toThrow(MassTreeFullError);
    expect(() => region.allocate(2 ** 32 - 1)).toThrow(MassTreeFullError);
    expect(() => region.allocate(2 ** 32)).toThrow(MassTreeBadOptionError);
    expect(() => region.allocate(-1)).toThrow(MassTreeBadOptionError);
    expect(() => region.allocate(1.5)).toThrow(MassTreeBadOptionError);
    expect(region.allocate(0) % 16).toBe(0);
    region.verify();
  });

  test("knows what is no block", () => {
    const region = Region.create({ maxBytes: 2 ** 21 });
    const block = region.allocate(100);
    const run = region.allocate(10_000);
    for (const [wrong, bytes] of [
      [block + 16, 100],
      [block, 200],
      [block, 10_000],
      [run + 4096, 10_000],
      [run, 100],
      [run, 13_000],
      [0, 16],
      [2 ** 32 - 4096, 100],
      [-block, 100],
      [0.5, 100],
    ] as const) {
      expect(() => region.free(wrong, bytes)).toThrow(MassTreeBadOptionError);
    }
    region.free(block, 100);
    region.free(run, 10_000);
    region.verify();
    expect(region.account().liveBlocks).toBe(0);
  });

  test("refuses a second free of a block above 8,128 bytes", () => {
    using region = Region.create();
    const block = region.allocate(8129);
    region.free(block, 8129);
    region.allocate(100); // Repeated at once, a free counts as the same.
    expect(() => region.free(block, 8129)).toThrow(
      expect.objectContaining({ code: "MASSTREE_BAD_OPTION" }),
    );
    region.verify();
  });

  test("says what a block really takes", () => {
    using region = Region.create({ maxBytes: 2 ** 20 });
    expect(
      [0, 16, 17, 8128, 8129, 2 ** 31 + 1, 2 ** 32 - 1].map((n) => region.blockBytes(n)),
    ).toEqual([16, 16, 32, 8128, 8192, 2 ** 31 + 4096, 2 ** 32]);
  });

  test("once closed is closed, and gives its place to another", () => {
    const region = Region.create({ maxBytes: 2 ** 20 });
    const other = Region.attach(region.memory);
    region.allocate(64);
    region.close();
    region.close();
    expect(() => region.allocate(64)).toThrow(MassTreeClosedError);
    expect(() => region.free(4096, 64)).toThrow(MassTreeClosedError);
    expect(Region.attach(region.memory).number).toBe(region.number);
    expect(other.account().liveBlocks).toBe(1);
    other.verify();
  });

  test("has 248 places", () => {
    const { memory } = Region.create({ maxBytes: 2 ** 27 });
    for (let i = 1; i < 248; i++) Region.attach(memory);
    expect(() => Region.attach(memory)).toThrow(MassTreeTooManyParticipantsError);
  });

  test("takes 335,872 bytes for a participant, once for each number", () => {
    const region = Region.create({ maxBytes: 2 ** 20 });
    const before = region.account().overheadBytes;
    Region.attach(region.memory).close();
    expect(region.account().overheadBytes - before).toBe(335_872);
    Region.attach(region.memory).close();
    expect(region.account().overheadBytes - before).toBe(335_872);
  });

  test("has no room for a participant when it is tiny", () => {
    expect(() => Region.create({ maxBytes: 65536 })).toThrow(MassTreeFullError);
  });
});

describe("bad input", () => {
  test.each([
    { maxBytes: 0 },
    { maxBytes: 65535 },
    { maxBytes: 2 ** 32 + 1 },
    { maxBytes: Number.NaN },
    { maxBytes: "1" as never },
    { initialBytes: 0 },
    { initialBytes: 2 ** 21, maxBytes: 2 ** 20 },
    { maxBytes: Object.create(null) },
    { maxBytes: null as never },
    { maxByte: 2 ** 20 } as never,
    null as never,
    (2 ** 20) as never,
  ])("sizes %o are refused", (options) => {
    expect(() => memoryPages(options)).toThrow(MassTreeBadOptionError);
    expect(() => createMemory(options)).toThrow(MassTreeBadOptionError);
    expect(() => Region.create(options)).toThrow(MassTreeBadOptionError);
  });

  test("a misspelt option is named, with those that there are", () => {
    expect(() => Region.create({ maxByte: 2 ** 20 } as never)).toThrow(
      "There is no option 'maxByte'. The options are 'initialBytes', 'maxBytes', 'config'.",
    );
    expect(() => createMemory({ config: [] } as never)).toThrow(
      "There is no option 'config'. The options are 'initialBytes', 'maxBytes'.",
    );
  });

  test("options may be undefined, and of a class", () => {
    class Sizes {
      get maxBytes() {
        return 2 ** 20;
      }
    }
    expect(memoryPages(new Sizes()).maximumPages).toBe(16);
    const region = Region.create(new Sizes());
    expect(region.header.maxBytes).toBe(2 ** 20);
    expect(memoryPages({ initialBytes: undefined, maxBytes: undefined }).maximumPages).toBe(65536);
  });

  test.each([[[-1]], [[2 ** 32]], [[1.5]], [Array(9).fill(0)], ["x"], [null]])(
    "configuration words %o are refused",
    (config) => {
      expect(() => Region.create({ config: config as number[] })).toThrow(MassTreeBadOptionError);
    },
  );

  test("what is not a region of this layout is no region", () => {
    const shared = (initial: number) =>
      new WebAssembly.Memory({ initial, maximum: 2, shared: true });
    const other = Region.create({ maxBytes: 2 ** 20 }).memory;
    new Uint32Array(other.buffer)[68 / 4] = 9;
    for (const memory of [
      undefined,
      {},
      new SharedArrayBuffer(65536),
      new WebAssembly.Memory({ initial: 1 }),
      shared(0),
      shared(1),
      other,
    ]) {
      expect(() => readHeader(memory as never)).toThrow(MassTreeBadHandleError);
      expect(() => Region.attach(memory as never)).toThrow(MassTreeBadHandleError);
    }
    expect(() => readHeader(other)).toThrow("layout version 9");
  });
});

test("sizes are rounded to whole pages of 64 KiB, the maximum down and the start up", () => {
  expect(memoryPages()).toEqual({ initialPages: 16, maximumPages: 65536 });
  expect(memoryPages({ maxBytes: 65536 * 3.9 })).toEqual({ initialPages: 3, maximumPages: 3 });
  expect(memoryPages({ initialBytes: 65537, maxBytes: 2 ** 20 })).toEqual({
    initialPages: 2,
    maximumPages: 16,
  });
});

test("a view reaches what the memory has grown to include, and no further", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 3, shared: true });
  const view = new RegionView(memory);
  view.reach(65536);
  const { bytes } = view;
  expect(bytes.length).toBe(65536);
  memory.grow(1);
  view.reach(65536);
  expect(view.bytes).toBe(bytes);
  view.reach(65537);
  expect(view.bytes.length).toBe(2 * 65536);
  view.longs[10_000] = 2n ** 63n;
  expect([view.words[20_001], view.doubles[10_000]]).toEqual([2 ** 31, -0]);
  expect(bytes[80_000]).toBe(undefined);
  expect(() => view.reach(2 * 65536 + 1)).toThrow(RangeError);
});
