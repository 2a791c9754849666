// What a store does for those who use it: opening, options, buckets, snapshots. Transactions: transactions.test.ts.
import { describe, expect, test } from "vitest";
import { BTreeStore, bucket, type StoreOptions } from "../src/index.ts";
import { SimDisk } from "./support/sim-disk.ts";

const withCode = (code: string) => expect.objectContaining({ code });

function opened(options: StoreOptions = {}, disk = new SimDisk()): BTreeStore {
  return BTreeStore.open("disk", { vfs: disk, ...options });
}

const notes = bucket<string>("notes");

describe("buckets", () => {
  test("are created on the first set, renamed and dropped", () => {
    using store = opened();
    store.write("a", (txn) => txn.get("x"));
    expect(store.buckets()).toEqual([]);
    store.writeMany((buckets) => {
      buckets.bucket("b").set("x", "y".repeat(9000));
      buckets.bucket("a").set("x", 1);
    });
    expect(store.buckets()).toEqual(["a", "b"]);
    expect(store.renameBucket("b", "c")).toBe(true);
    expect(store.renameBucket("b", "d")).toBe(false);
    expect(() => store.renameBucket("a", "c")).toThrow(withCode("STORE_BUCKET"));
    expect(store.read("c", (txn) => txn.size)).toBe(1);
    store.check();
    expect(store.dropBucket("c")).toBe(true);
    expect(store.dropBucket("c")).toBe(false);
    expect(store.check()).toMatchObject({ buckets: 1, entries: 1 });
  });

  test("keep their codecs, and are refused with others", () => {
    using store = opened();
    store.write(bucket("n", { key: "number" }), (txn) => txn.set(1, 2));
    expect(store.read("n", (txn) => [...txn])).toEqual([[1, 2]]);
    const wrong = [bucket("n"), bucket("n", { key: "number", value: "utf8" })] as never[];
    for (const one of wrong) {
      expect(() => store.read(one, () => 1)).toThrow(withCode("STORE_BUCKET"));
      expect(() => store.write(one, () => 1)).toThrow(withCode("STORE_BUCKET"));
    }
    const value = { encode: () => new Uint8Array(1), decode: () => 5 };
    store.write(bucket("own", { value }), (txn) => txn.set("a", 1));
    expect(() => store.read("own", () => 1)).toThrow("the value codec must be passed");
    expect(store.read(bucket("own", { value }), (txn) => txn.get("a"))).toBe(5);
  });

  test("have names of 1 to 255 bytes", () => {
    for (const name of ["", "x".repeat(256), "\ud800", 7 as never]) {
      expect(() => bucket(name)).toThrow(withCode("STORE_BUCKET"));
    }
    using store = opened();
    expect(() => store.write("", () => 1)).toThrow(withCode("STORE_BUCKET"));
    store.write("ö".repeat(127), (txn) => txn.set("a", 1));
    expect(store.buckets()).toEqual(["ö".repeat(127)]);
  });
});

describe("snapshots", () => {
  test("outlive commits, in several buckets, until they are disposed of", () => {
    using store = opened();
    store.write(notes, (txn) => txn.set("a", "1"));
    const snapshot = store.snapshot({ name: "mine" });
    store.dropBucket("notes");
    store.write("other", (txn) => txn.set("b", 2));
    expect(snapshot.bucket(notes).get("a")).toBe("1");
    expect(snapshot.bucket("other").size).toBe(0);
    expect(store.stats().snapshots).toMatchObject([{ name: "mine", commit: 1 }]);
    const iterator = snapshot.bucket(notes).keys();
    snapshot.dispose();
    snapshot.dispose();
    expect(() => iterator.next()).toThrow(withCode("STORE_ENDED"));
    expect(store.stats().snapshots).toEqual([]);
  });

  test("end with their store", () => {
    const store = opened();
    const snapshot = store.snapshot();
    store.close();
    expect(() => snapshot.bucket("a")).toThrow(withCode("STORE_ENDED"));
  });
});

describe("opening", () => {
  test("twice gives the same store, which is closed with the second close", () => {
    const disk = new SimDisk();
    const store = opened({}, disk);
    expect(opened({}, disk)).toBe(store);
    expect(() => opened({ readOnly: true }, disk)).toThrow(withCode("STORE_LOCKED"));
    store.close();
    expect(store.closed).toBe(false);
    store.close();
    store.close();
    expect(store.closed).toBe(true);
    expect(() => store.read("a", () => 1)).toThrow(withCode("MASSTREE_CLOSED"));
    using again = opened({}, disk);
    expect(again).not.toBe(store);
  });

  test("read-only writes nothing, and refuses to", () => {
    const disk = new SimDisk();
    expect(() => opened({ readOnly: true }, disk)).toThrow(withCode("STORE_CORRUPT"));
    const store = opened({}, disk);
    store.write("a", (txn) => txn.set("k", 1));
    store.close();
    const events = disk.log.length;
    using reader = opened({ readOnly: true }, disk);
    expect(reader.read("a", (txn) => txn.get("k"))).toBe(1);
    expect(() => reader.write("a", () => 1)).toThrow(withCode("STORE_READ_ONLY"));
    expect(() => reader.dropBucket("a")).toThrow(withCode("STORE_READ_ONLY"));
    expect(disk.log.length).toBe(events);
  });

  test("refuses options that there are not, or that make no sense", () => {
    const bad = [
      { pageBytes: 5000 },
      { cacheBytes: -1 },
      { durability: "no" },
      { x: 1 },
      { vfs: 1 },
    ];
    for (const options of [...bad, { readOnly: 1 }]) {
      expect(() => BTreeStore.open("disk", options as never)).toThrow(
        withCode("MASSTREE_BAD_OPTION"),
      );
    }
    expect(() => BTreeStore.open("")).toThrow(withCode("MASSTREE_BAD_OPTION"));
    using store = opened();
    for (const options of [{ durable: "none" }, { durability: "no" }, null]) {
      expect(() => store.write("a", () => 1, options as never)).toThrow(
        withCode("MASSTREE_BAD_OPTION"),
      );
    }
  });

  test("keeps the size of pages that a file has", () => {
    const disk = new SimDisk();
    opened({ pageBytes: 16384 }, disk).close();
    using store = opened({ pageBytes: 4096 }, disk);
    expect(store.stats().pageBytes).toBe(16384);
  });
});

test("flush puts on the disk what durability none has left", async () => {
  const disk = new SimDisk();
  using store = opened({ durability: "none" }, disk);
  store.write("a", (txn) => txn.set("k", 1));
  expect(store.stats()).toMatchObject({ commit: 1, durableCommit: 0 });
  await store.flush();
  expect(store.stats().durableCommit).toBe(1);
  expect(disk.log.at(-1)?.kind).toBe("sync");
});

test("many commits reuse their pages", () => {
  using store = opened({ cacheBytes: 0 });
  for (let i = 0; i < 1500; i++) {
    store.write("a", (txn) => txn.set(`k${i % 100}`, "x".repeat((i * 37) % 500)));
  }
  store.check();
  expect(store.stats().fileBytes).toBeLessThan(600_000);
});
