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

test("a callback runs while its thread holds nothing, and may change its key and the map", () => {
  const { map } = hooked();
  const key = Uint8Array.of(1);
  const inserted = map.getOrInsertComputed(key, (given) => {
    expect(given).toBe(key);
    expect(map.stats().participants.find(({ self }) => self)).toMatchObject({ pinnedFor: 0 });
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
