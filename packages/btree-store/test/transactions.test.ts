// What a transaction does for those who use it: its methods, keys and values, and when it is rolled back.
import { describe, expect, test } from "vitest";
import { BTreeStore, bucket, type StoreOptions, type WriteTransaction } from "../src/index.ts";
import { SimDisk } from "./support/sim-disk.ts";

const withCode = (code: string) => expect.objectContaining({ code });

function opened(options: StoreOptions = {}, disk = new SimDisk()): BTreeStore {
  return BTreeStore.open("disk", { vfs: disk, ...options });
}

const notes = bucket<string>("notes");

/** Runs a transaction on a new store. */
function inBucket<R>(callback: (txn: WriteTransaction<string, string>) => R): R {
  using store = opened();
  return store.write(notes, callback);
}

describe("a transaction that writes", () => {
  test("sees its own changes, and commits them together", () => {
    using store = opened();
    const result = store.write(notes, (txn) => {
      txn.set("a", "1").set("b", "2");
      txn.delete("a");
      return [...txn];
    });
    expect(result).toEqual([["b", "2"]]);
    expect(store.read(notes, (txn) => [...txn])).toEqual([["b", "2"]]);
    expect(store.stats().commit).toBe(1);
  });

  test("that changes nothing commits nothing", () => {
    const disk = new SimDisk();
    using store = opened({}, disk);
    const events = disk.log.length;
    store.write(notes, (txn) => txn.delete("a"));
    store.write(notes, () => 1);
    expect([store.stats().commit, disk.log.length]).toEqual([0, events]);
  });

  test("changes nothing if its callback throws", () => {
    using store = opened();
    store.write(notes, (txn) => txn.set("a", "1"));
    const attempt = () =>
      store.writeMany((buckets) => {
        buckets.bucket(notes).clear();
        buckets.bucket("new").set("b", 2);
        throw new RangeError("mine");
      });
    expect(attempt).toThrow(RangeError);
    expect(store.buckets()).toEqual(["notes"]);
    expect(store.read(notes, (txn) => [...txn])).toEqual([["a", "1"]]);
    store.check();
  });

  test("goes on after a bad key, a bad value or a bad range", () => {
    using store = opened();
    store.write(notes, (txn) => {
      txn.set("a", "1");
      expect(() => txn.set(7 as never, "1")).toThrow(withCode("MASSTREE_BAD_KEY"));
      expect(() => txn.set("k".repeat(65_537), "1")).toThrow(withCode("MASSTREE_KEY_TOO_LONG"));
      expect(() => txn.set("b", (() => 1) as never)).toThrow(withCode("MASSTREE_BAD_VALUE"));
      expect(() => txn.clear({ prefx: "a" } as never)).toThrow(withCode("MASSTREE_BAD_RANGE"));
      expect(() => txn.entries({ gt: 5 as never })).toThrow(withCode("MASSTREE_BAD_RANGE"));
    });
    expect(store.read(notes, (txn) => txn.size)).toBe(1);
  });

  test("may be used by the codec of a value while that is encoded", () => {
    using store = opened();
    store.write("any", (txn) => {
      txn.set("outer", {
        toJSON() {
          txn.set("inner", 1);
          return 2;
        },
      });
    });
    expect(store.read("any", (txn) => [...txn])).toEqual([
      ["inner", 1],
      ["outer", 2],
    ]);
  });

  test("is rolled back after a failed step, even if its callback catches the error", () => {
    const disk = new SimDisk();
    using store = opened({}, disk);
    store.write(notes, (txn) => txn.set("a", "1"));
    const attempt = () =>
      store.write(notes, (txn) => {
        txn.set("b", "2");
        disk.before = () => {
          throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
        };
        expect(() => txn.set("long", "x".repeat(1_000_000))).toThrow(withCode("STORE_FULL"));
        disk.before = undefined;
        expect(() => txn.set("c", "3")).toThrow(withCode("STORE_FULL"));
      });
    expect(attempt).toThrow(withCode("STORE_FULL"));
    expect(store.read(notes, (txn) => [...txn])).toEqual([["a", "1"]]);
    store.check();
  });
});

test("a stack overflow in a transaction rolls it back, and the store goes on", () => {
  using store = opened();
  store.write("a", (txn) => txn.set("k", 1));
  const deep = (txn: WriteTransaction, i: number): void => {
    txn.set(`k${i}`, i);
    deep(txn, i + 1);
  };
  expect(() => store.write("a", (txn) => deep(txn, 0))).toThrow(RangeError);
  expect(store.read("a", (txn) => [...txn])).toEqual([["k", 1]]);
  store.check();
  store.write("a", (txn) => txn.set("l", 2));
  store.check();
});

