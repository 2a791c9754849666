import { describe, expect, test } from "vitest";
import { Model } from "./model.ts";
import { createRegion, must } from "./module.ts";

const limit = (name: "COLLECT_BLOCKS" | "COLLECT_BYTES" | "HARD_BLOCKS"): number =>
  createRegion().module[name].value;

describe("the epoch", () => {
  test("advances past a pinned participant once, and no further", () => {
    const { module } = createRegion();
    const reader = must(module.register());
    module.pin(reader);
    expect(module.tryAdvance()).toBe(1);
    expect(module.tryAdvance()).toBe(0);
    expect(module.globalEpoch()).toBe(1n);
    expect(module.epochsBehind(reader)).toBe(1n);
    expect(module.pinnedSince(reader)).toBe(1n);
    module.unpin(reader);
    expect(module.pinnedSince(reader)).toBe(0n);
    expect(module.tryAdvance()).toBe(1);
  });

  test("goes on beyond 32 bits", () => {
    const { module } = createRegion();
    module.startAt((1n << 32n) - 1n);
    const writer = must(module.register());
    module.retire(writer, must(module.allocate(writer, 64)), 64);
    expect(module.drain(writer)).toBe(1);
    expect(module.globalEpoch()).toBe((1n << 32n) + 1n);
  });
});

describe("a pin", () => {
  test("that nests ends with the outermost unpin", () => {
    const { module } = createRegion();
    const reader = must(module.register());
    module.pin(reader);
    module.pin(reader);
    module.unpin(reader);
    module.tryAdvance();
    expect(module.isPinned(reader)).toBe(1);
    expect(module.tryAdvance()).toBe(0);
    module.unpin(reader);
    expect(module.isPinned(reader)).toBe(0);
    expect(module.tryAdvance()).toBe(1);
  });

  test("that was announced many epochs late holds what is retired after it", () => {
    const model = new Model(2, 0n);
    model.beginPin(0);
    for (let i = 0; i < 10; i++) model.advance();
    model.retire(1, 64); // Before the announcement: the reader cannot find this one.
    model.finishPin(0);
    model.retire(1, 64);
    // The late announcement stops the epoch, so the first one has to wait as well.
    for (let i = 0; i < 10; i++) model.collect(1);
    expect(model.waiting.size).toBe(2);
    expect(model.region.module.epochsBehind(model.addressOf(0))).toBe(10n);
    model.end();
  });

  test("without an unpin to match is refused in test builds", () => {
    const { module } = createRegion();
    const reader = must(module.register());
    expect(() => module.unpin(reader)).toThrow(WebAssembly.RuntimeError);
  });
});

describe("garbage", () => {
  test("of a participant that pins for a moment at a time stays within a few collections' worth", () => {
    const blocks = limit("COLLECT_BLOCKS");
    const model = new Model(3, 0n);
    for (let i = 0; i < 2000; i++) {
      const who = i % 3;
      model.pin(who);
      model.retire(who, 16);
      model.unpin(who);
      expect(model.waiting.size).toBeLessThanOrEqual(3 * 4 * blocks);
    }
    model.end();
  });

  test("is counted in bytes too: one large block is collected at once", () => {
    const bytes = limit("COLLECT_BYTES");
    const model = new Model(2, 0n);
    for (let i = 0; i < 20; i++) {
      model.pin(0);
      model.retire(0, 100 * bytes);
      model.unpin(0);
      expect(model.waiting.size).toBeLessThanOrEqual(1);
    }
    model.end();
  });

  test("that gathered behind a reader goes with the writer's next collections after it", () => {
    const model = new Model(2, 0n);
    model.pin(0);
    for (let i = 0; i < 10 * limit("HARD_BLOCKS"); i++) {
      model.pin(1);
      model.retire(1, 32);
      model.unpin(1);
    }
    expect(model.waiting.size).toBe(10 * limit("HARD_BLOCKS"));
    model.unpin(0);
    for (let i = 0; i < limit("COLLECT_BLOCKS"); i++) {
      model.pin(1);
      model.retire(1, 32);
      model.unpin(1);
    }
    expect(model.waiting.size).toBeLessThanOrEqual(limit("HARD_BLOCKS"));
    model.end();
  });

  test("of one long pinned section is all there until it ends", () => {
    const model = new Model(1, 0n);
    model.pin(0);
    for (let i = 0; i < 500; i++) model.retire(0, 24);
    expect(model.waiting.size).toBe(500);
    model.unpin(0);
    model.end();
  });
});

