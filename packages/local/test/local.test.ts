import { inspect } from "node:util";
import { date, keyCodec, MassTreeInline, tuple } from "@masstree/inline";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import { LocalMassTree } from "../src/index.ts";

const throws = (code: string) => expect.objectContaining({ code });

test("the types of keys follow from the options, or from type arguments", () => {
  const plain = new LocalMassTree<Date>();
  expectTypeOf(plain).toEqualTypeOf<LocalMassTree<Date, string>>();
  const tuples = new LocalMassTree({ key: tuple("string", date) });
  expectTypeOf(tuples).toEqualTypeOf<LocalMassTree<unknown, readonly [string, Date]>>();
  const given = new LocalMassTree<() => void, number>({ key: "number" });
  expectTypeOf(given.first()).toEqualTypeOf<[number, () => void] | undefined>();
  // @ts-expect-error: keys of that type need their kind
  new LocalMassTree<string, number>().close();
  class Counts extends LocalMassTree<number> {
    add(key: string): number {
      return this.update(key, (old = 0) => old + 1)!;
    }
  }
  const counts = new Counts();
  counts.add("a");
  expect(counts.add("a")).toBe(2);
  expect(String(plain)).toBe("[object LocalMassTree]");
  expect(LocalMassTree.name).toBe("LocalMassTree");
  for (const map of [plain, tuples, given, counts]) map.close();
});

test("values are the caller's own, not copies", () => {
  const map = new LocalMassTree<unknown>();
  const values = [() => 1, Symbol("a"), new WeakMap(), { a: 1 }, null, Number.NaN, -0, false, ""];
  for (const value of values) {
    map.set("a", value);
    expect(Object.is(map.get("a"), value)).toBe(true);
    expect(Object.is(map.first()![1], value)).toBe(true);
    expect(Object.is([...map.values()][0], value)).toBe(true);
  }
  map.close();
});

/** What each operation does to a plain Map, whose keys are then sorted. */
test("any sequence of operations does what it does to a sorted Map", () => {
  const key = fc.constantFrom(..."abcdefgh");
  const value = fc.nat(5);
  const maybe = fc.option(value, { nil: undefined });
  const command = fc.oneof(
    fc.tuple(fc.constantFrom("get", "has", "take", "delete"), key),
    fc.tuple(fc.constantFrom("floor", "lower", "ceiling", "higher"), key),
    fc.tuple(
      fc.constantFrom("set", "exchange", "replace", "setIfAbsent", "getOrInsert"),
      key,
      value,
    ),
    fc.tuple(fc.constantFrom("getOrInsertComputed", "update"), key, maybe),
    fc.tuple(fc.constant("compareAndSet"), key, maybe, maybe),
    fc.tuple(fc.constantFrom("popFirst", "popLast", "clear", "count", "first", "last"), key),
    fc.tuple(fc.constantFrom("getMany", "hasMany", "deleteMany"), fc.array(key, { maxLength: 4 })),
  ) as unknown as fc.Arbitrary<[string, ...never[]]>;

  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const map = new LocalMassTree<number>();
      const model = new Map<string, number>();
      const sorted = () => [...model].sort(([a], [b]) => (a < b ? -1 : 1));
      const put = (key: string, value: number | undefined) => {
        if (value === undefined) model.delete(key);
        else model.set(key, value);
      };
      const expected: Record<string, (...args: never[]) => unknown> = {
        get: (key: string) => model.get(key),
        has: (key: string) => model.has(key),
        delete: (key: string) => model.delete(key),
        take: (key: string) => {
          const before = model.get(key);
          model.delete(key);
          return before;
        },
        floor: (key: string) =>
          sorted()
            .filter(([k]) => k <= key)
            .at(-1),
        lower: (key: string) =>
          sorted()
            .filter(([k]) => k < key)
            .at(-1),
        ceiling: (key: string) => sorted().find(([k]) => k >= key),
        higher: (key: string) => sorted().find(([k]) => k > key),
        set: (key: string, value: number) => {
          model.set(key, value);
          return map;
        },
        exchange: (key: string, value: number) => {
          const before = model.get(key);
          model.set(key, value);
          return before;
        },
        replace: (key: string, value: number) => {
          const before = model.get(key);
          if (before !== undefined) model.set(key, value);
          return before;
        },
        setIfAbsent: (key: string, value: number) => {
          const isNew = !model.has(key);
          if (isNew) model.set(key, value);
          return isNew;
        },
        getOrInsert: (key: string, value: number) => {
          if (!model.has(key)) model.set(key, value);
          return model.get(key);
        },
        compareAndSet: (key: string, from: number | undefined, to: number | undefined) => {
          const matches = model.get(key) === from;
          if (matches) put(key, to);
          return matches;
        },
        popFirst: (gte: string) => {
          const found = sorted().find(([k]) => k >= gte);
          model.delete(found?.[0] ?? "");
          return found;
        },
        popLast: (gte: string) => {
          const found = sorted()
            .filter(([k]) => k >= gte)
            .at(-1);
          model.delete(found?.[0] ?? "");
          return found;
        },
        first: (gte: string) => sorted().find(([k]) => k >= gte),
        last: (gte: string) =>
          sorted()
            .filter(([k]) => k >= gte)
            .at(-1),
        count: (gte: string) => sorted().filter(([k]) => k >= gte).length,
        clear: (gte: string) => {
          const gone = sorted().filter(([k]) => k >= gte);
          for (const [k] of gone) model.delete(k);
          return gone.length;
        },
        getMany: (keys: string[]) => keys.map((key) => model.get(key)),
        hasMany: (keys: string[]) => keys.map((key) => model.has(key)),
        deleteMany: (keys: string[]) => keys.filter((key) => model.delete(key)).length,
      };
      const ranged = ["popFirst", "popLast", "first", "last", "count", "clear"];
      for (const [name, ...args] of commands) {
        if (name === "update" || name === "getOrInsertComputed") {
          const [key, next] = args as unknown as [string, number | undefined];
          const callback = () => next;
          const before = model.get(key);
          if (name === "update") {
            expect(map.update(key, callback)).toBe(next);
            put(key, next);
          } else if (before === undefined && next === undefined) {
            expect(() => map.getOrInsertComputed(key, callback as () => number)).toThrow(
              throws("MASSTREE_BAD_VALUE"),
            );
          } else {
            expect(map.getOrInsertComputed(key, callback as () => number)).toBe(before ?? next);
            put(key, before ?? next);
          }
        } else {
          const call = map as unknown as Record<string, (...args: unknown[]) => unknown>;
          const given = ranged.includes(name) ? [{ gte: args[0] }] : args;
          expect(call[name]!(...given), name).toEqual(expected[name]!(...args));
        }
      }
      expect([...map]).toEqual(sorted());
      map.verify();
      map.close();
    }),
    { numRuns: runs(150) },
  );
});

