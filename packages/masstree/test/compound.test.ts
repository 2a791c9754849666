// Compound operations and the code of their callers: callbacks and codecs that use the map again, throw, or change
// what they were given.
import { describe, expect, test } from "vitest";
import { MassTree, MassTreeInline } from "../src/index.ts";

const text = new TextEncoder();

/** A map whose codec calls `hooks.encode` and `hooks.decode` first, which may use the map. */
function hooked(): {
  map: MassTree<string, Uint8Array>;
  hooks: { encode(): void; decode(): void };
} {
  const hooks = { encode() {}, decode() {} };
  const map = new MassTree<string, Uint8Array>({
    key: "bytes",
    value: {
      encode(value: string) {
        hooks.encode();
        return text.encode(value);
      },
      decode(bytes) {
        hooks.decode();
        return new TextDecoder().decode(bytes);
      },
    },
  });
  return { map, hooks };
}

const a = Uint8Array.of(1);
const b = Uint8Array.of(2);

/** Has a hook run once: what it calls runs the hooks again. */
function once(hook: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    hook();
  };
}

test("no codec and no callback runs while its thread is pinned, or holds a lock", () => {
  const { map, hooks } = hooked();
  const other = MassTree.attach<string, Uint8Array>(map.handle, {
    value: { encode: (value) => text.encode(value), decode: (bytes) => `${bytes.length} bytes` },
  });
  let ran = 0;
  const look = () => {
    ran++;
    expect(map.stats().participants.every(({ pinned }) => !pinned)).toBe(true);
    // Another participant of the same thread would wait for ever.
    other.set(Uint8Array.of(3), "another's");
  };
  hooks.encode = look;
  hooks.decode = look;
  const long = "x".repeat(100_000);
  for (const value of ["short", "a boxed value", long]) {
    map.setMany([
      [a, value],
      [b, value],
    ]);
    map.exchange(a, value);
    map.setIfAbsent(a, value);
    map.getOrInsert(a, value);
    map.getOrInsertComputed(Uint8Array.of(4), () => {
      look();
      return value;
    });
    map.compareAndSet(a, value, `${value}.`);
    map.compareAndSet(a, `${value}.`, value);
    map.update(a, (old) => {
      look();
      return old;
    });
    map.getMany([a, b]);
    map.floor(b);
    map.take(b);
    map.popFirst();
    map.popLast({ limit: 2 });
    map.clear();
  }
  expect(ran).toBeGreaterThan(3 * 20);
  map.verify();
  other.close();
  map.close();
});

const writers: [name: string, write: (map: MassTree<string, Uint8Array>) => unknown][] = [
  ["exchange", (map) => map.exchange(a, "mine")],
  ["setIfAbsent", (map) => map.setIfAbsent(a, "mine")],
  ["getOrInsert", (map) => map.getOrInsert(a, "mine")],
  ["getOrInsertComputed", (map) => map.getOrInsertComputed(a, () => "mine")],
];

describe.each(writers)("%s", (name, write) => {
  test("writes its own key and value though its codec writes others", () => {
    const { map, hooks } = hooked();
    hooks.encode = once(() => {
      map.set(b, "the codec's, and longer");
      map.exchange(b, "the codec's");
    });
    write(map);
    expect([...map]).toEqual([
      [a, "mine"],
      [b, "the codec's"],
    ]);
    map.verify();
    map.close();
  });

  test("returns the value that it found though its codec reads others", () => {
    const { map, hooks } = hooked();
    map.set(a, "before").set(b, "other");
    hooks.decode = once(() => {
      expect(map.take(b)).toBe("other");
      expect(map.get(a)).toBe(name === "exchange" ? "mine" : "before");
    });
    expect(write(map)).toBe(name === "setIfAbsent" ? false : "before");
    map.verify();
    map.close();
  });

  test("changes nothing when its codec throws", () => {
    const { map, hooks } = hooked();
    hooks.encode = () => {
      throw new RangeError("no");
    };
    expect(() => write(map)).toThrow(new RangeError("no"));
    expect(map.size).toBe(0);
    map.close();
  });

  test("refuses to go on when its codec has closed the map", () => {
    const { map, hooks } = hooked();
    hooks.encode = () => map.close();
    expect(() => write(map)).toThrow(expect.objectContaining({ code: "MASSTREE_CLOSED" }));
  });
});

