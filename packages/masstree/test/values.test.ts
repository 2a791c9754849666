import "./debug.ts";
import { treeOf, verify } from "@masstree/tree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MassTree } from "../src/index.ts";

describe("json", () => {
  test("returns what JSON.parse returns", () => {
    const map = new MassTree();
    const values = [null, true, 0, -1.5, "", "text", "\ud800", [], [1, [2]], {}, { a: { b: "ü" } }];
    for (const value of values) expect(map.set("key", value).get("key")).toEqual(value);
    expect(map.set("key", new Date(0)).get("key")).toBe("1970-01-01T00:00:00.000Z");
    expect(map.set("key", { gone: undefined }).get("key")).toEqual({});
    expect(map.size).toBe(1);
    verify(map);
    map.close();
  });

  test("numbers are the same, however JSON writes them", () => {
    const map = new MassTree<number, number>({ key: "number" });
    const numbers = [
      0, -0, 1, 7, 10, 0.5, 1e3, 123456, 1234567, 12345678, -1, -1234567, 1e21, 1e-7,
    ];
    numbers.push(2 ** 53 - 1, 2 ** 53, 123456789012345, 1234567890123456, 12345678901234567000);
    for (const [i, number] of numbers.entries()) {
      map.set(i, number);
      expect(map.get(i)).toBe(JSON.parse(JSON.stringify(number)));
    }
    expect([...map.values()]).toEqual(numbers.map((number) => number + 0));
    fc.assert(
      fc.property(
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()),
        (n) => {
          expect(map.set(0, n).get(0)).toBe(JSON.parse(JSON.stringify(n)));
        },
      ),
    );
    verify(map);
    map.close();
  });

  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["a bigint", 1n],
    ["a bigint deep inside", { a: [1n] }],
    ["a cycle", cyclic],
    ["toJSON that gives nothing", { toJSON() {} }],
  ])("refuses %s and does not change the map", (_, value) => {
    const map = new MassTree().set("there", 1);
    const refused = expect.objectContaining({ code: "MASSTREE_BAD_VALUE" });
    expect(() => map.set("there", value)).toThrow(refused);
    expect(() => map.set("new", value)).toThrow(refused);
    expect([...map]).toEqual([["there", 1]]);
    verify(map);
    map.close();
  });

  test("a value is a copy", () => {
    const map = new MassTree<{ list: number[] }>();
    const value = { list: [1] };
    map.set("key", value);
    value.list.push(2);
    map.get("key")!.list.push(3);
    expect(map.get("key")).toEqual({ list: [1] });
    verify(map);
    map.close();
  });
});

describe("utf8", () => {
  test.each([
    "",
    "a",
    "ü",
    "\ufeffbyte order mark",
    "😀",
    "x".repeat(48),
    "x".repeat(49),
    "é".repeat(40),
  ])("gives back %j", (value) => {
    const map = new MassTree({ value: "utf8" });
    expect(map.set("key", value).get("key")).toBe(value);
    expect([...map.values()]).toEqual([value]);
    verify(map);
    map.close();
  });

  test.each<[string, unknown]>([
    ["a number", 1],
    ["undefined", undefined],
    ["a String object", new String("a")],
    ["a lone surrogate", "\ud800"],
    ["a lone surrogate in long text", `${"x".repeat(70000)}\udc00`],
  ])("refuses %s", (_, value) => {
    const map = new MassTree({ value: "utf8" });
    const refused = expect.objectContaining({ code: "MASSTREE_BAD_VALUE" });
    expect(() => map.set("key", value as string)).toThrow(refused);
    expect(map.size).toBe(0);
    verify(map);
    map.close();
  });
});

describe("bytes", () => {
  test("are copied in and out", () => {
    const map = new MassTree({ value: "bytes" });
    const value = Uint8Array.of(1, 2, 3);
    map.set("key", value);
    value[0] = 9;
    const found = map.get("key")!;
    expect(found).toEqual(Uint8Array.of(1, 2, 3));
    expect(found.buffer).toBeInstanceOf(ArrayBuffer);
    expect(found.buffer.byteLength).toBe(3);
    found[1] = 9;
    expect(map.get("key")).toEqual(Uint8Array.of(1, 2, 3));
    const [scanned] = map.values();
    scanned![2] = 9;
    expect([...map.values()]).toEqual([Uint8Array.of(1, 2, 3)]);
    verify(map);
    map.close();
  });

  test("may be part of a buffer, a Buffer, or shared", () => {
    const map = new MassTree({ value: "bytes" });
    const part = new Uint8Array(Uint8Array.of(0, 1, 2, 3).buffer, 1, 2);
    const shared = new Uint8Array(new SharedArrayBuffer(100)).fill(7);
    map.set("part", part).set("Buffer", Buffer.from("abc")).set("shared", shared);
    expect(map.get("part")).toEqual(Uint8Array.of(1, 2));
    expect(map.get("Buffer")).toEqual(Uint8Array.of(97, 98, 99));
    expect(map.get("shared")).toEqual(new Uint8Array(100).fill(7));
    verify(map);
    map.close();
  });

  test("must be a Uint8Array", () => {
    const map = new MassTree({ value: "bytes" });
    const transferred = new Uint8Array(4);
    structuredClone(transferred, { transfer: [transferred.buffer] });
    for (const value of ["a", [1], new Uint16Array(1), new ArrayBuffer(1), null, transferred]) {
      const refused = expect.objectContaining({ code: "MASSTREE_BAD_VALUE" });
      expect(() => map.set("key", value as Uint8Array)).toThrow(refused);
    }
    expect(map.size).toBe(0);
    verify(map);
    map.close();
  });
});

