// What the JavaScript wrapper adds: errors, callbacks, lifetimes.
import { MassTreeError } from "@masstree/errors";
import { Region } from "@masstree/memory";
import { createSharedMemory } from "@masstree/wasm";
import { describe, expect, test } from "vitest";
import { type EpochParticipant, Epochs, RETIRE_TAIL } from "../src/index.ts";

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof MassTreeError) return error.code;
    throw error;
  }
  return "none";
}

describe("Epochs", () => {
  test("refuses a memory that is no region, and a free that is no function", () => {
    expect(codeOf(() => new Epochs(createSharedMemory(1, 2)))).toBe("MASSTREE_BAD_HANDLE");
    expect(codeOf(() => new Epochs(undefined as never))).toBe("MASSTREE_BAD_HANDLE");
    using region = Region.create();
    const free = 1 as never;
    expect(codeOf(() => new Epochs(region.memory, { free }))).toBe("MASSTREE_BAD_OPTION");
  });

  test.each([{ fre: () => {} }, { free: null }, { free: 1 }, null, 1, () => {}])(
    "refuses the options %o",
    (options) => {
      using region = Region.create();
      expect(codeOf(() => new Epochs(region.memory, options as never))).toBe("MASSTREE_BAD_OPTION");
    },
  );

  test("names a misspelt option, and the one that there is", () => {
    using region = Region.create();
    expect(() => new Epochs(region.memory, { fre() {} } as never)).toThrow(
      "There is no option 'fre'. The only option is 'free'.",
    );
  });

  test("joins until the region has no participant left, and again after one left", () => {
    using region = Region.create({ maxBytes: 2 ** 28 });
    const epochs = new Epochs(region.memory);
    const participants: EpochParticipant[] = [];
    while (participants.length < 247) participants.push(epochs.join());
    expect(codeOf(() => epochs.join())).toBe("MASSTREE_TOO_MANY_PARTICIPANTS");
    participants.pop()!.leave();
    participants.push(epochs.join());
    for (const participant of participants) participant.leave();
    epochs.verify();
    region.verify();
  });

  test("says that the region is full when a participant does not fit", () => {
    using region = Region.create({ initialBytes: 2 ** 19, maxBytes: 2 ** 19 });
    const epochs = new Epochs(region.memory);
    expect(codeOf(() => epochs.join())).toBe("MASSTREE_FULL");
  });

  test("instances over one memory see one epoch and one count", () => {
    using region = Region.create();
    const [one, two] = [new Epochs(region.memory), new Epochs(region.memory)];
    using writer = one.join();
    expect(one.tryAdvance()).toBe(true);
    expect(two.epoch).toBe(1n);
    writer.retire(region.allocate(64), 64);
    expect([two.retiredBlocks, two.retiredBytes]).toEqual([1, 64]);
  });
});