test("what a codec throws while it decodes leaves an exchange and a take done, and a getOrInsert undone", () => {
  const { map, hooks } = hooked();
  map.set(a, "before").set(b, "other");
  hooks.decode = () => {
    throw new RangeError("no");
  };
  expect(() => map.exchange(a, "mine")).toThrow(RangeError);
  expect(() => map.take(b)).toThrow(RangeError);
  expect(() => map.getOrInsert(a, "not this")).toThrow(RangeError);
  hooks.decode = () => {};
  expect([...map]).toEqual([[a, "mine"]]);
  map.verify();
  map.close();
});

test.each(["compareAndSet", "update"] as const)(
  "%s compares with what it read, whatever its codec and its callback do meanwhile",
  (name) => {
    const { map, hooks } = hooked();
    map.set(a, "one").set(b, "two");
    const interfere = once(() => {
      expect(map.compareAndSet(b, "two", "three")).toBe(true);
      expect(map.update(b, (old) => `${old} and four`)).toBe("three and four");
    });
    hooks.encode = interfere;
    hooks.decode = interfere;
    if (name === "update") expect(map.update(a, (old) => `${old}, changed`)).toBe("one, changed");
    else expect(map.compareAndSet(a, "one", "one, changed")).toBe(true);
    expect([...map]).toEqual([
      [a, "one, changed"],
      [b, "three and four"],
    ]);
    map.verify();
    map.close();
  },
);

test("an update whose codec or callback changes the value runs again, on the key that it was given", () => {
  const { map, hooks } = hooked();
  map.set(a, "one").set(b, "untouched");
  const key = Uint8Array.of(1);
  const seen: unknown[] = [];
  hooks.encode = once(() => map.set(a, "two"));
  const updated = map.update(key, (old, given) => {
    expect(given).toBe(key);
    expect(map.stats().participants.find(({ self }) => self)).toMatchObject({ pinned: false });
    seen.push(old);
    given[0] = 2;
    if (seen.length === 2) map.delete(a);
    return "updated";
  });
  expect(updated).toBe("updated");
  expect(seen).toEqual(["one", "two", undefined]);
  expect([...map]).toEqual([
    [a, "updated"],
    [b, "untouched"],
  ]);
  map.close();
});

test("a callback that spoils the value it is given does not spoil the comparison", () => {
  const map = new MassTree<{ n: number }>();
  map.set("k", { n: 1 });
  const spoil = (old: { n: number } | undefined) => {
    old!.n++;
    return old;
  };
  expect(map.update("k", spoil)).toEqual({ n: 2 });
  expect(map.update("k", spoil)).toEqual({ n: 3 });
  expect(map.get("k")).toEqual({ n: 3 });
  map.close();
});

test("values are compared as they are stored", () => {
  const map = new MassTree<unknown>();
  map.set("k", { a: 1, b: 2 });
  expect(map.compareAndSet("k", { b: 2, a: 1 }, 0)).toBe(false);
  expect(map.compareAndSet("k", { a: 1, b: 2, c: undefined }, "x".repeat(100_000))).toBe(true);
  expect(map.compareAndSet("k", "x".repeat(99_999), 0)).toBe(false);
  expect(map.compareAndSet("k", `${"x".repeat(99_999)}y`, 0)).toBe(false);
  expect(map.compareAndSet("k", "x".repeat(100_000), undefined)).toBe(true);
  expect(map.compareAndSet("k", "x".repeat(100_000), undefined)).toBe(false);
  expect(map.size).toBe(0);
  map.close();

  const numbers = new MassTreeInline();
  numbers.set("k", -0);
  expect(numbers.compareAndSet("k", 0, 1)).toBe(false);
  expect(numbers.compareAndSet("k", -0, Number.NaN)).toBe(true);
  // Another of the many NaNs.
  const odd = new Float64Array(Uint32Array.of(1, 0xfff80000).buffer)[0]!;
  expect(numbers.compareAndSet("k", odd, 1)).toBe(true);
  numbers.set("k", odd);
  expect(numbers.compareAndSet("k", Number.NaN, 2)).toBe(true);
  expect(numbers.get("k")).toBe(2);
  numbers.close();
});

