import { describe, expect, it } from "vitest";
import { treeOf } from "../src/index.ts";
import { WordMap } from "./word-map.ts";

describe("stats", () => {
  it("tells the shape of an empty map", () => {
    const map = new WordMap();
    const { size, layers, leaves, internodes, height, fill, participants } = map.stats();
    expect({ size, layers, leaves, internodes, height, fill }).toEqual({
      size: 0,
      layers: 1,
      leaves: 1,
      internodes: 0,
      height: 0,
      fill: 0,
    });
    expect(participants).toEqual([
      {
        number: 1,
        self: true,
        threadId: expect.any(Number),
        state: "live",
        pinned: false,
        epochsBehind: 0,
        delays: 0,
        pinnedFor: 0,
      },
    ]);
    map.verify();
    map.close();
  });

  it("follows the tree as it grows and shrinks", () => {
    const map = new WordMap();
    for (let i = 0; i < 5000; i++)
      map.set(`a long prefix that all keys share ${i % 5000}`, BigInt(i));
    const grown = map.stats();
    map.verify();
    // `verify` has compared these with what it walked through.
    const { exports } = treeOf(map);
    expect(grown.leaves).toBe(exports.leaves());
    expect(grown.internodes).toBe(exports.internodes());
    expect(grown.layers).toBe(exports.layers());
    expect(grown.fill).toBeGreaterThan(0.3);
    expect(grown.fill).toBeLessThanOrEqual(1);
    expect(grown.splits).toBeGreaterThan(300);
    expect(grown.liveBytes).toBeGreaterThan(5000 * 8);
    map.clear();
    map.verify();
    const cleared = map.stats();
    expect(cleared).toMatchObject({ size: 0, layers: 1, leaves: 1, internodes: 0, height: 0 });
    expect(cleared.retiredBytes).toBe(0);
    map.close();
  });

  it("names a participant that stays pinned, and how far it is behind", () => {
    const map = new WordMap();
    const other = WordMap.attach(map.handle);
    treeOf(other).exports.pin();
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 2000; j++) map.set(`${j}`, BigInt(j));
      map.clear();
    }
    const held = map.stats().participants.find(({ number }) => number === other.participant);
    expect(held).toMatchObject({ self: false, pinned: true, epochsBehind: 1 });
    expect(held!.delays).toBeGreaterThan(100);
    expect(map.stats().retiredBytes).toBeGreaterThan(0);
    treeOf(other).exports.unpin();
    other.close();
    map.verify();
    map.close();
  });
});

describe("release", () => {
  it("refuses what is no number of another participant", () => {
    const map = new WordMap();
    for (const wrong of [0, -1, 1.5, 249, Number.NaN, "2" as unknown as number, map.participant]) {
      expect(() => map.release(wrong)).toThrow(
        expect.objectContaining({ code: "MASSTREE_BAD_OPTION" }),
      );
    }
    expect(map.release(7)).toBe(false);
    map.verify();
    map.close();
  });

  it.runIf(process.platform === "linux")("refuses a thread that runs", () => {
    const map = new WordMap();
    const other = WordMap.attach(map.handle);
    expect(() => map.release(other.participant)).toThrow(/still runs/);
    other.set("still", 1n);
    expect(map.get("still")).toBe(1n);
    other.close();
    map.verify();
    map.close();
  });
});

describe("verify", () => {
  /** Where the region keeps the address of the first layer's root, and a leaf its permutation. */
  const mapRoot = 512;
  const permutation = 8;

  it("throws with the place when an invariant is broken, and passes once it holds again", () => {
    const map = new WordMap();
    for (let i = 0; i < 3; i++) map.set(`${i}`, BigInt(i));
    const view = new DataView(treeOf(map).memory.buffer);
    const leaf = view.getUint32(mapRoot, true);
    const sound = view.getBigUint64(leaf + permutation, true);
    view.setBigUint64(leaf + permutation, sound - 1n, true); // one entry less
    expect(() => map.verify()).toThrow(
      expect.objectContaining({ code: "MASSTREE_CORRUPT", place: expect.any(Object) }),
    );
    view.setBigUint64(leaf + permutation, sound, true);
    map.verify();
    map.close();
    expect(() => map.verify()).toThrow(expect.objectContaining({ code: "MASSTREE_CLOSED" }));
  });
});
