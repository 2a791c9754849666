// Cursors, split points and differences in transactions: what the family's suite does not know of.
import { random, runs } from "@tooling/vitest/random";
import { LocalMassTree, MassTree, MassTreeInline } from "masstree";
import { describe, expect, test } from "vitest";
import {
  BTreeStore,
  bucket,
  type ReadTransaction,
  type StoreOptions,
  type WriteTransaction,
} from "../src/index.ts";
import { SimDisk } from "./support/sim-disk.ts";

const withCode = (code: string) => expect.objectContaining({ code });
const notes = bucket<string>("notes");
const name = (i: number) => `k${String(i).padStart(5, "0")}`;

function opened(options: StoreOptions = {}): BTreeStore {
  return BTreeStore.open("disk", {
    vfs: new SimDisk(),
    durability: "none",
    cacheBytes: 0,
    ...options,
  });
}

/** A bucket of so many entries, with a value in a chain now and then. */
function filled(count: number, options?: StoreOptions): BTreeStore {
  const store = opened(options);
  store.write(notes, (txn) => {
    for (let i = 0; i < count; i++) txn.set(name(i), i % 50 === 7 ? long(i) : `value ${i}`);
  });
  return store;
}

const long = (i: number) => `${i} `.repeat(2000);

describe("a cursor", () => {
  test("moves over leaves, both ways, and reads long values", () => {
    using store = filled(600);
    const look = (txn: ReadTransaction<string>) => {
      const cursor = txn.cursor();
      const onward: unknown[] = [];
      while (cursor.next()) onward.push([cursor.key, cursor.value]);
      expect(onward).toEqual([...txn]);
      expect([cursor.seek(name(57)), cursor.value]).toEqual([true, long(57)]);
      for (let i = 56; i >= 0; i--)
        expect([cursor.previous(), cursor.key]).toEqual([true, name(i)]);
      expect([cursor.previous(), cursor.key]).toEqual([false, undefined]);
    };
    store.read(notes, look);
    store.write(notes, look);
    using snapshot = store.snapshot();
    look(snapshot.bucket(notes));
    using txn = store.begin(notes);
    look(txn);
  });

  test("keeps the value that it came to, whatever its transaction does to the key", () => {
    using store = filled(60);
    const check = (txn: WriteTransaction<string>) => {
      txn.set(name(3), "mine");
      const cursor = txn.cursor();
      const seen: (readonly [number, string])[] = [
        [3, "mine"],
        [7, long(7)],
        [8, "value 8"],
      ];
      for (const [i, value] of seen) {
        expect(cursor.seek(name(i))).toBe(true);
        txn.set(name(i), "x".repeat(9000));
        txn.delete(name(i));
        txn.set(name(30 + i), "y".repeat(9000));
        expect([cursor.key, cursor.value]).toEqual([name(i), value]);
        expect([cursor.previous(), cursor.next()]).toEqual([true, true]);
        expect(cursor.key).toBe(name(i + 1));
      }
    };
    store.write(notes, check);
    store.check();
    const txn = store.begin(notes);
    txn.set(name(7), long(7)).set(name(8), "value 8").set(name(4), "4").set(name(9), "9");
    check(txn);
    txn.commit();
    store.check();
  });

  test("ends with its transaction, and keeps what it has read", () => {
    using store = filled(60);
    const fresh = store.read(notes, (txn) => txn.cursor());
    expect(() => fresh.next()).toThrow(withCode("STORE_ENDED"));
    const [cursor, other] = store.read(notes, (txn) => {
      const both = [txn.cursor(), txn.cursor()] as const;
      both[0].seek(name(5));
      both[1].seek(name(7));
      return both;
    });
    expect([cursor.key, cursor.value]).toEqual([name(5), "value 5"]);
    for (const step of [() => cursor.next(), () => cursor.previous(), () => cursor.seek("k")]) {
      expect(step).toThrow(withCode("STORE_ENDED"));
    }
    // The pages of a long value may be others by now.
    expect(other.key).toBe(name(7));
    expect(() => other.value).toThrow(withCode("STORE_ENDED"));
    cursor.dispose();
    expect([cursor.key, cursor.value]).toEqual([undefined, undefined]);
    expect(() => cursor.next()).toThrow(withCode("MASSTREE_CLOSED"));
  });
});

