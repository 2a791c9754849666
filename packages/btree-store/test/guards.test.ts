// Guards of transactions: which bytes their views have, and that they end with the transaction.
import { deserialize } from "node:v8";
import { seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BTreeStore,
  bucket,
  type Guard,
  type ReadTransaction,
  type WriteTransaction,
} from "../src/index.ts";
import { SimDisk } from "./support/sim-disk.ts";

const withCode = (code: string) => expect.objectContaining({ code });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const opened = () => BTreeStore.open("disk", { vfs: new SimDisk() });
const notes = bucket<string>("notes", { value: "utf8" });

function scanned(guard: Guard<never>, range: object = {}): [string, string][] {
  const seen: [string, string][] = [];
  guard.scan(range, (key, value) => {
    seen.push([text(key), text(value)]);
  });
  return seen;
}

/** What every kind of transaction gives a bucket to. */
const kinds: readonly (readonly [
  name: string,
  run: <R>(store: BTreeStore, use: (txn: ReadTransaction<string>) => R) => R,
])[] = [
  ["read", (store, use) => store.read(notes, use)],
  ["write", (store, use) => store.write(notes, use)],
  [
    "snapshot",
    (store, use) => {
      using snapshot = store.snapshot();
      return use(snapshot.bucket(notes));
    },
  ],
  [
    "optimistic",
    (store, use) => {
      using txn = store.begin(notes);
      return use(txn);
    },
  ],
];

describe.each(kinds)("in a transaction of kind %s", (_, run) => {
  test("a guard gives what is stored, and its views end with the transaction", () => {
    using store = opened();
    // Up to those of pages of their own.
    const all = Array.from({ length: 60 }, (_, i): [string, string] => [
      `key ${100 + i}`,
      `${i} `.repeat(i ** 2),
    ]);
    store.write(notes, (txn) => txn.setMany(all).set("long", "x".repeat(1_000_000)));
    const { guard, views } = run(store, (txn) => {
      const guard = txn.pin();
      const views = all.map(([key]) => guard.get(key)!);
      views.push(guard.get("long")!);
      expect(views.map(text)).toEqual([...all.map(([, value]) => value), "x".repeat(1_000_000)]);
      expect(guard.get("none")).toBe(undefined);
      expect(scanned(guard as never, { prefix: "key", reverse: true, offset: 2 })).toEqual(
        all.toReversed().slice(2),
      );
      let visits = 0;
      guard.scan(undefined, () => ++visits < 5);
      expect(visits).toBe(5);
      expect(views.every((view) => view.length > 0 || view === views[0])).toBe(true);
      return { guard, views };
    });
    for (const view of views) {
      expect(view.length).toBe(0);
      expect(() => view.slice()).toThrow(TypeError);
    }
    expect(() => guard.get("long")).toThrow(withCode("STORE_ENDED"));
    expect(() => guard.scan({}, () => {})).toThrow(withCode("STORE_ENDED"));
    guard.dispose();
    store.check();
  });

  test("a guard that was disposed of says so, and the transaction goes on", () => {
    using store = opened();
    store.write(notes, (txn) => txn.set("a", "1"));
    run(store, (txn) => {
      const guard = txn.pin();
      const view = guard.get("a")!;
      const enough = new Error("enough");
      let kept: Uint8Array | undefined;
      const throwing = () =>
        guard.scan({}, (key) => {
          kept = key;
          throw enough;
        });
      expect(throwing).toThrow(enough);
      expect(kept!.length).toBe(0);
      expect(() => guard.scan({}, () => guard.dispose())).toThrow(withCode("MASSTREE_CLOSED"));
      expect(view.length).toBe(0);
      expect(() => guard.get("a")).toThrow(withCode("MASSTREE_CLOSED"));
      expect(() => guard.get("a")).toThrow("'pin'");
      expect(txn.get("a")).toBe("1");
      expect(text(txn.pin().get("a")!)).toBe("1");
    });
  });
});