describe("sizes", () => {
  const patterned = (length: number) =>
    Uint8Array.from({ length }, (_, i) => (i * 31 + length) % 251);

  test("of any number of bytes are read whole, by key and by scan", () => {
    const map = new MassTree<Uint8Array, number>({ key: "number", value: "bytes" });
    const lengths = [
      0, 1, 3, 4, 5, 7, 8, 12, 20, 63, 64, 65, 127, 128, 129, 1000, 4083, 4084, 4085,
    ];
    lengths.push(8116, 8117, 32768, 65535, 65536, 65537, 100000, 131072, 200000);
    for (const length of lengths) map.set(length, patterned(length));
    for (const length of lengths) expect(map.get(length)).toEqual(patterned(length));
    expect([...map].map(([length, bytes]) => [length, bytes.length])).toEqual(
      lengths.map((n) => [n, n]),
    );
    for (const [length, bytes] of map.entries({ reverse: true }))
      expect(bytes).toEqual(patterned(length));
    expect(map.first()).toEqual([0, new Uint8Array(0)]);
    expect(map.last()).toEqual([200000, patterned(200000)]);
    verify(map);
    for (const length of lengths) map.set(length, patterned((length * 7) % 90001));
    for (const length of lengths) expect(map.get(length)).toEqual(patterned((length * 7) % 90001));
    verify(map);
    for (const length of lengths) expect(map.delete(length)).toBe(true);
    verify(map);
    map.close();
  });

  test("may change between none, a few bytes and many, and old values are freed", () => {
    const map = new MassTree({ value: "bytes" });
    const lengths = [0, 7, 8, 6, 70000, 1, 65537, 7, 65536, 0, 100, 3];
    for (const length of lengths) {
      map.set("key", patterned(length)).set("other", patterned(length + 1));
      expect(map.get("key")).toEqual(patterned(length));
      expect([...map.values()]).toEqual([patterned(length), patterned(length + 1)]);
      verify(map);
    }
    map.clear();
    expect(treeOf(map).exports.quiesce()).toBe(1);
    verify(map);
    map.close();
  });

  test("of 50 MB can be read, replaced and deleted", () => {
    const map = new MassTree({ value: "bytes" });
    const large = new Uint8Array(50e6);
    for (let i = 0; i < large.length; i += 4096) large[i] = i / 4096;
    map.set("large", large).set("small", Uint8Array.of(1));
    expect(Buffer.compare(map.get("large")!, large)).toBe(0);
    expect([...map.values()].map((value) => value.length)).toEqual([50e6, 1]);
    map.set("large", Uint8Array.of(2));
    expect(map.get("large")).toEqual(Uint8Array.of(2));
    treeOf(map).exports.quiesce();
    // The room is used again.
    const before = map.handle.memory.buffer.byteLength;
    for (let i = 0; i < 5; i++) {
      map.set("large", large);
      map.delete("large");
      treeOf(map).exports.quiesce();
    }
    expect(map.handle.memory.buffer.byteLength).toBe(before);
    verify(map);
    map.close();
  });

  test("of a string are those of its UTF-8 bytes", () => {
    const map = new MassTree({ value: "utf8" });
    for (const length of [5461, 5462, 16384, 21845, 65536, 65537, 1e6]) {
      for (const unit of ["x", "é", "語", "😀"]) {
        const value = unit.repeat(length);
        expect(map.set("key", value).get("key") === value).toBe(true);
      }
    }
    verify(map);
    map.close();
  });

  test("in a growing memory are read through every attached map", () => {
    const map = new MassTree({ value: "bytes", initialBytes: 2 ** 20 });
    const other = MassTree.attach<Uint8Array>(map.handle);
    other.set("first", patterned(10));
    for (let i = 0; i < 40; i++) map.set(`key ${i}`, patterned(70000 + i));
    for (let i = 0; i < 40; i++) expect(other.get(`key ${i}`)).toEqual(patterned(70000 + i));
    expect([...other.values({ prefix: "key" })]).toHaveLength(40);
    other.close();
    verify(map);
    map.close();
  });
});
