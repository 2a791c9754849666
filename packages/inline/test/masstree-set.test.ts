import "./debug.ts";
import { once } from "node:events";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { date, keyCodec, MassTreeInline, MassTreeSet, type SetLike, tuple } from "../src/index.ts";
import { type SetKind, setChecks } from "./set-checks.ts";

const throws = (code: string) => expect.objectContaining({ code });

function setOf(...members: string[]): MassTreeSet {
  const set = new MassTreeSet();
  for (const member of members) set.add(member);
  return set;
}

test("the types of members follow from the options", () => {
  expectTypeOf(new MassTreeSet()).toEqualTypeOf<MassTreeSet<string>>();
  const tuples = new MassTreeSet({ key: tuple("string", date) });
  expectTypeOf(tuples.first()).toEqualTypeOf<readonly [string, Date] | undefined>();
  const given = new MassTreeSet<number>({ key: "number" });
  expectTypeOf(given.union(new Set([1]))).toEqualTypeOf<MassTreeSet<number>>();
  // @ts-expect-error: members of that type need their kind
  new MassTreeSet<number>().close();
  expect(MassTreeSet.name).toBe("MassTreeSet");
  expect(String(tuples)).toBe("[object MassTreeSet]");
});

test("has the methods of a Set, in order, and ranges", () => {
  const set = setOf("b", "d", "a", "b/1", "c");
  expect(set.size).toBe(5);
  expect(set.add("a").size).toBe(5);
  expect([set.has("a"), set.has("z"), set.delete("d"), set.delete("d")]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect([...set]).toEqual(["a", "b", "b/1", "c"]);
  expect([...set.values({ prefix: "b" })]).toEqual(["b", "b/1"]);
  expect([...set.entries({ gt: "b/1" })]).toEqual([["c", "c"]]);
  expect([...set.keys({ reverse: true, limit: 2 })]).toEqual(["c", "b/1"]);
  expect([set.first(), set.last(), set.first({ gt: "a" }), set.last({ limit: 2 })]).toEqual([
    "a",
    "c",
    "b",
    "b",
  ]);
  expect([set.floor("b0"), set.lower("b"), set.ceiling("b0"), set.higher("b")]).toEqual([
    "b/1",
    "a",
    "c",
    "b/1",
  ]);
  const seen: unknown[] = [];
  const thisArg = {};
  set.forEach(function (this: unknown, ...args) {
    seen.push(this, ...args);
  }, thisArg);
  expect(seen.slice(0, 4)).toEqual([thisArg, "a", "a", set]);
  expect(() => set.forEach(1 as never)).toThrow(TypeError);
  expect([set.count(), set.count({ prefix: "b" }), set.clear({ prefix: "b" })]).toEqual([4, 2, 2]);
  expect([set.clear(), set.size, set.first()]).toEqual([2, 0, undefined]);
  expect(() => set.keys({ perfix: "a" } as never)).toThrow(throws("MASSTREE_BAD_RANGE"));
  expect(() => set.add(5 as never)).toThrow(throws("MASSTREE_BAD_KEY"));
  set.verify();
  set.close();
  expect(() => set.size).toThrow(throws("MASSTREE_CLOSED"));
});

test("prints and writes JSON", () => {
  const set = setOf("b", "a");
  expect(inspect(set)).toBe("MassTreeSet(2) { 'a', 'b' }");
  expect(inspect({ deep: { deeper: { set } } }, { depth: 1 })).toContain("[Object]");
  expect(inspect([[[set]]], { depth: 2 })).toBe("[ [ [ [MassTreeSet(2)] ] ] ]");
  expect(JSON.stringify(set)).toBe('["a","b"]');
  for (let i = 0; i < 300; i++) set.add(`k${i + 100}`);
  expect(inspect(set).split("\n")).toHaveLength(103);
  expect(inspect(set)).toContain("... 202 more items");
  expect(inspect(set, { maxArrayLength: 1 })).toBe("MassTreeSet(302) { 'a', ... 301 more items }");
  set.close();
  expect(inspect(set)).toBe("MassTreeSet { <closed> }");
});

const strings: SetKind<string> = {
  create: () => new MassTreeSet(),
  member: fc.constantFrom(..."abcdefghij", "", "ü", "\0"),
  many: (count) => Array.from({ length: count }, (_, i) => `${i}`),
  compare: (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)),
};

describe("a set of strings", () => {
  test.each(setChecks(strings))("$name", ({ run }) => run());
});