describe("a participant that leaves", () => {
  test("while another is pinned has its blocks freed by a third", () => {
    const model = new Model(3, 0n);
    model.pin(0);
    for (let i = 0; i < 10; i++) model.retire(1, 48);
    model.leave(1);
    model.collect(2);
    expect(model.waiting.size).toBe(10);
    model.unpin(0);
    for (let i = 0; i < 3; i++) model.collect(2);
    expect(model.waiting.size).toBe(0);
    model.end();
  });

  test("leaves its blocks to whoever gets its descriptor", () => {
    const model = new Model(2, 0n);
    model.pin(0);
    for (let i = 0; i < 10; i++) model.retire(1, 48);
    model.leave(1);
    model.join(1);
    model.unpin(0);
    for (let i = 0; i < 3; i++) model.collect(1);
    expect(model.waiting.size).toBe(0);
    model.end();
  });

  test("lets go of its pins, however deep", () => {
    const model = new Model(2, 0n);
    model.pin(0);
    model.pin(0);
    model.leave(0);
    model.retire(1, 16);
    for (let i = 0; i < 3; i++) model.collect(1);
    expect(model.waiting.size).toBe(0);
    model.end();
  });

  test("frees all it can by itself", () => {
    const model = new Model(1, 0n);
    for (let i = 0; i < 3; i++) model.retire(0, 16);
    model.leave(0);
    expect(model.waiting.size).toBe(0);
    model.end();
  });

  test("has its blocks counted anew, in case it died between linking and counting", () => {
    const { module } = createRegion();
    const [reader, dead, other] = [0, 0, 0].map(() => must(module.register())) as number[];
    module.pin(reader!);
    module.retire(dead!, must(module.allocate(dead!, 64)), 64);
    module.forgetCount(dead!);
    expect(module.verifyEpochs()).not.toBe(0);
    module.leave(dead!);
    module.unregister(dead!);
    expect(module.retiredBlocks()).toBe(1);
    expect(module.verifyEpochs()).toBe(0);
    module.unpin(reader!);
    expect(module.drain(other!)).toBe(1);
    expect(module.liveBlocks()).toBe(0);
  });
});

describe("draining", () => {
  test("says that something is left while another participant is pinned", () => {
    const { module } = createRegion();
    const [reader, writer] = [must(module.register()), must(module.register())];
    module.pin(reader);
    module.retire(writer, must(module.allocate(writer, 64)), 64);
    expect(module.drain(writer)).toBe(0);
    expect(module.retiredBlocks()).toBe(1);
    module.unpin(reader);
    expect(module.drain(writer)).toBe(1);
    expect(module.retiredBytes()).toBe(0);
  });

  test("leaves alone what other live participants retired", () => {
    const { module } = createRegion();
    const [one, two] = [must(module.register()), must(module.register())];
    module.retire(one, must(module.allocate(one, 64)), 64);
    expect(module.drain(two)).toBe(1);
    expect(module.retiredBlocks()).toBe(1);
    expect(module.drain(one)).toBe(1);
  });
});

describe("a block", () => {
  test("may have any length from the tail up, at any alignment", () => {
    const freed: [number, number][] = [];
    const { memory, module } = createRegion((_participant, block, bytes) => {
      freed.push([block, bytes]);
    });
    const writer = must(module.register());
    const blocks = [8, 9, 11, 15, 16, 100, 4097, 1_000_003].map((bytes): [number, number] => [
      must(module.allocate(writer, bytes)),
      bytes,
    ]);
    const reader = must(module.register());
    module.pin(reader);
    for (const [block, bytes] of blocks) {
      new Uint8Array(memory.buffer).fill(0x5a, block, block + bytes);
      module.retire(writer, block, bytes);
    }
    // All but the tail is as it was.
    const view = new Uint8Array(memory.buffer);
    for (const [block, bytes] of blocks) {
      expect(view.subarray(block, block + bytes - 8).every((byte) => byte === 0x5a)).toBe(true);
    }
    module.unpin(reader);
    expect(module.drain(writer)).toBe(1);
    expect(freed.sort()).toEqual(blocks.sort());
    expect(module.liveBlocks()).toBe(0);
  });
});