describe("methods", () => {
  test("that write on a condition", () => {
    inBucket((txn) => {
      expect(txn.setIfAbsent("a", "1")).toBe(true);
      expect(txn.setIfAbsent("a", "2")).toBe(false);
      expect(txn.replace("a", "3")).toBe("1");
      expect(txn.replace("b", "3")).toBeUndefined();
      expect(txn.exchange("b", "4")).toBeUndefined();
      expect(txn.exchange("b", "5")).toBe("4");
      expect(txn.compareAndSet("a", "3", "6")).toBe(true);
      expect(txn.compareAndSet("a", "3", "7")).toBe(false);
      expect(txn.compareAndSet("c", undefined, "8")).toBe(true);
      expect(txn.compareAndSet("c", undefined, "9")).toBe(false);
      expect(txn.compareAndSet("c", "8", undefined)).toBe(true);
      expect(txn.compareAndSet("c", "8", undefined)).toBe(false);
      expect(txn.getOrInsert("d", "10")).toBe("10");
      expect(txn.getOrInsert("d", "11")).toBe("10");
      expect(txn.getOrInsertComputed("e", (key) => `${key}!`)).toBe("e!");
      expect(txn.update("e", (old, key) => `${old}${key}`)).toBe("e!e");
      expect(txn.update("e", () => undefined)).toBeUndefined();
      expect(txn.take("d")).toBe("10");
      expect(txn.take("d")).toBeUndefined();
      expect([...txn]).toEqual([
        ["a", "6"],
        ["b", "5"],
      ]);
    });
  });

  test("for many keys", () => {
    inBucket((txn) => {
      txn.setMany([
        ["a", "1"],
        ["b", "2"],
        ["a", "3"],
      ]);
      expect(txn.getMany(["b", "c", "a"])).toEqual(["2", undefined, "3"]);
      expect(txn.hasMany(new Set(["b", "c"]))).toEqual([true, false]);
      expect(txn.deleteMany(["a", "c"])).toBe(1);
    });
  });

  test("at the ends of ranges", () => {
    inBucket((txn) => {
      for (const key of ["a", "b/1", "b/2", "c"]) txn.set(key, key);
      expect(txn.first()).toEqual(["a", "a"]);
      expect(txn.last({ prefix: "b/" })).toEqual(["b/2", "b/2"]);
      expect(txn.first({ prefix: "b/", reverse: true })).toEqual(["b/2", "b/2"]);
      expect(txn.first({ prefix: "x" })).toBeUndefined();
      expect(txn.first({ limit: 0 })).toBeUndefined();
      expect(txn.popFirst({ prefix: "b/" })).toEqual(["b/1", "b/1"]);
      expect(txn.popLast()).toEqual(["c", "c"]);
      expect(txn.popFirst({ gt: "b/2" })).toBeUndefined();
      expect(txn.count()).toBe(2);
      expect(txn.count({ prefix: "b", limit: 0 })).toBe(0);
      expect(txn.clear({ prefix: "b" })).toBe(1);
      expect(txn.clear()).toBe(1);
      expect(txn.clear()).toBe(0);
    });
  });

  test("an iteration sees what its transaction changes ahead of it", () => {
    inBucket((txn) => {
      for (let i = 0; i < 1000; i++) txn.set(`k${String(i).padStart(4, "0")}`, "x".repeat(20));
      const seen: string[] = [];
      for (const key of txn.keys()) {
        seen.push(key);
        if (key.endsWith("0")) txn.delete(`${key.slice(0, -1)}5`);
      }
      expect(seen.length).toBe(900);
      let count = 0;
      txn.forEach((_value, key, same) => {
        expect(same).toBe(txn);
        if (count++ % 2 === 0) txn.delete(key);
      });
      expect([count, txn.size]).toEqual([900, 450]);
    });
  });
});

test("an offset passes entries by, wherever a range is taken", () => {
  inBucket((txn) => {
    const keys = Array.from({ length: 700 }, (_, i) => `k${1000 + i}`);
    for (const key of keys) txn.set(key, key);
    for (const reverse of [false, true]) {
      const order = reverse ? [...keys].reverse() : keys;
      for (const offset of [0, 1, 350, 699, 700, 800]) {
        const range = { offset, limit: 300, reverse };
        const found = order.slice(offset, offset + 300);
        expect([...txn.keys(range)]).toEqual(found);
        expect(txn.count(range)).toBe(found.length);
        expect(txn.first(range)?.[0]).toBe(found[0]);
        expect(txn.last({ offset, reverse })?.[0]).toBe(order.slice(offset).at(-1));
      }
    }
    expect(txn.clear({ offset: 10, limit: 600 })).toBe(600);
    const left = [...keys.slice(0, 10), ...keys.slice(610)];
    expect([...txn.keys()]).toEqual(left);
    for (const key of keys) txn.set(key, key);
    expect(txn.clear({ offset: 90, limit: 600, reverse: true })).toBe(600);
    expect([...txn.keys()]).toEqual(left);
  });
});

