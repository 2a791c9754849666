// Optimistic transactions on several buckets.
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  BTreeStore,
  bucket,
  type OptimisticBuckets,
  type StoreConflictError,
  type WriteTransaction,
} from "../src/index.ts";
import { CrashPoint, SimDisk } from "./support/sim-disk.ts";

const withCode = (code: string) => expect.objectContaining({ code });
const accounts = bucket<number>("accounts");
const log = bucket("log", { key: "number", value: "utf8" });

function opened(disk = new SimDisk()): BTreeStore {
  const store = BTreeStore.open("disk", { vfs: disk, durability: "none", cacheBytes: 0 });
  store.write(accounts, (txn) => txn.set("ann", 10).set("bob", 0));
  return store;
}

describe("an optimistic transaction on several buckets", () => {
  test("sees one state, and commits all of them together", () => {
    const disk = new SimDisk();
    {
      using store = opened(disk);
      using txn = store.beginMany({ name: "transfer" });
      expect(store.stats().snapshots).toMatchObject([{ name: "transfer" }]);
      expectTypeOf(txn).toEqualTypeOf<OptimisticBuckets>();
      expectTypeOf(txn.bucket(log)).toEqualTypeOf<WriteTransaction<string, number>>();
      store.write(log, (other) => other.set(9, "later"));
      txn.bucket(accounts).update("ann", (ann = 0) => ann - 7);
      // Both are the same bucket.
      txn.bucket(accounts).update("bob", (bob = 0) => bob + 7);
      txn.bucket("accounts").set("cyd", txn.bucket(accounts).get("ann")!);
      txn.bucket(log).set(1, "ann to bob");
      expect(store.read(accounts, (other) => other.get("ann"))).toBe(10);
      const before = store.stats().commit;
      expect(txn.commit()).toBe(before + 1);
      expect(txn.ended).toBe(true);
      expect(store.stats().snapshots).toEqual([]);
      store.check();
    }
    using store = BTreeStore.open("disk", { vfs: disk });
    store.readMany((m) => {
      expect([...m.bucket(accounts)]).toEqual([
        ["ann", 3],
        ["bob", 7],
        ["cyd", 3],
      ]);
      expect([...m.bucket(log)]).toEqual([
        [1, "ann to bob"],
        [9, "later"],
      ]);
    });
  });

  test("meets a conflict in any of them, which names it, and then nothing is written", () => {
    using store = opened();
    const work = (txn: OptimisticBuckets) => {
      txn.bucket("new").set("k", 1);
      txn.bucket(accounts).get("bob");
      txn.bucket(log).set(1, "mine");
    };
    const rows: [change: () => unknown, bucket: string, key: unknown][] = [
      [() => store.write(accounts, (other) => other.set("bob", 1)), "accounts", "bob"],
      [() => store.write(log, (other) => other.set(1, "theirs")), "log", 1],
      [() => store.write("new", (other) => other.set("k", 1)), "new", "k"],
      [() => store.dropBucket("accounts"), "accounts", "bob"],
    ];
    for (const [change, name, key] of rows) {
      const txn = store.beginMany();
      work(txn);
      change();
      const now = store.stats().commit;
      let error: StoreConflictError | undefined;
      try {
        txn.commit();
      } catch (caught) {
        error = caught as StoreConflictError;
      }
      expect(error).toMatchObject({ code: "STORE_CONFLICT", bucket: name, key });
      expect(txn.ended).toBe(true);
      expect(() => txn.bucket(log)).toThrow(withCode("STORE_ENDED"));
      expect(store.stats().commit).toBe(now);
      store.dropBucket("new");
      store.dropBucket("log");
    }
    store.check();
  });

  test("leaves alone what it has not looked at, and buckets that are only opened", () => {
    using store = opened();
    const txn = store.beginMany();
    txn.bucket(log);
    txn.bucket(accounts).set("cyd", 1);
    store.write(log, (other) => other.set(1, "theirs"));
    store.write("third", (other) => other.set("k", 1));
    store.write(accounts, (other) => other.set("ann", 11));
    txn.commit();
    expect(store.read(accounts, (other) => [...other.keys()])).toEqual(["ann", "bob", "cyd"]);
  });

  test("that only reads is committed without a check", () => {
    using store = opened();
    const txn = store.beginMany();
    const kept = txn.bucket(accounts);
    expect(kept.get("ann")).toBe(10);
    store.write(accounts, (other) => other.set("ann", 11));
    expect(kept.get("ann")).toBe(10);
    expect(txn.commit()).toBe(1);
    expect(() => kept.get("ann")).toThrow(withCode("STORE_ENDED"));
  });

  test("is refused where it could not be committed, and ends by abort, using and with its store", () => {
    const disk = new SimDisk();
    const store = opened(disk);
    store.write(accounts, () => {
      expect(() => store.beginMany()).toThrow(withCode("STORE_NESTED"));
    });
    expect(() => store.beginMany({ name: 5 } as never)).toThrow(withCode("MASSTREE_BAD_OPTION"));
    const txn = store.beginMany();
    txn.bucket(accounts).set("ann", 0);
    const wrong = bucket("accounts", { value: "utf8" });
    // It goes on after that.
    expect(() => txn.bucket(wrong)).toThrow(withCode("STORE_BUCKET"));
    store.read(accounts, () => {
      expect(() => txn.commit()).toThrow(withCode("STORE_NESTED"));
    });
    txn.abort();
    {
      using other = store.beginMany();
      other.bucket(accounts).set("ann", 0);
    }
    const last = store.beginMany();
    const kept = last.bucket(accounts);
    store.close();
    expect(() => kept.get("ann")).toThrow(withCode("STORE_ENDED"));
    using reader = BTreeStore.open("disk", { vfs: disk, readOnly: true });
    expect(() => reader.beginMany()).toThrow(withCode("STORE_READ_ONLY"));
    expect(reader.read(accounts, (txn) => txn.get("ann"))).toBe(10);
  });

  test("is run again by retryMany until it is committed", () => {
    using store = opened();
    let calls = 0;
    const result = store.retryMany((txn) => {
      calls++;
      const sum = (txn.bucket(accounts).get("ann") ?? 0) + 1;
      if (calls < 3) store.write(accounts, (other) => other.set("ann", 10 * calls + 5));
      txn.bucket(accounts).set("ann", sum);
      txn.bucket(log).set(calls, "done");
      return sum;
    });
    expect([calls, result]).toEqual([3, 26]);
    expect(store.read(log, (txn) => [...txn.keys()])).toEqual([3]);
    const stubborn = () =>
      store.retryMany(
        (txn) => {
          txn.bucket(accounts).set("ann", 1);
          store.write(accounts, (other) => other.update("ann", (n = 0) => n + 1));
        },
        { attempts: 2 },
      );
    expect(stubborn).toThrow(withCode("STORE_CONFLICT"));
    expect(() => store.retryMany(async () => 1)).toThrow(withCode("STORE_ASYNC"));
    expect(store.stats().snapshots).toEqual([]);
  });
});