describe("set methods", () => {
  test("compare members by what they are, of every kind of key", () => {
    const key = tuple("string", date);
    const [a, b] = [new MassTreeSet({ key }), new MassTreeSet({ key })];
    for (const day of [1, 2, 3]) a.add(["x", new Date(day)]);
    for (const day of [2, 3, 4]) b.add(["x", new Date(day)]);
    expect([...a.intersection(b)]).toEqual([
      ["x", new Date(2)],
      ["x", new Date(3)],
    ]);
    expect(a.isSubsetOf(b)).toBe(false);
    const bytes = new MassTreeSet({ key: "bytes" });
    bytes.add(Uint8Array.of(1));
    expect(bytes.isSupersetOf(new Set([Uint8Array.of(1)]))).toBe(true);
    a.close();
    b.close();
    bytes.close();
  });

  test("members of the argument that no member can be are in no set", () => {
    const set = setOf("a", "b");
    const other = new Set<unknown>(["a", 5, Number.NaN, {}]) as Set<string>;
    expect([...set.intersection(other)]).toEqual(["a"]);
    expect([...set.difference(new Set([5, "a"]) as Set<never>)]).toEqual(["b"]);
    expect(set.isSupersetOf(new Set([5]) as Set<never>)).toBe(false);
    expect(set.isDisjointFrom(new Set([5]) as Set<never>)).toBe(true);
    const open = set.stats().participants.length;
    expect(() => set.union(other)).toThrow(throws("MASSTREE_BAD_KEY"));
    expect(() => set.symmetricDifference(other)).toThrow(throws("MASSTREE_BAD_KEY"));
    expect(set.stats().participants).toHaveLength(open);
    set.close();
  });

  const names = [
    "union",
    "intersection",
    "difference",
    "symmetricDifference",
    "isSubsetOf",
    "isSupersetOf",
    "isDisjointFrom",
  ] as const;
  const good = { size: 1, has: () => true, keys: () => [][Symbol.iterator]() };

  test.each(names)("%s asks its argument as the specification says", (name) => {
    const set = setOf("a");
    const call = (other: unknown) => set[name](other as SetLike<string>);
    for (const bad of [
      ...[undefined, null, 5, "abc", [], {}, { ...good, size: undefined }, { ...good, size: "x" }],
      ...[
        { ...good, has: 1 },
        { ...good, keys: undefined },
        { size: 1n << 2n, has: 1 },
      ],
    ]) {
      expect(() => call(bad)).toThrow(TypeError);
    }
    expect(() => call({ ...good, size: -1 })).toThrow(RangeError);
    const reads: string[] = [];
    call(
      new Proxy(good, {
        get(target, member) {
          reads.push(String(member));
          return Reflect.get(target, member);
        },
      }),
    );
    expect(reads).toEqual(["size", "has", "keys"]);
    const mine = new Error("mine");
    const getter = {
      get size(): number {
        throw mine;
      },
    };
    expect(() => call(getter)).toThrow(mine);
    set.close();
  });

  test("an iterator of the argument is ended when its rest does not matter", () => {
    const set = setOf("a", "b", "c");
    let ended = 0;
    const other: SetLike<string> = {
      size: 1,
      has: () => true,
      keys: () => ({
        next: () => ({ done: false, value: "z" }),
        return: () => {
          ended++;
          return { done: true, value: undefined };
        },
      }),
    };
    expect(set.isSupersetOf(other)).toBe(false);
    expect(ended).toBe(1);
    const common = {
      ...other,
      keys: () => ({ ...other.keys(), next: () => ({ done: false, value: "a" }) }),
    };
    expect(set.isDisjointFrom(common as never)).toBe(false);
    expect(ended).toBe(2);
    const mine = new Error("mine");
    const failing = () => ({
      ...other.keys(),
      next: () => {
        throw mine;
      },
    });
    expect(() => set.union({ ...other, keys: failing as never })).toThrow(mine);
    expect(() => set.union({ ...other, keys: (() => 5) as never })).toThrow(TypeError);
    expect(() => set.union({ ...other, keys: () => ({ next: () => 5 as never }) })).toThrow(
      TypeError,
    );
    expect(ended).toBe(2);
    set.close();
  });

  test("an argument that changes the set while it is asked", () => {
    const set = setOf("a", "b", "c");
    const other = {
      size: 5,
      has(value: string) {
        set.delete("b");
        set.add(`${value}!`);
        return value.length > 2;
      },
      keys: () => ["x"][Symbol.iterator](),
    };
    expect([...set.intersection(other)]).toEqual([]);
    set.verify();
    set.close();
  });

  test("a codec that uses the sets while they are merged", () => {
    let merges: (() => void) | undefined;
    const text = keyCodec<string>({
      name: "text",
      encode(value, target, offset) {
        const now = merges;
        merges = undefined;
        now?.();
        return Buffer.from(target.buffer, target.byteOffset).write(value, offset);
      },
      decode: (bytes) => Buffer.from(bytes).toString(),
    });
    const [a, b] = [new MassTreeSet({ key: text }), new MassTreeSet({ key: text })];
    for (const value of "abcdef") a.add(value);
    for (const value of "defghi") b.add(value);
    merges = () => expect([...b.difference(a)].join("")).toBe("ghi");
    expect([...a.intersection(b)].join("")).toBe("def");
    a.close();
    b.close();
  });

  test("work the other way round: a Set takes a MassTreeSet, where the engine has the methods", () => {
    const set = setOf("a", "b");
    const native = new Set(["b", "c"]) as Set<string> & {
      union?(other: SetLike<string>): Set<string>;
    };
    if (native.union !== undefined) expect([...native.union(set)]).toEqual(["b", "c", "a"]);
    else expect(set.union(native).size).toBe(3);
    set.close();
  });
});