describe("a participant", () => {
  test("pins in the epoch that is current, and tells how far it has fallen behind", () => {
    using region = Region.create();
    const epochs = new Epochs(region.memory);
    using reader = epochs.join();
    expect([reader.pinned, reader.epochsBehind]).toEqual([false, 0n]);
    reader.pin();
    expect([reader.pinned, reader.epochsBehind]).toEqual([true, 0n]);
    epochs.tryAdvance();
    expect(reader.epochsBehind).toBe(1n);
    reader.unpin();
    expect(reader.pinned).toBe(false);
  });

  test("refuses an unpin too many, and blocks that cannot be", () => {
    using region = Region.create();
    using me = new Epochs(region.memory).join();
    expect(codeOf(() => me.unpin())).toBe("MASSTREE_BAD_OPTION");
    for (const [block, bytes] of [
      [0, 64],
      [64.5, 64],
      [2 ** 32, 64],
      [-64, 64],
      [64, RETIRE_TAIL - 1],
      [64, 2 ** 32],
      [64, Number.NaN],
      [Symbol("block") as never, 64],
      [64, Object.create(null)],
    ] as const) {
      expect(codeOf(() => me.retire(block, bytes))).toBe("MASSTREE_BAD_OPTION");
    }
    expect(me.drain()).toBe(true);
  });

  test("with a free of its own refuses what belongs to the region", () => {
    using region = Region.create();
    const blocks = [48, 8128, 40_000, 2 ** 20].map((bytes) => [region.allocate(bytes), bytes]);
    const me = new Epochs(region.memory, { free: () => {} }).join();
    const pages = region.memory.buffer.byteLength / 4096;
    const isWithin = (at: number) => blocks.some(([b, n]) => at >= b! && at + 64 <= b! + n!);
    const refused: number[] = [];
    for (let page = 0; page < pages; page++) {
      const at = Math.max(8, page * 4096);
      if (isWithin(at)) continue;
      if (codeOf(() => me.retire(at, 64)) === "MASSTREE_BAD_OPTION") refused.push(page);
    }
    // Header, map and descriptors; and of slabs and free runs what one look at the page map tells.
    const { overheadBytes } = region.account();
    expect(refused.length).toBeGreaterThan(overheadBytes / 4096);
    for (const page of [0, 1, 2, 3, pages - 1]) expect(refused).toContain(page);
    for (const [block, bytes] of blocks) {
      // A program may divide its blocks, and retire parts of them.
      for (const at of [block!, block! + (((bytes! - 40) >> 4) << 3)]) {
        expect(codeOf(() => me.retire(at, 32))).toBe("none");
      }
      // A slab's header is in the page before its first block, or in the same one.
      const slab = block! & -4096;
      if (bytes === 48) expect(codeOf(() => me.retire(slab + 8, 32))).toBe("MASSTREE_BAD_OPTION");
    }
    expect(codeOf(() => me.retire(pages * 4096 - 2 ** 20, 2 ** 20))).toBe("MASSTREE_BAD_OPTION");
  });

  test("that has left refuses everything but leaving", () => {
    using region = Region.create();
    const epochs = new Epochs(region.memory);
    const me = epochs.join();
    me.leave();
    me.leave();
    const calls: ((me: EpochParticipant) => unknown)[] = [
      (me) => me.pin(),
      (me) => me.unpin(),
      (me) => me.pinned,
      (me) => me.epochsBehind,
      (me) => me.retire(64, 64),
      (me) => me.collect(),
      (me) => me.drain(),
    ];
    for (const call of calls) expect(codeOf(() => call(me))).toBe("MASSTREE_CLOSED");
  });

  test("frees into the region that it works on", () => {
    using region = Region.create();
    const epochs = new Epochs(region.memory);
    const before = region.account().liveBlocks;
    using me = epochs.join();
    for (let i = 0; i < 1000; i++) {
      me.pin();
      me.retire(region.allocate(64), 64);
      me.unpin();
    }
    // It collected by itself on the way.
    expect(epochs.retiredBlocks).toBeLessThanOrEqual(4 * 32);
    expect(me.drain()).toBe(true);
    expect(region.account().liveBlocks).toBe(before);
    epochs.verify();
    region.verify();
  });
});

describe("a free of one's own", () => {
  test("that throws stops nothing, and its error reaches the caller", () => {
    using region = Region.create();
    const freed: number[] = [];
    const epochs = new Epochs(region.memory, {
      free(block, bytes) {
        freed.push(block);
        region.free(block, bytes);
        if (freed.length <= 2) throw new Error(`refused ${freed.length}`);
      },
    });
    using me = epochs.join();
    const blocks = [1, 2, 3, 4].map(() => region.allocate(48));
    for (const block of blocks) me.retire(block, 48);
    expect(() => me.drain()).toThrow("refused 1");
    expect(freed.toSorted()).toEqual(blocks.toSorted());
    expect(me.drain()).toBe(true);
    epochs.verify();
    region.verify();
  });
});
