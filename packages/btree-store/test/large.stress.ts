// Files whose space map has index pages, and values of up to 1 GiB.
import { join } from "node:path";
import { expect, test } from "vitest";
import { BTreeStore, bucket, MAX_VALUE_BYTES } from "../src/index.ts";
import { inFolder } from "./support/processes.ts";

const data = bucket("data", { value: "bytes" });

test(
  "a file of more than 127 MiB has an index above its map, and keeps it when it is compacted",
  () =>
    inFolder(async (folder) => {
      const file = join(folder, "data.db");
      const store = BTreeStore.open(file, { durability: "none" });
      const value = new Uint8Array(50 * 2 ** 20).fill(7);
      for (let i = 0; i < 5; i++) store.write(data, (txn) => txn.set(`large ${i}`, value));
      store.write(data, (txn) => {
        for (let i = 0; i < 1000; i++) txn.set(`small ${i}`, value.subarray(0, i));
      });
      store.check();
      store.close();
      const again = BTreeStore.open(file, { durability: "none" });
      expect(again.stats().usedPages).toBeGreaterThan(32_512);
      again.write(data, (txn) => {
        for (let i = 0; i < 4; i++) txn.delete(`large ${i}`);
        txn.set("large 4", value.subarray(0, 5000));
      });
      again.check();
      const { before, after } = again.compact();
      expect(after).toBeLessThan(before / 50);
      again.check();
      expect(again.read(data, (txn) => [txn.size, txn.get("large 4")!.length])).toEqual([
        1001, 5000,
      ]);
      again.close();
      using last = BTreeStore.open(file);
      last.check();
    }),
  300_000,
);

test(
  "a value of 1 GiB, and none of a byte more",
  () =>
    inFolder(async (folder) => {
      using store = BTreeStore.open(join(folder, "data.db"), { durability: "none" });
      const value = new Uint8Array(MAX_VALUE_BYTES + 1).fill(3);
      value[2 ** 29] = 4;
      store.write(data, (txn) => {
        expect(() => txn.set("k", value)).toThrow(
          expect.objectContaining({ code: "MASSTREE_BAD_VALUE" }),
        );
        txn.set("k", value.subarray(0, MAX_VALUE_BYTES));
      });
      const found = store.read(data, (txn) => txn.get("k")!);
      expect([found.length, found[0], found[2 ** 29], found.at(-1)]).toEqual([
        MAX_VALUE_BYTES,
        3,
        4,
        3,
      ]);
      store.write(data, (txn) => txn.set("k", new Uint8Array(1)));
      expect(store.check().usedPages).toBeLessThan(20);
    }),
  300_000,
);