describe("split points", () => {
  const sizes = (txn: ReadTransaction<string>, parts: number) => {
    const points = txn.splitPoints(parts);
    const bounds = [undefined, ...points, undefined];
    return bounds.slice(1).map((lt, i) => txn.count({ gte: bounds[i], lt }));
  };
  const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);

  test("of a tree of three levels cut it into about equal parts, reading few of its pages", () => {
    using store = filled(12_000);
    store.read(notes, (txn) => {
      for (const parts of [2, 3, 8, 40]) {
        const found = sizes(txn, parts);
        expect(found.length).toBe(parts);
        expect(sum(found)).toBe(12_000);
        expect(Math.max(...found)).toBeLessThan((1.5 * 12_000) / parts);
        expect(Math.min(...found)).toBeGreaterThan((0.5 * 12_000) / parts);
      }
      const most = txn.splitPoints(65_536);
      expect(most.length).toBeGreaterThan(11_000);
      expect([...new Set(most)].sort()).toEqual(most);
    });
  });

  test("of a large tree read pages by the number of parts, not of entries", () => {
    const disk = new SimDisk();
    using store = opened({ vfs: disk });
    store.write(notes, (txn) => {
      for (let i = 0; i < 20_000; i++) txn.set(name(i), `value ${i}`.padEnd(200));
    });
    let reads = 0;
    disk.before = (call) => {
      if (call === "read") reads++;
      return undefined;
    };
    store.read(notes, (txn) => txn.splitPoints(4));
    expect(store.stats().usedPages).toBeGreaterThan(900);
    expect(reads).toBeLessThan(500);
    disk.before = undefined;
  });

  test("cut what an optimistic transaction has written, and left of the rest", () => {
    using store = filled(3000);
    for (const [change, size] of [
      [(txn: WriteTransaction<string>) => void txn.clear(), 0],
      [(txn: WriteTransaction<string>) => void txn.clear({ gte: name(1000) }), 1000],
      [(_txn: WriteTransaction<string>) => {}, 3000],
    ] as const) {
      using txn = store.begin(notes);
      change(txn);
      expect(txn.size).toBe(size);
      for (let i = 0; i < 2000; i++) txn.set(`${name(i)}+`, "new");
      for (const parts of [2, 7, 30]) {
        const found = sizes(txn, parts);
        expect(found.length).toBe(parts);
        expect(sum(found)).toBe(size + 2000);
        expect(Math.max(...found)).toBeLessThan((2 * (size + 2000)) / parts);
      }
    }
  });

  test("of any tree and any range hold each entry once", () => {
    const draw = random(61);
    for (let round = 0; round < runs(12); round++) {
      using store = opened();
      const count = Math.floor(draw() * 900);
      store.write(notes, (txn) => {
        for (let i = 0; i < count; i++) {
          const key = draw() < 0.1 ? `${"p".repeat(900)}${i}` : name(Math.floor(draw() * 2000));
          txn.set(key, "v".repeat(Math.floor(draw() * 300)));
        }
      });
      using txn = store.begin(notes);
      for (let i = 0; i < 200; i++) {
        const key = name(Math.floor(draw() * 2000));
        if (draw() < 0.5) txn.set(key, "mine");
        else txn.delete(key);
      }
      const [gte, lt] = [name(Math.floor(draw() * 1000)), name(1000 + Math.floor(draw() * 1000))];
      store.read(notes, (other) => {
        for (const one of [txn, other]) {
          for (const range of [{}, { gte, lt }, { gt: gte }, { prefix: "p" }]) {
            const wanted = [...one.keys(range)];
            for (const parts of [2, 5, 300]) {
              const points = one.splitPoints(parts, range);
              expect(points.length).toBeLessThan(parts);
              const cuts = points.map((point) => wanted.indexOf(point));
              expect(cuts.every((cut, i) => cut > (cuts[i - 1] ?? 0))).toBe(true);
            }
          }
        }
      });
    }
  });
});