describe.each([
  [
    "write",
    (store: BTreeStore, use: (txn: WriteTransaction<string>) => void) => store.write(notes, use),
  ],
  [
    "optimistic",
    (store: BTreeStore, use: (txn: WriteTransaction<string>) => void) => store.retry(notes, use),
  ],
] as const)("in a transaction that writes, of kind %s,", (_, run) => {
  const steps = fc.array(
    fc.tuple(fc.nat(20), fc.option(fc.string({ maxLength: 3000, size: "max" }))),
    { maxLength: 60 },
  );

  test("views keep the bytes that they were made of, and new ones have the new", () => {
    const property = fc.property(steps, steps, (before, list) => {
      using store = opened();
      store.write(notes, (txn) => {
        for (const [key, value] of before) if (value !== null) txn.set(`${key}`, value);
      });
      run(store, (txn) => {
        const guard = txn.pin();
        const views: [Uint8Array, string][] = [];
        for (const [key, value] of list) {
          if (value === null) txn.delete(`${key}`);
          else txn.set(`${key}`, value);
          const view = guard.get(`${key}`);
          expect(view === undefined ? null : text(view)).toBe(value);
          if (view !== undefined) views.push([view, value!]);
        }
        expect(scanned(guard as never)).toEqual([...txn]);
        txn.clear();
        for (const [view, was] of views) expect(text(view)).toBe(was);
      });
    });
    fc.assert(property, { numRuns: 15, seed });
  });

  test("a visitor may write, and what it does to its views changes nothing", () => {
    using store = opened();
    run(store, (txn) => {
      for (let i = 0; i < 1000; i++) txn.set(`${1000 + i}`, `value ${i}`);
      let visits = 0;
      txn.pin().scan({}, (key, value) => {
        expect(text(value)).toBe(`value ${visits}`);
        txn.delete(text(key));
        txn.set(`0 ${text(key)}`, "behind");
        new Uint8Array(key.buffer).fill(255);
        if (visits++ % 10 === 0) structuredClone(0, { transfer: [value.buffer as ArrayBuffer] });
      });
      expect(visits).toBe(1000);
      expect(txn.count({ prefix: "0 " })).toBe(1000);
    });
    expect(store.read(notes, (txn) => [txn.size, txn.first()])).toEqual([
      1000,
      ["0 1000", "behind"],
    ]);
    store.check();
  });
});

test("a guard ends when its snapshot does in the middle of a scan", () => {
  using store = opened();
  store.write(notes, (txn) => txn.set("a", "1").set("b", "2"));
  const snapshot = store.snapshot();
  const guard = snapshot.bucket(notes).pin();
  const view = guard.get("a")!;
  const scan = () =>
    guard.scan({}, (key) => {
      snapshot.dispose();
      expect([key.length, view.length]).toEqual([0, 0]);
    });
  expect(scan).toThrow(withCode("STORE_ENDED"));
});

test("what a guard has read is part of what an optimistic transaction depends on", () => {
  using store = opened();
  store.write(notes, (txn) => txn.set("a", "1").set("b", "2"));
  for (const read of [
    (guard: Guard) => guard.get("a"),
    (guard: Guard) => guard.scan({ lt: "b" }, () => {}),
  ]) {
    const txn = store.begin(notes);
    read(txn.pin());
    txn.set("c", "3");
    store.write(notes, (other) => other.update("a", (old) => `${old}!`));
    expect(() => txn.commit()).toThrow(withCode("STORE_CONFLICT"));
  }
});

test("values of other codecs are the bytes in the file", () => {
  using store = opened();
  const structured = bucket<unknown>("structured", { value: "structured" });
  const bytes = bucket("bytes", { key: "number", value: "bytes" });
  const value = new Map([["a", new Date(5)]]);
  store.writeMany((buckets) => {
    buckets.bucket(structured).set("a", value);
    buckets.bucket(bytes).set(1.5, Uint8Array.of(1, 2));
  });
  store.read(structured, (txn) => expect(deserialize(txn.pin().get("a")!)).toEqual(value));
  store.read(bytes, (txn) => expect(txn.pin().get(1.5)).toEqual(Uint8Array.of(1, 2)));
});