test("in a full map, what needs no memory to be told is told", () => {
  const map = new MassTree({ value: "bytes", maxBytes: 2 ** 20 });
  const large = new Uint8Array(600_000).fill(1);
  map.set("k", large);
  expect(() => map.compareAndSet("k", large, large)).toThrow(
    expect.objectContaining({ code: "MASSTREE_FULL" }),
  );
  expect(map.compareAndSet("k", large.subarray(1), large)).toBe(false);
  expect(map.compareAndSet("k", undefined, large)).toBe(false);
  expect(map.compareAndSet("k", large, Uint8Array.of(7))).toBe(true);
  expect([...map]).toEqual([["k", Uint8Array.of(7)]]);
  map.close();
});

test("a callback runs while its thread holds nothing, and may change its key and the map", () => {
  const { map } = hooked();
  const key = Uint8Array.of(1);
  const inserted = map.getOrInsertComputed(key, (given) => {
    expect(given).toBe(key);
    expect(map.stats().participants.find(({ self }) => self)).toMatchObject({ pinned: false });
    map.verify();
    map.clear();
    map.set(b, "the callback's");
    given[0] = 2;
    return "mine";
  });
  expect(inserted).toBe("mine");
  expect([...map]).toEqual([
    [a, "mine"],
    [b, "the callback's"],
  ]);
  map.close();
});

test("values of any length go in and come out", () => {
  const map = new MassTree({ value: "bytes" });
  const lengths = [0, 1, 7, 8, 100, 5000, 65536, 65537, 200_000];
  const filled = (length: number) => new Uint8Array(length).fill(length % 251);
  const isSame = (one: Uint8Array | undefined, other: Uint8Array) =>
    one !== undefined && Buffer.compare(one, other) === 0;
  let before: Uint8Array | undefined;
  for (const one of lengths) {
    for (const other of lengths) {
      for (const length of [one, other]) {
        const value = filled(length);
        const found = map.exchange("k", value);
        expect(before === undefined ? found === undefined : isSame(found, before)).toBe(true);
        expect(map.setIfAbsent("k", filled(3))).toBe(false);
        expect(isSame(map.getOrInsert("k", filled(9)), value)).toBe(true);
        before = value;
      }
      expect(isSame(map.take("k"), before!)).toBe(true);
      before = undefined;
      expect(isSame(map.getOrInsert("k", filled(one)), filled(one))).toBe(true);
      expect(isSame(map.take("k"), filled(one))).toBe(true);
    }
  }
  map.verify();
  map.close();
});

test("a key that is there needs no memory to be found, in a full map too", () => {
  const map = new MassTree({ value: "bytes", maxBytes: 2 ** 20 });
  map.set("there", Uint8Array.of(1));
  const large = new Uint8Array(2 ** 20);
  expect(() => map.set("other", large)).toThrow(expect.objectContaining({ code: "MASSTREE_FULL" }));
  expect(map.setIfAbsent("there", large)).toBe(false);
  expect(map.getOrInsert("there", large)).toEqual(Uint8Array.of(1));
  for (const write of [
    () => map.setIfAbsent("other", large),
    () => map.getOrInsert("other", large),
    () => map.getOrInsertComputed("other", () => large),
    () => map.exchange("there", large),
  ]) {
    expect(write).toThrow(expect.objectContaining({ code: "MASSTREE_FULL" }));
  }
  expect([...map]).toEqual([["there", Uint8Array.of(1)]]);
  map.close();
});

test("numbers come back as they went in", () => {
  const map = new MassTreeInline();
  for (const value of [0, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324]) {
    expect(map.exchange("k", value)).toBe(undefined);
    expect(map.getOrInsert("k", 1)).toBe(value);
    expect(map.take("k")).toBe(value);
    expect(map.getOrInsertComputed("k", () => value)).toBe(value);
    expect(map.exchange("k", 1)).toBe(value);
    expect(map.take("k")).toBe(1);
  }
  map.close();
});
