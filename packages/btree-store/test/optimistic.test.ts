// Optimistic transactions: what they see, what conflicts, and that what is committed is serializable.
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import {
  BTreeStore,
  bucket,
  type OptimisticTransaction,
  type StoreConflictError,
  type StoreOptions,
} from "../src/index.ts";
import { type Committed, checkSerial, drawStep, perform, type Step } from "./support/serial.ts";
import { SimDisk } from "./support/sim-disk.ts";

const withCode = (code: string) => expect.objectContaining({ code });

function opened(options: StoreOptions = {}, disk = new SimDisk()): BTreeStore {
  return BTreeStore.open("disk", { vfs: disk, durability: "none", ...options });
}

const notes = bucket<string>("notes");

type Txn = OptimisticTransaction<string, string>;

describe("an optimistic transaction", () => {
  test("sees the state of its beginning and its own changes, which others see once it is committed", () => {
    using store = opened();
    store.write(notes, (txn) => txn.set("a", "1").set("b", "2"));
    using txn = store.begin(notes);
    store.write(notes, (txn) => txn.set("other", "x"));
    txn.set("c", "3");
    txn.delete("a");
    expect([...txn]).toEqual([
      ["b", "2"],
      ["c", "3"],
    ]);
    expect([txn.get("a"), txn.get("other"), txn.has("c")]).toEqual([undefined, undefined, true]);
    expect(store.read(notes, (txn) => [...txn.keys()])).toEqual(["a", "b", "other"]);
    expect(() => txn.commit()).toThrow(withCode("STORE_CONFLICT")); // It has seen all of it.
  });

  test("is committed with a number, which is that of its snapshot if it has written nothing", () => {
    using store = opened();
    store.write(notes, (txn) => txn.set("a", "1"));
    const reader = store.begin(notes);
    expect(reader.get("a")).toBe("1");
    const txn = store.begin(notes);
    txn.set("a", "2");
    expect(txn.commit()).toBe(2);
    expect(store.stats().commit).toBe(2);
    expect(reader.commit()).toBe(1);
    expect([txn.ended, reader.ended]).toEqual([true, true]);
    store.check();
  });

  test("ends by commit, abort, using, a conflict, and with its store; then it refuses everything", () => {
    const store = opened();
    const ends: [(txn: Txn) => void, string][] = [
      [(txn) => txn.commit(), "was committed"],
      [(txn) => txn.abort(), "was aborted"],
      [
        (txn) => {
          using _ = txn;
        },
        "was aborted",
      ],
      [
        (txn) => {
          store.write(notes, (other) => other.set("k", "others"));
          expect(() => txn.commit()).toThrow(withCode("STORE_CONFLICT"));
        },
        "conflict",
      ],
    ];
    for (const [end, why] of ends) {
      const txn = store.begin(notes);
      txn.set("k", "mine");
      const iterator = txn.keys();
      end(txn);
      expect(txn.ended).toBe(true);
      txn.abort();
      for (const use of [
        () => txn.get("k"),
        () => txn.set("k", "v"),
        () => txn.size,
        () => txn.commit(),
        () => iterator.next(),
      ]) {
        expect(use).toThrow(withCode("STORE_ENDED"));
        expect(use).toThrow(why);
      }
    }
    expect(store.stats().snapshots).toEqual([]);
    const open = store.begin(notes, { name: "the last" });
    expect(store.stats().snapshots).toMatchObject([{ name: "the last" }]);
    store.close();
    expect(() => open.get("k")).toThrow(withCode("STORE_ENDED"));
  });

  test("is refused where it could not be committed", () => {
    const disk = new SimDisk();
    const store = opened({}, disk);
    store.write(notes, (txn) => {
      txn.set("a", "1");
      expect(() => store.begin(notes)).toThrow(withCode("STORE_NESTED"));
    });
    const txn = store.begin(notes);
    txn.set("b", "2");
    store.read(notes, () => {
      expect(() => txn.commit()).toThrow(withCode("STORE_NESTED"));
      expect(() => store.retry(notes, () => 1)).toThrow(withCode("STORE_NESTED"));
    });
    expect(() => store.begin(bucket("notes", { key: "number" }))).toThrow(withCode("STORE_BUCKET"));
    expect(() => store.begin(notes, { name: 7 as never })).toThrow(withCode("MASSTREE_BAD_OPTION"));
    expect(store.stats().snapshots).toMatchObject([{ name: "transaction" }]);
    txn.commit();
    store.close();
    using reader = BTreeStore.open("disk", { vfs: disk, readOnly: true });
    expect(() => reader.begin(notes)).toThrow(withCode("STORE_READ_ONLY"));
  });

  test("may last over other transactions and over await", async () => {
    using store = opened();
    const txn = store.begin(notes);
    txn.set("a", "1");
    await new Promise((resolve) => setTimeout(resolve));
    store.write(notes, (other) => other.set("b", "2"));
    txn.commit();
    expect(store.read(notes, (txn) => [...txn.keys()])).toEqual(["a", "b"]);
  });

  test("that fails to commit for another reason can be committed again", () => {
    const disk = new SimDisk();
    using store = opened({}, disk);
    store.write(notes, (txn) => txn.set("a", "1"));
    const txn = store.begin(notes);
    txn.set("long", "x".repeat(1_000_000));
    disk.before = () => {
      throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    };
    expect(() => txn.commit()).toThrow(withCode("STORE_FULL"));
    disk.before = undefined;
    expect(txn.ended).toBe(false);
    txn.commit();
    expect(store.read(notes, (txn) => txn.get("long")?.length)).toBe(1_000_000);
    store.check();
  });

  test("creates its bucket, and meets one that was created with other codecs, or dropped", () => {
    using store = opened();
    const first = store.begin(notes);
    const second = store.begin("notes");
    first.set("a", "1");
    second.set("b", "2");
    first.commit();
    second.commit();
    expect(store.read(notes, (txn) => [...txn.keys()])).toEqual(["a", "b"]);
    const third = store.begin("numbers");
    third.set("a", 1);
    store.write(bucket("numbers", { key: "number" }), (txn) => txn.set(1, 1));
    expect(() => third.commit()).toThrow(withCode("STORE_CONFLICT"));
    const fourth = store.begin(notes);
    fourth.update("a", (a) => `${a}!`);
    store.dropBucket("notes");
    expect(() => fourth.commit()).toThrow(withCode("STORE_CONFLICT"));
    store.check();
  });
});