test("first, last and clear follow the range as entries does", () => {
  const map = new LocalMassTree<number>();
  map.setMany([..."abcdef"].map((key, i) => [key, i]));
  expect(map.last({ limit: 2 })).toEqual(["b", 1]);
  expect(map.first({ reverse: true, lt: "d" })).toEqual(["c", 2]);
  expect(map.last({ reverse: true, lt: "d" })).toEqual(["a", 0]);
  expect(map.first({ limit: 0 })).toBe(undefined);
  expect(map.clear({ reverse: true, limit: 2 })).toBe(2);
  expect([...map.keys()].join("")).toBe("abcd");
  for (const bad of ["a", { perfix: "a" }, { gt: 5 }]) {
    for (const name of ["first", "last", "clear", "count", "popFirst", "popLast", "entries"]) {
      const call = map as unknown as Record<string, (range: unknown) => unknown>;
      expect(() => call[name]!(bad), name).toThrow(throws("MASSTREE_BAD_RANGE"));
    }
  }
  expect(map.size).toBe(4);
  map.close();
});

test("an iterator never gives a key the value of another one, whatever happens to the map", () => {
  const map = new LocalMassTree<string>();
  const fill = () => {
    for (let i = 100; i < 200; i++) map.set(`k${i}`, `k${i}`);
  };
  fill();
  const seen: string[] = [];
  for (const [key, value] of map) {
    expect(value).toBe(key);
    seen.push(key);
    // The slots that this frees are taken by other keys at once.
    const later = `k${Number(key.slice(1)) + 1}`;
    if (map.delete(later)) map.set(`a${later}`, `a${later}`);
  }
  expect(seen).toEqual([...seen].sort());
  expect(seen).toHaveLength(50);
  map.clear();
  fill();
  const values = map.values();
  expect(values.next().value).toBe("k100");
  map.clear();
  map.set("z", "z");
  expect([...values]).toEqual(["z"]);
  map.verify();
  map.close();
});

