// Many entries in one call, and ranges: what their callers' code may do meanwhile, and what is left when memory ends.
import { describe, expect, test } from "vitest";
import { MassTree, MassTreeFullError, MassTreeInline } from "../src/index.ts";

test("setMany that runs out of memory says how many entries it has set, and they stay", () => {
  const map = new MassTree({ value: "bytes", maxBytes: 2 ** 20 });
  const entries = Array.from({ length: 100 }, (_, i): [string, Uint8Array] => [
    `k${String(i).padStart(3, "0")}`,
    new Uint8Array(20_000).fill(i),
  ]);
  let written = -1;
  try {
    map.setMany(entries);
  } catch (error) {
    expect(error).toBeInstanceOf(MassTreeFullError);
    written = (error as MassTreeFullError).written;
  }
  expect(written).toBeGreaterThan(10);
  expect([...map.keys()]).toEqual(entries.slice(0, written).map(([key]) => key));
  for (const [key, value] of entries.slice(0, written)) {
    expect(Buffer.compare(map.get(key)!, value)).toBe(0);
  }
  expect(() => map.set("more", entries[0]![1])).toThrow(expect.objectContaining({ written: 0 }));
  expect(map.clear()).toBe(written);
  map.setMany(entries.slice(0, written));
  map.verify();
  map.close();
});

describe("a list whose iterator or codec", () => {
  test("throws changes nothing, and is closed", () => {
    const map = new MassTreeInline();
    let isClosed = false;
    function* entries(): Generator<[string, number]> {
      try {
        yield ["a", 1];
        yield ["b", "none" as never];
      } finally {
        isClosed = true;
      }
    }
    expect(() => map.setMany(entries())).toThrow(
      expect.objectContaining({ code: "MASSTREE_BAD_VALUE" }),
    );
    expect(isClosed).toBe(true);
    expect(map.size).toBe(0);
    map.close();
  });

  test("closes the map is refused", () => {
    const closed = expect.objectContaining({ code: "MASSTREE_CLOSED" });
    for (const call of [
      (map: MassTreeInline, keys: Iterable<string>) => map.getMany(keys),
      (map: MassTreeInline, keys: Iterable<string>) => map.hasMany(keys),
      (map: MassTreeInline, keys: Iterable<string>) => map.deleteMany(keys),
      (map: MassTreeInline, keys: Iterable<string>) =>
        map.setMany([...keys].map((key): [string, number] => [key, 1])),
    ]) {
      const map = new MassTreeInline();
      function* keys(): Generator<string> {
        yield "a";
        map.close();
        yield "b";
      }
      expect(() => call(map, keys())).toThrow(closed);
    }
  });

  test("changes keys and uses the map gets what it was given", () => {
    const map = new MassTree<string, Uint8Array>({
      key: "bytes",
      value: {
        encode(value: string) {
          if (value === "two") map.set(Uint8Array.of(9), "the codec's");
          return new TextEncoder().encode(value);
        },
        decode: (bytes) => new TextDecoder().decode(bytes),
      },
    });
    const key = Uint8Array.of(1);
    function* entries(): Generator<[Uint8Array, string]> {
      yield [key, "one"];
      key[0] = 2;
      yield [key, "two"];
      key[0] = 3;
    }
    map.setMany(entries());
    expect([...map]).toEqual([
      [Uint8Array.of(1), "one"],
      [Uint8Array.of(2), "two"],
      [Uint8Array.of(9), "the codec's"],
    ]);
    function* keys(): Generator<Uint8Array> {
      for (const byte of [1, 2, 3]) {
        key[0] = byte;
        yield key;
      }
    }
    expect(map.getMany(keys())).toEqual(["one", "two", undefined]);
    expect(map.deleteMany(keys())).toBe(2);
    map.close();
  });
});

test("a pop whose codec cannot read the value has removed the entry", () => {
  let isBroken = false;
  const map = new MassTree<string>({
    value: {
      encode: (value: string) => new TextEncoder().encode(value),
      decode(bytes) {
        if (isBroken) throw new RangeError("no");
        return new TextDecoder().decode(bytes);
      },
    },
  });
  map.set("a", "1").set("b", "2");
  isBroken = true;
  expect(() => map.popFirst()).toThrow(RangeError);
  isBroken = false;
  expect([...map]).toEqual([["b", "2"]]);
  map.close();
});

test("a range whose members close the map is refused", () => {
  const closed = expect.objectContaining({ code: "MASSTREE_CLOSED" });
  for (const name of ["first", "last", "popFirst", "popLast", "count", "clear"] as const) {
    const map = new MassTreeInline();
    map.set("a", 1);
    const range = {
      get limit() {
        map.close();
        return 1;
      },
    };
    expect(() => map[name](range)).toThrow(closed);
  }
});

test("an offset passes many entries by, long values too, and pages add up", () => {
  const map = new MassTree({ value: "bytes" });
  for (let i = 0; i < 1500; i++) {
    map.set(`k${String(i).padStart(5, "0")}`, new Uint8Array(i % 7 === 0 ? 3000 : 2).fill(i));
  }
  const all = [...map.keys()];
  for (const reverse of [false, true]) {
    const pages: string[] = [];
    for (let offset = 0; offset < 1600; offset += 400) {
      pages.push(...map.keys({ offset, limit: 400, reverse }));
    }
    expect(pages).toEqual(reverse ? [...all].reverse() : all);
  }
  const [entry] = map.entries({ offset: 1400 });
  expect(entry![0]).toBe(all[1400]);
  expect(Buffer.compare(entry![1], map.get(all[1400]!)!)).toBe(0);
  expect(map.last({ limit: 700, offset: 3 })![0]).toBe(all[702]);
  expect(map.popLast({ limit: 700, offset: 3 })![0]).toBe(all[702]);
  expect(map.count({ gt: all[700] })).toBe(798);
  map.close();
});

test("while another object of the map pops, nothing is popped twice and nothing is left", () => {
  const map = new MassTreeInline({ value: "u32" });
  for (let i = 0; i < 100; i++) map.set(`k${100 + i}`, i);
  const other = MassTreeInline.attach<number>(map.handle);
  const seen: number[] = [];
  // A pop of this map looks at entries that the other one takes before it does.
  const range = {
    get limit() {
      for (const _ of [1, 2, 3]) seen.push(other.popFirst()?.[1] ?? -1);
      return 5;
    },
  };
  for (let i = 0; i < 25; i++) seen.push(map.popFirst(range)![1]);
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(map.popFirst()).toBe(undefined);
  other.close();
  map.close();
});