describe("retry", () => {
  test("runs again until it is committed, and returns what the callback returned then", () => {
    using store = opened();
    let calls = 0;
    const result = store.retry(notes, (txn) => {
      calls++;
      const before = txn.get("n") ?? "";
      if (calls < 4) store.write(notes, (other) => other.set("n", `${calls}`));
      txn.set("n", `${before}!`);
      return before;
    });
    expect([calls, result]).toEqual([4, "3"]);
    expect(store.read(notes, (txn) => txn.get("n"))).toBe("3!");
    expect(store.stats().snapshots).toEqual([]);
  });

  test("gives up after so many attempts, with the last conflict, which says what to do", () => {
    using store = opened();
    let calls = 0;
    const attempt = () =>
      store.retry(
        notes,
        (txn) => {
          txn.update("k", () => "mine");
          store.write(notes, (other) => other.set("k", `${calls++}`));
        },
        { attempts: 3 },
      );
    let error: StoreConflictError | undefined;
    try {
      attempt();
    } catch (caught) {
      error = caught as StoreConflictError;
    }
    expect(error).toMatchObject({ code: "STORE_CONFLICT", bucket: "notes", key: "k" });
    expect(error?.message).toContain("Run it again");
    expect(calls).toBe(3);
    for (const attempts of [0, 1.5, Number.NaN, "1"]) {
      expect(() => store.retry(notes, () => 1, { attempts } as never)).toThrow(
        withCode("MASSTREE_BAD_OPTION"),
      );
    }
  });

  test("leaves alone what the callback throws, commits or aborts by itself, and refuses promises", () => {
    using store = opened();
    const failing = () =>
      store.retry(notes, (txn) => {
        txn.set("a", "1");
        throw new RangeError("mine");
      });
    expect(failing).toThrow(RangeError);
    const promising = () => store.retry(notes, async (txn) => void txn.set("a", "1"));
    expect(promising).toThrow(withCode("STORE_ASYNC"));
    store.retry(notes, (txn) => {
      txn.set("a", "1");
      txn.abort();
    });
    expect(store.read(notes, (txn) => txn.size)).toBe(0);
    store.retry(notes, (txn) => txn.set("a", "2").commit());
    expect(store.read(notes, (txn) => txn.get("a"))).toBe("2");
    // The conflict of another transaction is the callback's own business.
    let calls = 0;
    const other = () =>
      store.retry(notes, () => {
        calls++;
        const inner = store.begin(notes);
        inner.set("a", "3");
        store.write(notes, (txn) => txn.set("a", "4"));
        inner.commit();
      });
    expect(other).toThrow(withCode("STORE_CONFLICT"));
    expect(calls).toBe(1);
    expect(store.stats().snapshots).toEqual([]);
  });
});

