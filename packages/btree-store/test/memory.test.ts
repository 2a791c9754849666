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
