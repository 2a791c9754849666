// Of two optimistic transactions, what counts as an overlap: a row for each pair of what they do.
import { describe, expect, test } from "vitest";
import { BTreeStore, bucket, type WriteTransaction } from "../src/index.ts";
import { SimDisk } from "./support/sim-disk.ts";

const withCode = (code: string) => expect.objectContaining({ code });
const notes = bucket<string>("notes");

function opened(): BTreeStore {
  return BTreeStore.open("disk", { vfs: new SimDisk(), durability: "none", cacheBytes: 0 });
}

/** A bucket of 400 entries: several leaves, and a value in a chain. */
function filled(): BTreeStore {
  const store = opened();
  store.write(notes, (txn) => {
    for (let i = 0; i < 400; i++) txn.set(name(i), `value ${i}`.padEnd(40));
    txn.set(name(200), "x".repeat(10_000));
  });
  return store;
}

const name = (i: number) => `k${String(i).padStart(4, "0")}`;

type Action = (txn: WriteTransaction<string, string>) => unknown;

describe("of two transactions that overlap, the second one is refused", () => {
  const rows: [string, Action, Action, boolean][] = [
    // What one has done, what the other has committed first, whether they overlap.
    ["get, set", (t) => t.get(name(7)), (t) => t.set(name(7), "new"), true],
    ["get, delete", (t) => t.get(name(7)), (t) => t.delete(name(7)), true],
    ["get, set of a neighbour", (t) => t.get(name(7)), (t) => t.set(name(8), "new"), false],
    [
      "get, set of what it was",
      (t) => t.get(name(7)),
      (t) => t.set(name(7), t.get(name(7))!),
      false,
    ],
    [
      "get, set and set back",
      (t) => t.get(name(7)),
      (t) => t.exchange(name(7), "x") && t.set(name(7), `value 7`.padEnd(40)),
      false,
    ],
    [
      "get of a long value, set of another",
      (t) => t.get(name(200)),
      (t) => t.set(name(200), "y".repeat(10_000)),
      true,
    ],
    [
      "get beside a long value, set of that",
      (t) => t.get(name(199)),
      (t) => t.set(name(200), "y".repeat(10_000)),
      false,
    ],
    ["get of an absent key, insert", (t) => t.get("k0007x"), (t) => t.set("k0007x", "new"), true],
    [
      "get of an absent key, insert beside it",
      (t) => t.get("k0007x"),
      (t) => t.set("k0007y", "new"),
      false,
    ],
    ["has, set", (t) => t.has(name(7)), (t) => t.set(name(7), "new"), false],
    ["has, delete", (t) => t.has(name(7)), (t) => t.delete(name(7)), true],
    ["has of an absent key, insert", (t) => t.has("k0007x"), (t) => t.set("k0007x", "new"), true],
    ["set, set", (t) => t.set(name(7), "mine"), (t) => t.set(name(7), "new"), true],
    ["set, delete", (t) => t.set(name(7), "mine"), (t) => t.delete(name(7)), true],
    ["insert, insert", (t) => t.set("k0007x", "mine"), (t) => t.set("k0007x", "new"), true],
    [
      "insert, insert beside it",
      (t) => t.set("k0007x", "mine"),
      (t) => t.set("k0007y", "new"),
      false,
    ],
    ["delete, set", (t) => t.delete(name(7)), (t) => t.set(name(7), "new"), true],
    [
      "delete of an absent key, insert",
      (t) => t.delete("k0007x"),
      (t) => t.set("k0007x", "new"),
      true,
    ],
    [
      "set and get, set",
      (t) => t.set(name(7), "mine").get(name(7)),
      (t) => t.set(name(8), "new"),
      false,
    ],
    [
      "range, insert",
      (t) => [...t.entries({ gte: name(5), lt: name(9) })],
      (t) => t.set("k0007x", "new"),
      true,
    ],
    [
      "range, set",
      (t) => [...t.entries({ gte: name(5), lt: name(9) })],
      (t) => t.set(name(5), "new"),
      true,
    ],
    [
      "range, set at its end",
      (t) => [...t.entries({ gte: name(5), lt: name(9) })],
      (t) => t.set(name(9), "new"),
      false,
    ],
    [
      "range with its end, set there",
      (t) => [...t.entries({ gte: name(5), lte: name(9) })],
      (t) => t.set(name(9), "new"),
      true,
    ],
    [
      "range, delete in front of it",
      (t) => [...t.entries({ gt: name(5), lt: name(9) })],
      (t) => t.delete(name(5)),
      false,
    ],
    [
      "range over many pages, delete in it",
      (t) => [...t.values({ gte: name(5), lt: name(390) })],
      (t) => t.delete(name(300)),
      true,
    ],
    [
      "range over many pages, changes on both sides",
      (t) => [...t.values({ gte: name(50), lt: name(350) })],
      (t) => t.set(name(40), "n") && t.delete(name(360)),
      false,
    ],
    [
      "keys, set",
      (t) => [...t.keys({ gte: name(5), lt: name(9) })],
      (t) => t.set(name(6), "new"),
      false,
    ],
    [
      "keys, delete",
      (t) => [...t.keys({ gte: name(5), lt: name(9) })],
      (t) => t.delete(name(6)),
      true,
    ],
    [
      "part of a range, insert behind that part",
      (t) => t.entries({ gte: name(5) }).next(),
      (t) => t.set(name(6), "new"),
      false,
    ],
    [
      "part of a range, set in that part",
      (t) => t.entries({ gte: name(5) }).next(),
      (t) => t.set(name(5), "new"),
      true,
    ],
    [
      "range with a limit, set behind it",
      (t) => [...t.entries({ gte: name(5), limit: 3 })],
      (t) => t.set(name(8), "new"),
      false,
    ],
    [
      "range with an offset, set of what was skipped",
      (t) => [...t.keys({ gte: name(5), offset: 2, limit: 1 })],
      (t) => t.delete(name(5)),
      true,
    ],
    [
      "reversed range, insert in its part",
      (t) => t.entries({ lt: name(9), reverse: true }).next(),
      (t) => t.set("k0008x", "n"),
      true,
    ],
    [
      "reversed range, insert in front of its part",
      (t) => t.entries({ lt: name(9), reverse: true }).next(),
      (t) => t.set("k0007x", "n"),
      false,
    ],
    [
      "first, insert in front",
      (t) => t.first({ gte: name(7) }),
      (t) => t.set("k0006x", "n"),
      false,
    ],
    [
      "first of a gap, insert in it",
      (t) => t.first({ gt: name(7) }),
      (t) => t.set("k0007x", "n"),
      true,
    ],
    ["last, insert behind it", (t) => t.last(), (t) => t.set("k9", "n"), true],
    ["last, insert in front of it", (t) => t.last(), (t) => t.set("k0398x", "n"), false],
    ["floor, insert between", (t) => t.floor("k0007x"), (t) => t.set("k0007a", "n"), true],
    ["floor, insert behind", (t) => t.floor("k0007x"), (t) => t.set("k0007y", "n"), false],
    ["lower, delete of it", (t) => t.lower(name(7)), (t) => t.delete(name(6)), true],
    ["ceiling, insert between", (t) => t.ceiling("k0007a"), (t) => t.set("k0007b", "n"), true],
    ["higher, set of it", (t) => t.higher(name(7)), (t) => t.set(name(8), "n"), true],
    ["higher, set of the key itself", (t) => t.higher(name(7)), (t) => t.set(name(7), "n"), false],
    ["popFirst, popFirst", (t) => t.popFirst(), (t) => t.popFirst(), true],
    ["popFirst, popLast", (t) => t.popFirst(), (t) => t.popLast(), false],
    [
      "count, delete",
      (t) => t.count({ gte: name(5), lt: name(9) }),
      (t) => t.delete(name(6)),
      true,
    ],
    [
      "count, insert",
      (t) => t.count({ gte: name(5), lt: name(9) }),
      (t) => t.set("k0006x", "n"),
      true,
    ],
    [
      "count, set",
      (t) => t.count({ gte: name(5), lt: name(9) }),
      (t) => t.set(name(6), "n"),
      false,
    ],
    [
      "count of another range, delete",
      (t) => t.count({ gte: name(5), lt: name(9) }),
      (t) => t.delete(name(9)),
      false,
    ],
    ["size, insert", (t) => t.size, (t) => t.set("k0006x", "n"), true],
    [
      "size, insert and delete",
      (t) => t.size,
      (t) => t.set("k0006x", "n") && t.delete(name(9)),
      false,
    ],
    ["size, set", (t) => t.size, (t) => t.set(name(9), "n"), false],
    [
      "clear of a range, insert in it",
      (t) => t.clear({ gte: name(5), lt: name(9) }),
      (t) => t.set("k0006x", "n"),
      true,
    ],
    [
      "clear of a range, set in it",
      (t) => t.clear({ gte: name(5), lt: name(9) }),
      (t) => t.set(name(6), "n"),
      true,
    ],
    [
      "clear of a range, insert beside it",
      (t) => t.clear({ gte: name(5), lt: name(9) }),
      (t) => t.set("k0009x", "n"),
      false,
    ],
    ["clear, set", (t) => t.clear(), (t) => t.set(name(300), "n"), true],
    [
      "compareAndSet that fails, set",
      (t) => t.compareAndSet(name(7), "no", "x"),
      (t) => t.set(name(7), "n"),
      true,
    ],
    [
      "update of one, update of another",
      (t) => t.update(name(7), (v) => `${v}!`),
      (t) => t.update(name(8), (v) => `${v}!`),
      false,
    ],
    ["a new cursor, set", (t) => t.cursor(), (t) => t.set(name(7), "n"), false],
    ["seek, set of it", (t) => t.cursor().seek(name(7)), (t) => t.set(name(7), "n"), true],
    ["seek, insert in front", (t) => t.cursor().seek(name(7)), (t) => t.set("k0006x", "n"), false],
    [
      "seek of a gap, insert in it",
      (t) => t.cursor().seek("k0007x"),
      (t) => t.set("k0007y", "n"),
      true,
    ],
    [
      "previous, insert between",
      (t) => {
        const cursor = t.cursor();
        return cursor.seek(name(7)) && cursor.previous();
      },
      (t) => t.set("k0006x", "n"),
      true,
    ],
    [
      "next at the end of a range, insert there",
      (t) => {
        const cursor = t.cursor({ lt: name(8) });
        return cursor.seek(name(7)) && cursor.next();
      },
      (t) => t.set("k0007x", "n"),
      true,
    ],
    [
      "next at the end of a range, insert behind it",
      (t) => {
        const cursor = t.cursor({ lt: name(8) });
        return cursor.seek(name(7)) && cursor.next();
      },
      (t) => t.set("k0008x", "n"),
      false,
    ],
    [
      "split points, insert",
      (t) => t.splitPoints(2, { lt: name(90) }),
      (t) => t.set("k0006x", "n"),
      true,
    ],
    [
      "split points, set",
      (t) => t.splitPoints(2, { lt: name(90) }),
      (t) => t.set(name(6), "n"),
      false,
    ],
    [
      "split points, insert beside the range",
      (t) => t.splitPoints(2, { lt: name(90) }),
      (t) => t.set("k0090x", "n"),
      false,
    ],
    ["difference, set", (t) => [...t.diff(t, { lt: name(90) })], (t) => t.set(name(6), "n"), true],
    [
      "difference, insert beside the range",
      (t) => [...t.diff(t, { lt: name(90) })],
      (t) => t.set("k0090x", "n"),
      false,
    ],
    ["setMany, set of one", (t) => t.setMany([["n1", "n"]]), (t) => t.set("n1", "x"), true],
    ["everything, clear", (t) => [...t], (t) => t.clear(), true],
    ["a set, clear", (t) => t.set("new", "n"), (t) => t.clear(), false],
  ];

  test.each(rows)("%s: %#", (_name, mine, others, overlaps) => {
    using store = filled();
    const txn = store.begin(notes);
    mine(txn);
    txn.set("mark of the second", "mine");
    const first = store.begin(notes);
    others(first);
    first.commit();
    if (overlaps) expect(() => txn.commit()).toThrow(withCode("STORE_CONFLICT"));
    else txn.commit();
    expect(store.read(notes, (txn) => txn.has("mark of the second"))).toBe(!overlaps);
    store.check();
  });

  test("and of a transaction that writes as well", () => {
    using store = filled();
    const txn = store.begin(notes);
    txn.update(name(7), (value) => `${value}!`);
    store.write(notes, (other) => other.delete(name(7)));
    expect(() => txn.commit()).toThrow(withCode("STORE_CONFLICT"));
  });

  test("and a write skew is one", () => {
    using store = opened();
    store.write(notes, (txn) => txn.set("ann", "on duty").set("bob", "on duty"));
    const leave = (who: string) => {
      const txn = store.begin(notes);
      const onDuty = [...txn.values()].filter((value) => value === "on duty").length;
      if (onDuty > 1) txn.set(who, "off");
      return txn;
    };
    const [ann, bob] = [leave("ann"), leave("bob")];
    ann.commit();
    expect(() => bob.commit()).toThrow(withCode("STORE_CONFLICT"));
  });
});