describe("a clone", () => {
  test("shares the transactions, and is closed for itself", () => {
    const disk = new SimDisk();
    const store = opened({}, disk);
    const clone = store.clone();
    store.write(notes, (txn) => {
      txn.set("a", "1");
      expect(() => clone.write(notes, () => 1)).toThrow(withCode("STORE_NESTED"));
      expect(() => clone.close()).toThrow(withCode("STORE_NESTED"));
    });
    const txn = clone.begin(notes);
    txn.set("a", "2");
    store.close();
    expect([store.closed, clone.closed]).toEqual([true, false]);
    expect(() => store.read(notes, () => 1)).toThrow(withCode("MASSTREE_CLOSED"));
    expect(() => store.clone()).toThrow(withCode("MASSTREE_CLOSED"));
    txn.commit();
    // The same store, under a new object.
    const again = BTreeStore.open("disk", { vfs: disk });
    expect(again).not.toBe(store);
    expect(BTreeStore.open("disk", { vfs: disk })).toBe(again);
    again.close();
    again.close();
    expect(clone.read(notes, (txn) => txn.get("a"))).toBe("2");
    clone.close();
    clone.close();
    using last = BTreeStore.open("disk", { vfs: disk });
    expect(last.read(notes, (txn) => txn.get("a"))).toBe("2");
  });
});

test("transactions that touch keys of their own never conflict, however pages split and merge", () => {
  using store = opened({ cacheBytes: 0 });
  const draw = random(11);
  const open: { txn: Txn; owner: number; keys: Set<string> }[] = [];
  const seen = Array.from({ length: 4 }, () => new Set<string>());
  for (let i = 0; i < runs(400); i++) {
    const owner = Math.floor(draw() * 4);
    const keys = new Set(seen[owner]);
    if (open.some((one) => one.owner === owner)) {
      const at = open.findIndex((one) => one.owner === owner);
      const [one] = open.splice(at, 1);
      one!.txn.commit();
      seen[owner] = one!.keys;
      continue;
    }
    const txn = store.begin(notes);
    for (let n = 0; n < 30; n++) {
      // Neighbours belong to others.
      const key = `${String(Math.floor(draw() * 2000)).padStart(5, "0")}/${owner}`;
      expect(txn.has(key)).toBe(keys.has(key));
      if (draw() < 0.6) {
        txn.set(key, "v".repeat(Math.floor(draw() * 300)));
        keys.add(key);
      } else {
        txn.delete(key);
        keys.delete(key);
      }
    }
    open.push({ txn, owner, keys });
  }
  for (const { txn } of open) txn.abort();
  store.check();
});