describe("the difference", () => {
  const kinds = (list: Iterable<{ kind: string; key: unknown }>) =>
    [...list].map(({ kind, key }) => `${kind} ${String(key)}`);

  test("of two states of a bucket is what was changed between them", () => {
    using store = filled(700);
    using before = store.snapshot();
    store.write(notes, (txn) => {
      txn.set(name(3), "other").delete(name(400));
      txn
        .set("zz", "new")
        .set(name(57), `${long(57)}!`)
        .set(name(107), long(107));
      const wanted = [
        `changed ${name(3)}`,
        `changed ${name(57)}`,
        `removed ${name(400)}`,
        "added zz",
      ];
      expect(kinds(before.bucket(notes).diff(txn))).toEqual(wanted);
      expect(kinds(txn.diff(before.bucket(notes))).length).toBe(4);
    });
    store.read(notes, (txn) => {
      const old = before.bucket(notes);
      expect([...old.diff(txn, { gte: name(3), lt: name(4) })]).toEqual([
        { kind: "changed", key: name(3), here: "value 3", there: "other" },
      ]);
      expect(kinds(old.diff(txn, { reverse: true, lt: name(401) }))).toEqual([
        `removed ${name(400)}`,
        `changed ${name(57)}`,
        `changed ${name(3)}`,
      ]);
      expect([...txn.diff(txn)]).toEqual([]);
      expect([...old.diff(old)]).toEqual([]);
    });
  });

  test("of two states of a large bucket reads what differs, and no more", () => {
    const disk = new SimDisk();
    using store = opened({ vfs: disk });
    store.write(notes, (txn) => {
      for (let i = 0; i < 20_001; i++) txn.set(name(i), `value ${i}`.padEnd(200));
    });
    using before = store.snapshot();
    store.write(notes, (txn) => {
      txn.delete(name(5));
      txn
        .set(name(12_345), "other")
        .set(`${name(20_000)}x`, "new")
        .set(name(7), `value 7`.padEnd(200));
    });
    let reads = 0;
    disk.before = (call) => {
      if (call === "read") reads++;
      return undefined;
    };
    const found = store.read(notes, (txn) => kinds(before.bucket(notes).diff(txn)));
    disk.before = undefined;
    expect(found).toEqual([
      `removed ${name(5)}`,
      `changed ${name(12_345)}`,
      `added ${name(20_000)}x`,
    ]);
    expect(store.stats().usedPages).toBeGreaterThan(900);
    expect(reads).toBeLessThan(40);
  });

  test("of two states goes on while either transaction changes its bucket", () => {
    using store = filled(400);
    using before = store.snapshot();
    store.write(notes, (txn) => {
      const seen: string[] = [];
      txn.set(name(3), "x").delete(name(10));
      for (const { kind, key } of txn.diff(before.bucket(notes))) {
        seen.push(`${kind} ${key}`);
        // What was passed by does not come again, and what is ahead does.
        txn.set(name(1), "late");
        if (key === name(3)) txn.set(name(10), "value 10").set(name(200), "x".repeat(9000));
        if (key === name(200)) txn.clear({ gte: name(398) });
      }
      expect(seen).toEqual([
        `changed ${name(3)}`,
        `changed ${name(200)}`,
        `added ${name(398)}`,
        `added ${name(399)}`,
      ]);
    });
    store.check();
  });

  test("goes between buckets and all maps of the family, both ways", () => {
    using store = opened();
    const numbers = bucket<number>("numbers");
    const lossy = bucket<number>("lossy", { value: "lossy-json" });
    const entries: [string, number][] = Array.from({ length: 300 }, (_, i) => [name(i), i]);
    const maps = [
      MassTree.fromSorted(entries),
      MassTree.fromSorted(entries, { value: "lossy-json" }),
      MassTreeInline.fromSorted(entries),
      LocalMassTree.fromSorted(entries),
    ] as MassTree<number>[];
    store.writeMany((m) => {
      for (const data of [numbers, lossy]) m.bucket(data).setMany(entries);
    });
    const optimistic = store.begin(numbers);
    optimistic.set(name(5), 5);
    store.readMany((m) => {
      const buckets = [m.bucket(numbers), m.bucket(lossy), optimistic];
      for (const one of buckets) {
        for (const other of [...buckets, ...maps]) {
          expect([...one.diff(other)]).toEqual([]);
          expect([...other.diff(one)]).toEqual([]);
        }
      }
      for (const map of maps) {
        map.set(name(7), 70);
        map.delete(name(9));
        for (const one of buckets) {
          expect([...one.diff(map)]).toEqual([
            { kind: "changed", key: name(7), here: 7, there: 70 },
            { kind: "removed", key: name(9), here: 9, there: undefined },
          ]);
          expect(kinds(map.diff(one))).toEqual([`changed ${name(7)}`, `added ${name(9)}`]);
        }
      }
      // A warm map is brought up to date.
      const [map] = maps as [MassTree<number>];
      for (const { key, there } of [...map.diff(m.bucket(numbers))]) {
        if (there === undefined) map.delete(key);
        else map.set(key, there);
      }
      expect([...map]).toEqual(entries);
    });
    optimistic.abort();
    for (const map of maps) map.close();
  });

  test("is refused for other keys, and ends with either transaction", () => {
    using store = filled(300);
    const ids = bucket("ids", { key: "number" });
    store.write(ids, (txn) => txn.set(1, 1));
    store.readMany((m) => {
      const call = () => m.bucket(notes).diff(m.bucket(ids) as never);
      expect(call).toThrow(withCode("MASSTREE_BAD_OPTION"));
      expect(call).toThrow('"number"');
    });
    const ended = store.read(notes, (txn) => txn);
    using map = new MassTree<string>();
    store.read(notes, (txn) => {
      expect(() => txn.diff(ended)).toThrow(withCode("STORE_ENDED"));
      expect(() => map.diff(ended)).toThrow(withCode("STORE_ENDED"));
    });
    const running = store.read(notes, (txn) => {
      const differences = map.diff(txn);
      expect(differences.next().value).toMatchObject({ kind: "added", key: name(0) });
      return differences;
    });
    expect(() => running.next()).toThrow(withCode("STORE_ENDED"));
  });

  test("of random states is that of two sorted lists", () => {
    const draw = random(62);
    for (let round = 0; round < runs(8); round++) {
      using store = filled(400);
      const model = new Map(store.read(notes, (txn) => [...txn]));
      using before = store.snapshot();
      const change = (txn: WriteTransaction<string>, now: Map<string, string>) => {
        for (let i = 0; i < 30; i++) {
          const at = Math.floor(draw() * 500);
          const key = draw() < 0.1 ? `${"p".repeat(900)}${at}` : name(at);
          if (draw() < 0.3) {
            txn.delete(key);
            now.delete(key);
          } else {
            // Often what it was: also a long value, which lies elsewhere then.
            const was = draw() < 0.3 ? model.get(key) : undefined;
            const value = was ?? `new ${i} `.repeat(draw() < 0.1 ? 2000 : 1);
            txn.set(key, value);
            now.set(key, value);
          }
        }
      };
      const now = new Map(model);
      store.write(notes, (txn) => change(txn, now));
      using txn = store.begin(notes);
      const after = new Map(now);
      change(txn, after);
      const wanted = (there: Map<string, string>, gte = "", lt = "~") =>
        [...new Set([...model.keys(), ...there.keys()])]
          .filter((key) => key >= gte && key < lt)
          .sort()
          .flatMap((key) => {
            const [mine, theirs] = [model.get(key), there.get(key)];
            if (mine === theirs) return [];
            const kind =
              mine === undefined ? "added" : theirs === undefined ? "removed" : "changed";
            return `${kind} ${key}`;
          });
      const old = before.bucket(notes);
      const check = (other: ReadTransaction<string>, there: Map<string, string>) => {
        expect(kinds(old.diff(other))).toEqual(wanted(there));
        const [gte, lt] = [name(Math.floor(draw() * 300)), name(300 + Math.floor(draw() * 200))];
        const part = wanted(there, gte, lt);
        expect(kinds(old.diff(other, { gte, lt }))).toEqual(part);
        expect(kinds(old.diff(other, { gte, lt, reverse: true }))).toEqual([...part].reverse());
        expect(kinds(other.diff(old)).length).toBe(wanted(there).length);
      };
      check(txn, after);
      store.write(notes, (other) => {
        check(other, now);
        change(other, now);
        check(other, now);
      });
      store.read(notes, (other) => check(other, now));
    }
  });
});