test("a callback that changes the map", () => {
  const map = new LocalMassTree<number>();
  const set = (value: number) => () => {
    map.set("a", 1);
    map.delete("b");
    return value;
  };
  expect(map.getOrInsertComputed("a", set(2))).toBe(1);
  expect(map.getOrInsertComputed("c", set(3))).toBe(3);
  map.delete("c");
  map.delete("a");
  map.set("b", 5);
  expect(map.update("b", set(7))).toBe(7);
  const olds: unknown[] = [];
  const emptying = (old: number | undefined) => {
    olds.push(old);
    map.clear();
    return 7;
  };
  expect(map.update("b", emptying)).toBe(7);
  expect(olds).toEqual([7, undefined]);
  let rounds = 0;
  const counting = (old = 0) => {
    if (rounds++ < 3) map.update("n", (n = 0) => n + 1);
    return old + 1;
  };
  expect(map.update("n", counting)).toBe(4);
  map.delete("n");
  expect([...map]).toEqual([["b", 7]]);
  const mine = new Error("mine");
  const fail = () => {
    throw mine;
  };
  expect(() => map.update("b", fail)).toThrow(mine);
  expect(() => map.getOrInsertComputed("c", fail)).toThrow(mine);
  expect([...map]).toEqual([["b", 7]]);
  map.verify();
  map.close();
});

test("a key codec that uses the map, throws or changes its mind", () => {
  let mischief: (() => void) | undefined;
  const text = keyCodec<string>({
    name: "text",
    encode(key, target, offset) {
      const now = mischief;
      mischief = undefined;
      now?.();
      return Buffer.from(target.buffer, target.byteOffset).write(key, offset);
    },
    decode: (bytes) => Buffer.from(bytes).toString(),
  });
  const map = new LocalMassTree<string, string>({ key: text });
  map.set("a", "a").set("b", "b");
  const uses: (() => unknown)[] = [
    () => map.set("c", "c"),
    () => map.delete("b"),
    () => map.getOrInsert("d", "d"),
    () => map.update("a", (old) => `${old}!`),
    () => map.exchange("e", "e"),
    () => map.compareAndSet("a", "x", "y"),
  ];
  for (const use of uses) {
    mischief = () => {
      map.clear();
      map.set("a", "inner").set("c", "inner").set("zz", "inner");
      map.delete("zz");
    };
    use();
    map.verify();
    const mine = new Error("mine");
    mischief = () => {
      throw mine;
    };
    expect(use).toThrow(mine);
    map.verify();
  }
  mischief = () => map.close();
  expect(() => map.set("a", "a")).toThrow(throws("MASSTREE_CLOSED"));
});

test("calls that fill the stack leave every value with its key", () => {
  const map = new LocalMassTree<string>();
  const used = new Set<string>();
  for (let round = 0; round < 30; round++) {
    const deep = (depth: number): void => {
      const key = `k${round}-${depth % 50}`;
      used.add(key);
      if (depth % 3 === 0) map.delete(key);
      else map.set(key, key);
      deep(depth + 1);
    };
    expect(() => deep(round)).toThrow();
    for (const [key, value] of map) expect(value).toBe(key);
    map.set("after", "after");
    map.verify();
  }
  map.close();
});

test("a full map takes no value, keeps what it has, and takes more after deletions", () => {
  const map = new LocalMassTree<object>({ maxBytes: 2 ** 19 });
  let i = 0;
  expect(() => {
    for (; ; i++) map.set(`key${i}`, { i });
  }).toThrow(throws("MASSTREE_FULL"));
  map.verify();
  expect(map.size).toBe(i);
  expect(() => {
    for (let j = 0; ; j++) map.getOrInsert(`another${j}`, {});
  }).toThrow(throws("MASSTREE_FULL"));
  map.verify();
  map.clear({ prefix: "another" });
  expect(map.size).toBe(i);
  expect(map.set("key0", { i: -1 }).get("key0")).toEqual({ i: -1 });
  expect(map.clear()).toBe(i);
  expect(map.set("another", {}).size).toBe(1);
  map.verify();
  map.close();
});

test("prints and writes JSON like a Map of its entries", () => {
  const map = new LocalMassTree<unknown>();
  expect(inspect(map)).toBe("LocalMassTree(0) {}");
  map.set("b", [1]).set("a", { x: 1 });
  expect(inspect(map)).toBe("LocalMassTree(2) { 'a' => { x: 1 }, 'b' => [ 1 ] }");
  expect(JSON.stringify(map)).toBe('[["a",{"x":1}],["b",[1]]]');
  map.set("self", map);
  expect(inspect(map, { depth: null })).toContain("'self' => [Circular]");
  map.close();
  expect(inspect(map)).toBe("LocalMassTree { <closed> }");
});

test("has nothing that belongs to several threads", () => {
  const map = new LocalMassTree();
  for (const name of ["handle", "participant", "release"]) expect(name in map).toBe(false);
  expect("attach" in LocalMassTree).toBe(false);
  expect(() => MassTreeInline.attach(map as never)).toThrow(throws("MASSTREE_BAD_HANDLE"));
  map.close();
});