describe("does what a transaction that writes does", () => {
  test.each([1, 2, 3])("step by step, and after the commit (%i)", (seed) => {
    const draw = random(20 + seed);
    for (let round = 0; round < runs(6); round++) {
      using one = opened({}, new SimDisk());
      using two = opened({}, new SimDisk());
      const keys = 20 + Math.floor(draw() * 400);
      for (let n = 0; n < 4; n++) {
        const steps = Array.from({ length: 120 }, () => drawStep(draw, keys, `${n}`));
        using txn = one.begin(notes);
        two.write(notes, (other) => {
          for (const step of steps) {
            const [found, wanted] = [perform(txn, step), perform(other, step)];
            if (found !== wanted) {
              throw new Error(`${JSON.stringify(step)}: ${found}, and not ${wanted}`);
            }
          }
          expect(txn.size).toBe(other.size);
        });
        txn.commit();
        expect(one.read(notes, (txn) => [...txn])).toEqual(two.read(notes, (txn) => [...txn]));
      }
      one.check();
    }
  });

  test("while it is iterated over, in both directions", () => {
    const draw = random(30);
    for (let round = 0; round < runs(60); round++) {
      using one = opened({}, new SimDisk());
      using two = opened({}, new SimDisk());
      const keys = 30;
      const base = Array.from({ length: 15 }, () => drawStep(draw, keys, "base"));
      for (const store of [one, two]) {
        store.write(notes, (txn) => {
          for (const { a, value } of base) txn.set(a, value);
        });
      }
      using txn = one.begin(notes);
      two.write(notes, (other) => {
        const reverse = draw() < 0.5;
        const [mine, theirs] = [txn.entries({ reverse }), other.entries({ reverse })];
        for (let n = 0; n < 40; n++) {
          if (draw() < 0.5) {
            expect(mine.next()).toEqual(theirs.next());
            continue;
          }
          const step: Step = drawStep(draw, keys, "new");
          expect(perform(txn, step)).toBe(perform(other, step));
        }
      });
    }
  });
});

describe("transactions that are open beside each other", () => {
  test.each([1, 2, 3, 4])("are serializable (%i)", (seed) => {
    const draw = random(40 + seed);
    let conflicts = 0;
    let commits = 0;
    for (let round = 0; round < runs(8); round++) {
      using store = opened({ cacheBytes: draw() < 0.5 ? 0 : 2 ** 20 });
      // In turn: many conflicts are sure to come up, however few the rounds.
      const keys = round % 2 === 0 ? 30 : 600;
      const committed: Committed[] = [];
      const open: { txn: Txn; steps: Step[]; results: string[] }[] = [];
      for (let n = 0; n < 300; n++) {
        const what = draw();
        if (open.length < 2 || (open.length < 5 && what < 0.2)) {
          open.push({ txn: store.begin(notes), steps: [], results: [] });
        } else if (what < 0.4) {
          const [{ txn, steps, results }] = open.splice(Math.floor(draw() * open.length), 1) as [
            (typeof open)[number],
          ];
          try {
            committed.push({ commit: txn.commit(), steps, results });
            commits++;
          } catch (error) {
            if ((error as { code?: string }).code !== "STORE_CONFLICT") throw error;
            conflicts++;
          }
        } else if (what < 0.42) {
          store.compact();
        } else {
          const one = open[Math.floor(draw() * open.length)]!;
          const step = drawStep(draw, keys, `${round}.${n}`);
          one.results.push(perform(one.txn, step));
          one.steps.push(step);
        }
      }
      for (const { txn } of open) txn.abort();
      const wanted = [...checkSerial(committed)].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(store.read(notes, (txn) => [...txn])).toEqual(wanted);
      store.check();
    }
    expect(commits).toBeGreaterThan(runs(8) * 20);
    expect(conflicts).toBeGreaterThan(runs(8) * 2);
  });

  test("and the check of that refuses histories that are not", () => {
    const step = (kind: Step["kind"], a: string, value = ""): Step => ({
      kind,
      a,
      b: "z",
      value,
      reverse: false,
      limit: 1,
    });
    const set = (commit: number, value: string): Committed => ({
      commit,
      steps: [step("set", "k", value)],
      results: ["undefined"],
    });
    const get = (commit: number, result: string): Committed => ({
      commit,
      steps: [step("get", "k"), step("set", "l", "1")],
      results: [result, "undefined"],
    });
    checkSerial([set(1, "a"), get(2, '"a"'), set(3, "b")]);
    expect(() => checkSerial([set(1, "a"), set(2, "b"), get(3, '"a"')])).toThrow("commit 3");
    expect(() => checkSerial([get(1, "undefined"), set(2, "a"), get(3, "undefined")])).toThrow(
      "commit 3",
    );
  });
});