describe("keys and values", () => {
  test("of every kind, empty ones too, and in their order", () => {
    const disk = new SimDisk();
    const numbers = bucket<number, number>("numbers", { key: "number", value: "structured" });
    const integers = bucket("integers", { key: "bigint", value: "utf8" });
    const bytes = bucket("bytes", { key: "bytes", value: "bytes" });
    const dates = bucket("dates", {
      value: {
        encode: (date: Date) => new Uint8Array(new Float64Array([date.getTime()]).buffer),
        decode: (from) => new Date(new Float64Array(from.buffer)[0]!),
      },
    });
    const first = opened({}, disk);
    first.writeMany((buckets) => {
      for (const n of [3, -1, 0, 1e300, -Infinity]) buckets.bucket(numbers).set(n, n);
      for (const n of [5n, -5n, 2n ** 62n]) buckets.bucket(integers).set(n, String(n));
      buckets.bucket(bytes).set(new Uint8Array(0), new Uint8Array(0));
      buckets.bucket(bytes).set(Uint8Array.of(255), Uint8Array.of(1, 2));
      buckets.bucket(dates).set("", new Date(5));
    });
    first.close();
    using store = opened({}, disk);
    store.readMany((buckets) => {
      expect([...buckets.bucket(numbers).keys()]).toEqual([-Infinity, -1, 0, 3, 1e300]);
      expect([...buckets.bucket(integers).keys()]).toEqual([-5n, 5n, 2n ** 62n]);
      expect(buckets.bucket(bytes).get(new Uint8Array(0))).toEqual(new Uint8Array(0));
      expect([...buckets.bucket(bytes)].length).toBe(2);
      expect(buckets.bucket(dates).get("")).toEqual(new Date(5));
    });
    store.check();
  });

  test("of any length around what fits in a page", () => {
    for (const pageBytes of [4096, 65536]) {
      const disk = new SimDisk();
      using store = opened({ pageBytes, cacheBytes: 0 }, disk);
      const data = bucket("data", { value: "bytes" });
      const half = pageBytes / 2;
      const lengths = [0, 1, half - 60, half - 30, half - 16, half, pageBytes - 33, pageBytes - 32];
      lengths.push(pageBytes, 3 * pageBytes, 2_000_000);
      for (const extra of [0, 1, pageBytes / 8 - 1, pageBytes / 8, pageBytes / 8 + 1, 65_500]) {
        const key = (i: number) => `${"k".repeat(extra)}${String(i).padStart(2, "0")}`;
        store.write(data, (txn) => {
          for (const [i, length] of lengths.entries()) {
            txn.set(key(i), new Uint8Array(length).fill(i));
          }
        });
        store.read(data, (txn) => {
          lengths.forEach((length, i) => {
            const found = txn.get(key(i))!;
            expect(found.length).toBe(length);
            expect(found.every((byte) => byte === i)).toBe(true);
          });
        });
      }
      expect(store.check().entries).toBe(6 * lengths.length);
      store.write(data, (txn) => txn.clear({ gte: "k" }));
      store.check();
      store.write(data, (txn) => txn.clear());
      expect(store.check()).toMatchObject({ entries: 0 });
      expect(store.stats().usedPages).toBeLessThan(6);
    }
  });

  test("of 64 KiB that differ only in the end need long separators, and give them back", () => {
    using store = opened({ cacheBytes: 0 });
    const key = (i: number) => `${"k".repeat(65_500)}${String(i).padStart(6, "0")}`;
    store.write(notes, (txn) => {
      for (let i = 0; i < 60; i++) txn.set(key((i * 37) % 60), String(i));
    });
    store.check();
    store.read(notes, (txn) => {
      expect([...txn.keys()].map((k) => k.slice(-6))).toEqual(
        Array.from({ length: 60 }, (_, i) => key(i).slice(-6)),
      );
      expect(txn.get(key(17))).toBeDefined();
    });
    store.write(notes, (txn) => {
      for (let i = 0; i < 60; i += 2) txn.delete(key(i));
    });
    store.check();
    store.write(notes, (txn) => {
      for (let i = 1; i < 60; i += 2) txn.delete(key(i));
    });
    store.check();
    expect(store.stats().usedPages).toBeLessThan(6);
  });
});