test("other threads share it, and handles of other classes are refused", async () => {
  const set = new MassTreeSet({ key: tuple("string", "number") });
  set.add(["main", 1]);
  expect(() => MassTreeInline.attach(set.handle)).toThrow(throws("MASSTREE_BAD_HANDLE"));
  expect(() => MassTreeSet.attach(set.handle)).toThrow(throws("MASSTREE_BAD_OPTION"));
  const map = new MassTreeInline();
  expect(() => MassTreeSet.attach(map.handle)).toThrow(throws("MASSTREE_BAD_HANDLE"));
  expect(() => MassTreeSet.attach({ ...set.handle, value: "f64" })).toThrow(
    throws("MASSTREE_BAD_HANDLE"),
  );
  const file = new URL("programs/set-worker.mjs", import.meta.url);
  const worker = new Worker(file, { workerData: set.handle });
  expect(await once(worker, "exit")).toEqual([0]);
  expect(set.size).toBe(100);
  expect(set.count({ prefix: ["worker"] })).toBe(100);
  set.verify();
  set.close();
  map.close();
});

test("a thread waits for a member that is there, or comes, or does not", async () => {
  const set = setOf("a");
  expect(await set.waitFor("a")).toBe(undefined);
  const b = set.waitFor("b", { timeout: 20_000 });
  set.add("b");
  await b;
  await expect(set.waitFor("c", { timeout: 1 })).rejects.toMatchObject({
    code: "MASSTREE_TIMEOUT",
  });
  expect([set.waitForSync("b"), set.waitForSync("c", { timeout: 0 })]).toEqual([true, false]);
  const c = set.waitFor("c");
  set.close();
  await expect(c).rejects.toMatchObject({ code: "MASSTREE_CLOSED" });
});

test("cursors and parts are of members", () => {
  const members = Array.from({ length: 500 }, (_, i) => 3 * i);
  const set = MassTreeSet.fromSorted(members, { key: "number" });
  const cursor = set.cursor({ gte: 10, lt: 100 });
  const seen: unknown[] = [];
  while (cursor.next()) seen.push([cursor.key, cursor.value]);
  const wanted = members.filter((one) => one >= 10 && one < 100);
  expect(seen).toEqual(wanted.map((one) => [one, one]));
  set.delete(wanted.at(-1)!);
  expect([cursor.previous(), cursor.value]).toEqual([true, wanted.at(-2)]);

  const points = set.splitPoints(5);
  expect(points.length).toBe(4);
  const parts = [...points, undefined].map((lt, i) => [...set.keys({ gte: points[i - 1], lt })]);
  expect(parts.flat()).toEqual([...set]);
  expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThan(50);

  for (const range of [{ limit: 1 }, { offset: 1 }]) {
    const refused = expect.objectContaining({ code: "MASSTREE_BAD_RANGE" });
    expect(() => set.cursor(range)).toThrow(refused);
    expect(() => set.splitPoints(2, range)).toThrow(refused);
  }
  set.verify();
  set.close();
  const closed = expect.objectContaining({ code: "MASSTREE_CLOSED" });
  for (const use of [() => cursor.next(), () => set.cursor(), () => set.splitPoints(2)]) {
    expect(use).toThrow(closed);
  }
});
