import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { treeOf, verify } from "../src/index.ts";
import { WordMap } from "./word-map.ts";

const iteratorPrototype = Object.getPrototypeOf(
  Object.getPrototypeOf([][Symbol.iterator]()),
) as object;

let map: WordMap<number>;

beforeEach(() => {
  map = new WordMap<number>({ key: "number", width: 3 });
});

afterEach(() => {
  verify(map);
  map.close();
});

function fill(count: number): void {
  for (let i = 0; i < count; i++) map.set(i, BigInt(i));
}

describe("an iterator", () => {
  test.each(["entries", "keys", "values"] as const)("of %s is a built-in one", (method) => {
    const iterator = map[method]();
    const own = Object.getPrototypeOf(Object.getPrototypeOf(iterator));
    expect(Object.getPrototypeOf(own)).toBe(iteratorPrototype);
    expect(iterator[Symbol.iterator]()).toBe(iterator);
    expect(String(iterator)).toBe("[object OrderedMap Iterator]");
    expect(iterator.next()).toEqual({ done: true, value: undefined });
  });

  test("returns at most 256 entries that were removed meanwhile", () => {
    fill(5000);
    for (const steps of [1, 10, 100, 1000, 3000]) {
      const iterator = map.keys();
      for (let step = 0; step < steps; step++) iterator.next();
      map.clear();
      expect([...iterator].length).toBeLessThan(256);
      fill(5000);
    }
  });

  test("that has ended stays ended, whatever is inserted", () => {
    fill(2);
    const iterator = map.keys();
    expect([...iterator]).toEqual([0, 1]);
    map.set(5, 5n);
    expect(iterator.next()).toEqual({ done: true, value: undefined });
    expect([...iterator]).toEqual([]);
  });

  test("ends with return, which leaving a loop calls", () => {
    fill(20);
    const iterator = map.keys();
    for (const key of iterator) if (key === 3) break;
    expect(iterator.next().done).toBe(true);
    const other = map.keys();
    other.next();
    expect(other.return()).toEqual({ done: true, value: undefined });
    expect(other.next().done).toBe(true);
    expect(other.return()).toEqual({ done: true, value: undefined });
  });

  test("does not read the map before its first step", () => {
    const iterator = map.keys();
    fill(3);
    expect([...iterator]).toEqual([0, 1, 2]);
  });

  test("sees a long map whole, over many batches, in both directions", () => {
    fill(3000);
    const all = Array.from({ length: 3000 }, (_, i) => i);
    expect([...map.keys()]).toEqual(all);
    expect([...map.keys({ reverse: true })]).toEqual(all.reverse());
    expect([...map.values({ gt: 10, limit: 700 })]).toEqual(
      Array.from({ length: 700 }, (_, i) => BigInt(i + 11)),
    );
  });

  test("throws once the map is closed, and only then", () => {
    fill(20);
    const other = WordMap.attach<number>(map.handle);
    const [running, fresh, ended, left] = [other.keys(), other.keys(), other.keys(), other.keys()];
    running.next();
    expect([...ended]).toHaveLength(20);
    left.return();
    other.close();
    for (const iterator of [running, fresh]) {
      expect(() => iterator.next()).toThrow(expect.objectContaining({ code: "MASSTREE_CLOSED" }));
    }
    expect(ended.next().done).toBe(true);
    expect(left.next().done).toBe(true);
    expect(running.return().done).toBe(true);
    expect(running.next().done).toBe(true);
  });

  test("holds no pin between steps", () => {
    fill(100);
    const iterator = map.keys();
    iterator.next();
    map.clear();
    expect(treeOf(map).exports.quiesce()).toBe(1);
    // What its batch had is still its own; nothing comes after it.
    expect([...iterator]).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("can be one of many over one map, in any order of steps", () => {
    fill(500);
    const iterators = [map.keys(), map.keys({ reverse: true }), map.keys({ gte: 100, lt: 400 })];
    const found: number[][] = [[], [], []];
    for (let running = 3; running > 0; ) {
      running = 0;
      for (const [i, iterator] of iterators.entries()) {
        const { done, value } = iterator.next();
        if (done) continue;
        running++;
        found[i]!.push(value);
        map.has(value);
      }
    }
    const all = Array.from({ length: 500 }, (_, i) => i);
    expect(found[0]).toEqual(all);
    expect(found[1]).toEqual([...all].reverse());
    expect(found[2]).toEqual(all.slice(100, 400));
  });
});

describe("forEach", () => {
  test("passes value, key, map and thisArg, like Map", () => {
    fill(2);
    const calls: unknown[] = [];
    const receiver = {};
    map.forEach(function (this: unknown, ...args) {
      calls.push([this, ...args]);
    }, receiver);
    expect(calls).toEqual([
      [receiver, 0n, 0, map],
      [receiver, 1n, 1, map],
    ]);
    expect((calls[0] as unknown[])[3]).toBe(map);
  });

  test("lets the callback change the map, and ends when it throws", () => {
    fill(30);
    map.forEach((_, key) => {
      map.delete(key);
    });
    expect(map.size).toBe(0);
    fill(3);
    const stop = () => {
      throw new Error("enough");
    };
    expect(() => map.forEach(stop)).toThrow("enough");
    expect(treeOf(map).exports.quiesce()).toBe(1);
  });

  test("refuses anything but a function, even on an empty map", () => {
    expect(() => map.forEach(5 as never)).toThrow(TypeError);
  });
});

describe("a map", () => {
  test("iterates over its entries, and has Map's shape", () => {
    fill(3);
    expect([...map]).toEqual([
      [0, 0n],
      [1, 1n],
      [2, 2n],
    ]);
    expect(new Map(map).get(2)).toBe(2n);
    expect(Object.prototype.toString.call(map)).toBe("[object MassTreeInline]");
    expect(Object.keys(map)).toEqual(["tree"]); // the test class's own
    expect(map.set(7, 7n)).toBe(map);
    expect([map.delete(7), map.delete(7)]).toEqual([true, false]);
  });

  test("has a first and a last entry unless it is empty", () => {
    expect([map.first(), map.last()]).toEqual([undefined, undefined]);
    fill(100);
    expect([map.first(), map.last()]).toEqual([
      [0, 0n],
      [99, 99n],
    ]);
  });
});

test("an iterator hides its internals", () => {
  const map = new WordMap();
  map.set("a", 1n);
  for (const iterator of [map.keys(), map.values(), map.entries()]) {
    expect(Reflect.ownKeys(iterator)).toEqual([]);
    expect(iterator.next().done).toBe(false);
    expect(Reflect.ownKeys(iterator)).toEqual([]);
    expect(iterator.return()).toEqual({ done: true, value: undefined });
    expect(iterator.next()).toEqual({ done: true, value: undefined });
  }
  map.close();
});
