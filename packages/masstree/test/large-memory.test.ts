// Addresses and lengths beyond 2^31, where 32-bit numbers have a sign in JavaScript. Nothing is filled:
// pages that nobody touches cost nothing.
import "./debug.ts";
import { treeOf } from "@masstree/tree";
import { runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import type { BoxExports } from "../src/exports.ts";
import { MassTree, MassTreeInline } from "../src/index.ts";

const half = 2 ** 31;

/** The address of the box of a key's value. */
function boxOf(map: MassTree<Uint8Array>, key: string): number {
  const { key: scratch, exports } = treeOf(map);
  const { written } = new TextEncoder().encodeInto(key, scratch.subarray(0, 100));
  const box = (exports as BoxExports).getBox(written) >>> 0;
  if (box !== 0) exports.unpin();
  return box;
}

const sizes = [2 ** 32, half - 65536, half, 3 * 2 ** 30].slice(0, runs(1, 4));

describe.each(sizes)("a memory of %i bytes", (initialBytes) => {
  test("holds a map of numbers that others can attach", () => {
    const map = new MassTreeInline({ initialBytes });
    for (let i = 0; i < 100; i++) map.set(`key ${i}`, i);
    const other = MassTreeInline.attach(map.handle);
    expect(other.get("key 7")).toBe(7);
    expect([...other.values()].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
    expect(map.stats().committedBytes).toBe(initialBytes);
    map.verify();
    other.close();
    map.close();
  });

  test("holds values beyond 2 GiB that keys, scans and other threads can read", () => {
    const map = new MassTree({ value: "bytes", initialBytes });
    const exports = treeOf(map).exports as BoxExports;
    // Blocks of which only the first words are ever written leave no room below.
    const fillers: number[] = [];
    while ((fillers.at(-1) ?? 0) < half) fillers.push(exports.allocateBox(2 ** 26) >>> 0);
    const lengths = [0, 7, 8, 64, 65, 1000, 65536, 65537, 5_000_000];
    const value = (i: number) => new Uint8Array(lengths[i]!).fill(i + 1);
    lengths.forEach((_, i) => {
      map.set(`${i}`, value(i));
    });
    expect(boxOf(map, `${lengths.length - 1}`)).toBeGreaterThan(half);
    const other = MassTree.attach<Uint8Array>(map.handle);
    other.set("other's", value(8));
    for (const each of [map, other]) {
      lengths.forEach((_, i) => {
        expect(Buffer.compare(each.get(`${i}`)!, value(i))).toBe(0);
      });
      expect([...each.values()].map((bytes) => bytes.length)).toEqual([...lengths, 5_000_000]);
      expect(each.last()![1][4_999_999]).toBe(9);
    }
    for (const filler of fillers) exports.discardBox(filler);
    map.verify();
    other.close();
    map.close();
  });
});
