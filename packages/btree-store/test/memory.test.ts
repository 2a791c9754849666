// Stores that are larger than the memory that they may use.
import { random, runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
import { outgrowsItsMemory } from "./support/gauntlet.ts";
import { SimDisk } from "./support/sim-disk.ts";

test("pages come and go, clean and dirty ones", () => {
  outgrowsItsMemory(BTreeStore, random(1), runs(20));
});

test("a transaction may change far more pages than stay in memory, and be rolled back", () => {
  using store = BTreeStore.open("disk", { vfs: new SimDisk(), cacheBytes: 0 });
  const fill = (value: string) =>
    store.write<string>("a", (txn) => {
      for (let i = 0; i < 5000; i++) txn.set(`key ${(i * 37) % 5000}`, value.repeat(300));
      if (value === "c") throw new Error("on purpose");
    });
  fill("a");
  fill("b");
  expect(() => fill("c")).toThrow("on purpose");
  store.check();
  expect(store.stats().cachedPages).toBeLessThanOrEqual(256);
  expect(store.read<string>("a", (txn) => txn.get("key 7")![0])).toBe("b");
});

test("an operation takes no longer when many pages of its transaction are dirty", () => {
  // In CPU time, because other programs may keep the machine busy.
  const perOperation = (count: number) => {
    using store = BTreeStore.open("disk", {
      vfs: new SimDisk(),
      cacheBytes: 0,
      durability: "none",
    });
    const keyOf = (i: number) => `key ${(i * 7919) % count}`;
    store.write("a", (txn) => {
      for (let i = 0; i < count; i++) txn.set(keyOf(i), "x".repeat(100));
    });
    return store.write("a", (txn) => {
      for (let i = 0; i < count; i += 2) txn.set(keyOf(i), "y".repeat(100));
      const before = process.cpuUsage();
      for (let i = 1; i < count; i += 2) txn.set(keyOf(i), "z".repeat(100));
      const { user, system } = process.cpuUsage(before);
      return (user + system) / (count / 2);
    });
  };
  perOperation(20_000); // The engine's compilers take part.
  const small = perOperation(20_000);
  expect(perOperation(160_000)).toBeLessThan(4 * small + 2);
});