test("a crash leaves what was committed in all buckets, or in none", () => {
  const draw = random(81);
  const disk = new SimDisk();
  {
    using store = BTreeStore.open("disk", { vfs: disk, cacheBytes: 0 });
    for (let n = 1; n <= 4; n++) {
      const txn = store.beginMany();
      for (const name of ["a", "b", `new ${n}`]) {
        txn
          .bucket(name)
          .set("n", n)
          .set(`${n}`, "x".repeat(n * 700));
      }
      txn.bucket("a").delete(`${n - 1}`);
      txn.commit({ durability: "sync" });
      disk.mark(`${n}`);
    }
  }
  let acknowledged = 0;
  let states = 0;
  for (let length = 0; length <= disk.log.length; length++) {
    const last = disk.log[length - 1];
    if (last?.kind === "mark") acknowledged = Number(last.name);
    for (const file of new CrashPoint(new Uint8Array(0), disk.log.slice(0, length)).some(4, draw)) {
      using store = BTreeStore.open("disk", { vfs: new SimDisk(file) });
      store.check();
      states++;
      const [a = 0, b = 0] = store.readMany((m) =>
        ["a", "b"].map((name) => m.bucket<number>(name).get("n")),
      );
      expect(b).toBe(a);
      expect(a === acknowledged || a === acknowledged + 1).toBe(true);
      expect(store.buckets()).toHaveLength(a === 0 ? 0 : 2 + a);
    }
  }
  expect(states).toBeGreaterThan(50);
});

test("transfers between buckets keep the sum, whatever overlaps", () => {
  const draw = random(80);
  for (let round = 0; round < runs(6); round++) {
    using store = opened();
    const names = ["a", "b", "c"];
    store.writeMany((m) => {
      for (const name of names) {
        for (let i = 0; i < 8; i++) m.bucket<number>(name).set(`k${i}`, 100);
      }
    });
    const sum = () =>
      store.readMany((m) =>
        names.reduce(
          (all, name) => all + [...m.bucket<number>(name).values()].reduce((x, y) => x + y, 0),
          0,
        ),
      );
    const open: OptimisticBuckets[] = [];
    let commits = 0;
    let conflicts = 0;
    const place = () => [names[Math.floor(draw() * 3)]!, `k${Math.floor(draw() * 8)}`] as const;
    for (let n = 0; n < 200; n++) {
      if (open.length < 3) {
        const txn = store.beginMany();
        const [[from, one], [to, other]] = [place(), place()];
        const amount = Math.floor(draw() * 9);
        txn.bucket<number>(from).update(one, (x = 0) => x - amount);
        txn.bucket<number>(to).update(other, (x = 0) => x + amount);
        open.push(txn);
        continue;
      }
      const [txn] = open.splice(Math.floor(draw() * open.length), 1);
      try {
        txn!.commit();
        commits++;
      } catch (error) {
        expect(error).toMatchObject({ code: "STORE_CONFLICT" });
        conflicts++;
      }
      expect(sum()).toBe(2400);
    }
    for (const txn of open) txn.abort();
    expect([commits > 20, conflicts > 0]).toEqual([true, true]);
    store.check();
  }
});
