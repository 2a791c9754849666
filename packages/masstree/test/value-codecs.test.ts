// The value codecs beyond JSON, text and bytes: what they keep, what they refuse, and what hostile values and
// codecs can do.
import "./debug.ts";
import zlib from "node:zlib";
import { verify } from "@masstree/tree";
import { afterEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { compressed, MassTree, type MassTreeErrorCode, type ValueCodec } from "../src/index.ts";
import { msgpack } from "../src/msgpack.ts";

const throws = (code: MassTreeErrorCode) => expect.objectContaining({ code });

test("the types of values follow from the codec", () => {
  const structured = new MassTree<Map<string, Date>>({ value: "structured" });
  expectTypeOf(structured.get("a")).toEqualTypeOf<Map<string, Date> | undefined>();
  const short = new MassTree({ value: compressed("utf8"), key: "number" });
  expectTypeOf(short).toEqualTypeOf<MassTree<string, number>>();
  const packed = new MassTree({ value: msgpack<{ a: number }>() });
  expectTypeOf(packed.get("a")).toEqualTypeOf<{ a: number } | undefined>();
  const both = new MassTree({ value: compressed(msgpack<number[]>()) });
  expectTypeOf(both.first()).toEqualTypeOf<[string, number[]] | undefined>();
  const lossy = new MassTree<number>({ value: "lossy-json" });
  for (const map of [structured, short, packed, both, lossy]) map.close();
});

describe("json", () => {
  const losses: [what: string, value: unknown, message: RegExp][] = [
    ["NaN", Number.NaN, /null for NaN\./],
    ["Infinity", Infinity, /null for Infinity\./],
    ["NaN within", { a: [1, { b: Number.NaN }] }, /null for NaN at "b"/],
    ["undefined in an array", [1, undefined], /null for undefined at "1"/],
    ["a hole", new Array(1), /null for undefined at "0"/],
    ["a function in an array", [() => 1], /null for a function at "0"/],
    ["a symbol in an array", { a: [Symbol("s")] }, /null for a symbol at "0"/],
    ["NaN that toJSON returns", { toJSON: () => Number.NaN }, /null for NaN/],
    ["a loss beside nulls", { a: null, b: [null, Number.NaN] }, /null for NaN at "1"/],
  ];

  test.each(losses)("refuses %s, which would come back as null", (_, value, message) => {
    const map = new MassTree().set("there", 1);
    for (const key of ["there", "new"]) {
      expect(() => map.set(key, value)).toThrow(throws("MASSTREE_BAD_VALUE"));
      expect(() => map.set(key, value)).toThrow(message);
      expect(() => map.replace(key, value)).toThrow(throws("MASSTREE_BAD_VALUE"));
    }
    expect([...map]).toEqual([["there", 1]]);
    verify(map);
    map.close();
  });

  test.each(losses)('with "lossy-json" writes %s as null', (_, value) => {
    const map = new MassTree({ value: "lossy-json" });
    map.set("a", value);
    expect(map.get("a")).toEqual(JSON.parse(JSON.stringify(value)));
    const same = MassTree.attach(map.handle);
    expect(same.set("b", value).get("b")).toEqual(map.get("a"));
    same.close();
    map.close();
  });

  test("keeps nulls, the text null, and members that are undefined out", () => {
    const map = new MassTree();
    for (const value of [null, [null], { a: null, b: "null" }, "null", { null: 1 }]) {
      expect(map.set("a", value).get("a")).toEqual(value);
    }
    expect(map.set("a", { a: undefined, b: null }).get("a")).toEqual({ b: null });
    expect(map.set("a", new Date(Number.NaN)).get("a")).toBe(null);
    map.close();
  });

  test("code of the value that throws only the second time is reported, too", () => {
    let calls = 0;
    const value = {
      nothing: null,
      toJSON() {
        if (++calls === 2) throw new Error("second");
        return [null];
      },
    };
    const map = new MassTree();
    expect(() => map.set("a", value)).toThrow(/cannot be written as JSON: second/);
    expect(map.size).toBe(0);
    map.close();
  });
});

describe("structured", () => {
  test("keeps what a structured clone keeps", () => {
    const cyclic: Record<string, unknown> = { a: 1 };
    cyclic.self = cyclic;
    const values = [
      ...[null, Number.NaN, -0, Infinity, 2n ** 100n, "\ud800", "", true],
      ...[new Date(5), new Date(Number.NaN), /a+/gi, new Map([[{ k: 1 }, new Set([1n])]])],
      ...[
        new Float64Array([1, Number.NaN]),
        new Uint8Array(3).buffer,
        new DataView(new ArrayBuffer(2)),
      ],
      ...[{ a: undefined, b: [undefined] }, cyclic, new Array(3), new Uint8Array(100_000).fill(7)],
    ];
    const map = new MassTree<unknown, number>({ key: "number", value: "structured" });
    for (const [i, value] of values.entries()) map.set(i, value);
    for (const [i, value] of values.entries())
      expect(map.get(i)).toStrictEqual(structuredClone(value));
    expect([...map.values()]).toStrictEqual(values.map((value) => structuredClone(value)));
    const error = new RangeError("far", { cause: 5 });
    expect(map.set(0, { error }).get(0)).toStrictEqual({ error });
    verify(map);
    map.close();
  });

  test("what it returns is nobody else's: typed arrays are not views of what is read next", () => {
    const map = new MassTree<Float64Array>({ value: "structured" });
    for (let i = 0; i < 50; i++) map.set(`k${i + 10}`, new Float64Array([i, i, i]));
    const kept = map.get("k10")!;
    const all = [...map.values()];
    for (let i = 0; i < 50; i++) map.get(`k${i + 10}`)![0] = -1;
    expect(kept).toEqual(new Float64Array([0, 0, 0]));
    expect(all.map(([first]) => first)).toEqual(all.map((_, i) => i));
    all[3]!.fill(-5);
    expect(map.get("k13")).toEqual(new Float64Array([3, 3, 3]));
    map.close();
  });

  test("refuses what cannot be cloned, and what would be no value", () => {
    const map = new MassTree({ value: "structured" }).set("there", 1);
    const bad = [undefined, () => 1, Symbol("a"), { f() {} }, new WeakMap(), new Proxy({}, {})];
    for (const value of [...bad, new SharedArrayBuffer(1), map.handle.memory, map.handle]) {
      expect(() => map.set("there", value)).toThrow(throws("MASSTREE_BAD_VALUE"));
    }
    const mine = new Error("mine");
    const thrower = {
      get a() {
        throw mine;
      },
    };
    expect(() => map.set("there", thrower)).toThrow(expect.objectContaining({ cause: mine }));
    expect([...map]).toEqual([["there", 1]]);
    verify(map);
    map.close();
  });

  test("a getter that uses the map, or closes it", () => {
    const map = new MassTree<unknown>({ value: "structured" });
    const other = MassTree.attach<unknown>(map.handle);
    const value = {
      a: 1,
      get b() {
        map.set("inner", { c: "c".repeat(5000) });
        return map.get("inner");
      },
    };
    map.set("outer", value);
    expect(map.get("outer")).toEqual({ a: 1, b: { c: "c".repeat(5000) } });
    const closing = {
      get a() {
        map.close();
        return 1;
      },
    };
    expect(() => map.set("closing", closing)).toThrow(throws("MASSTREE_CLOSED"));
    expect([...other.keys()]).toEqual(["inner", "outer"]);
    verify(other);
    other.close();
  });

  test("names itself in the handle", () => {
    const map = new MassTree<bigint>({ value: "structured" });
    map.set("a", 5n);
    const same = MassTree.attach<bigint>(structuredClone(map.handle), { value: "structured" });
    expect(same.get("a")).toBe(5n);
    expect(() => MassTree.attach(map.handle, { value: "json" })).toThrow(
      throws("MASSTREE_BAD_OPTION"),
    );
    same.close();
    map.close();
  });
});

describe("without Node's modules", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test.each([
    ["no process", undefined],
    ["a process of a bundler's", { env: {} }],
    ["an engine that has none of them", { getBuiltinModule: () => undefined }],
    [
      "an engine that throws",
      {
        getBuiltinModule() {
          throw new Error("not supported");
        },
      },
    ],
  ])("%s: refuses, and says what to use", async (_, process) => {
    // node:v8 may be known to the module already.
    vi.resetModules();
    const fresh = await import("../src/index.ts");
    const map = new MassTree({ value: "structured" });
    vi.stubGlobal("process", process);
    const uses = [
      () => new fresh.MassTree({ value: "structured" }),
      () => fresh.MassTree.attach(map.handle),
      () => fresh.compressed("json"),
      () => fresh.compressed("structured"),
    ];
    for (const use of uses) expect(use).toThrow(throws("MASSTREE_UNSUPPORTED"));
    expect(uses[0]).toThrow(/need node:v8, which Node, Bun and Deno have/);
    expect(uses[2]).toThrow(/CompressionStream of browsers is asynchronous/);
    vi.unstubAllGlobals();
    expect(map.stats().participants).toHaveLength(1);
    map.close();
  });
});

describe("compressed", () => {
  const long = { text: "abc ".repeat(10_000) };

  test.each(["deflate", "brotli"] as const)("%s: long values take less room", (method) => {
    const map = new MassTree({ value: compressed("json", { method }) });
    const before = map.stats().liveBytes;
    map.set("long", long);
    expect(map.get("long")).toEqual(long);
    expect(map.stats().liveBytes - before).toBeLessThan(2000);
    expect(map.set("short", { a: 1 }).get("short")).toEqual({ a: 1 });
    verify(map);
    map.close();
  });

  test("values that do not get shorter are kept as they are", () => {
    const codec = compressed("bytes", { from: 0 });
    for (const value of [
      new Uint8Array(),
      Uint8Array.of(0),
      zlib.deflateRawSync(Buffer.from("a")),
    ]) {
      const bytes = codec.encode(new Uint8Array(value));
      expect(bytes).toEqual(Uint8Array.of(0, ...value));
      expect(codec.decode(bytes)).toEqual(new Uint8Array(value));
    }
  });

  test("values from the given length on are compressed", () => {
    const codec = compressed("utf8", { from: 100 });
    expect(codec.encode("a".repeat(99))[0]).toBe(0);
    expect(codec.encode("a".repeat(100))[0]).toBe(1);
    expect(compressed("utf8", { from: 100, method: "brotli" }).encode("a".repeat(100))[0]).toBe(2);
    expect(compressed("utf8", { level: 0 }).encode("a".repeat(5000))[0]).toBe(0);
    for (const text of ["", "ü".repeat(99), "😀".repeat(70_000)]) {
      expect(codec.decode(codec.encode(text))).toBe(text);
    }
  });

  test("works over every codec, also another one of its own", () => {
    const bytes = new Uint8Array(5000).fill(3);
    expect(compressed("bytes").decode(compressed("bytes").encode(bytes))).toEqual(bytes);
    const clones = compressed("structured");
    const value = new Map([["a", new Float64Array(500)]]);
    expect(clones.decode(clones.encode(value))).toEqual(value);
    const twice = compressed(compressed(msgpack<number[]>()));
    const numbers = Array.from({ length: 2000 }, (_, i) => i % 3);
    expect(twice.decode(twice.encode(numbers))).toEqual(numbers);
  });

  test("what the codec within refuses or throws reaches the caller", () => {
    const mine = new Error("mine");
    const thrower: ValueCodec<string> = {
      encode() {
        throw mine;
      },
      decode() {
        throw mine;
      },
    };
    const map = new MassTree<string>({ value: compressed(thrower) });
    expect(() => map.set("a", "a")).toThrow(mine);
    expect(() => compressed(thrower).decode(Uint8Array.of(0, 1))).toThrow(mine);
    const numbers = new MassTree({ value: compressed("json") });
    expect(() => numbers.set("a", Number.NaN)).toThrow(throws("MASSTREE_BAD_VALUE"));
    const wrong = compressed({ encode: () => "text" as never, decode: () => 1 });
    expect(() => wrong.encode(1)).toThrow(throws("MASSTREE_BAD_VALUE"));
    expect(map.size + numbers.size).toBe(0);
    map.close();
    numbers.close();
  });

  test("a codec within that uses the map", () => {
    const map: MassTree<string> = new MassTree<string>({
      value: compressed<string>({
        encode(value) {
          if (value.startsWith("outer")) map.set("inner", "inner".repeat(3000));
          return Buffer.from(value);
        },
        decode(bytes) {
          const text = Buffer.from(bytes).toString();
          if (text.startsWith("outer")) map.delete("inner");
          return text;
        },
      }),
    });
    map.set("key", "outer".repeat(3000));
    expect(map.get("inner")).toBe("inner".repeat(3000));
    expect(map.get("key")).toBe("outer".repeat(3000));
    expect(map.size).toBe(1);
    verify(map);
    map.close();
  });

  test("a value whose array is changed or spoilt while it is written", () => {
    const bytes = new Uint8Array(5000).fill(1);
    for (const name of ["buffer", "byteOffset", "length", "subarray"]) {
      Object.defineProperty(bytes, name, { get: () => 1 });
    }
    const codec = compressed("bytes");
    expect(codec.decode(codec.encode(bytes))).toEqual(new Uint8Array(5000).fill(1));
  });

  test.each<[unknown, unknown?]>([
    ["jsn"],
    [undefined],
    [{ encode() {} }],
    ["json", null],
    ["json", { from: -1 }],
    ["json", { from: 1.5 }],
    ["json", { from: "1" }],
    ["json", { method: "gzip" }],
    ["json", { level: 10 }],
    ["json", { method: "brotli", level: 12 }],
    ["json", { level: -1 }],
    ["json", { form: 1 }],
  ])("refuses %s with %s", (codec, options) => {
    expect(() => compressed(codec as "json", options as object)).toThrow(
      throws("MASSTREE_BAD_OPTION"),
    );
  });
});

describe("msgpack", () => {
  test("keeps dates, bytes, bigints and numbers that JSON cannot write", () => {
    const map = new MassTree<unknown>({ value: msgpack() });
    const values = [
      ...[null, Number.NaN, Infinity, 5n, -(2n ** 63n), new Date(5), Uint8Array.of(1), "ü", [null]],
      ...[new Set([1, "a"]), new Float64Array([1.5]), /a/g, { a: { b: [1] } }, "x".repeat(100_000)],
    ];
    for (const value of values) {
      const got = map.set("a", value).get("a");
      if (value instanceof Uint8Array) expect(new Uint8Array(got as Uint8Array)).toEqual(value);
      else expect(got).toEqual(value);
    }
    verify(map);
    map.close();
  });

  test("a value that uses the map while it is packed", () => {
    const map = new MassTree<unknown>({ value: msgpack() });
    const value = {
      a: 1,
      get b() {
        map.set("inner", { c: "c".repeat(20_000) });
        return map.get("inner");
      },
      d: "d".repeat(5000),
    };
    map.set("outer", value);
    const inner = { c: "c".repeat(20_000) };
    expect(map.get("outer")).toEqual({ a: 1, b: inner, d: "d".repeat(5000) });
    expect(map.get("inner")).toEqual(inner);
    verify(map);
    map.close();
  });

  test("after a value that could not be packed, the next one can", () => {
    const map = new MassTree<unknown>({ value: msgpack() });
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const mine = new Error("mine");
    const thrower = {
      a: "a".repeat(100),
      get b() {
        throw mine;
      },
    };
    expect(() => map.set("a", thrower)).toThrow(expect.objectContaining({ cause: mine }));
    for (const bad of [undefined, () => 1, Symbol("a"), cyclic]) {
      expect(() => map.set("a", bad)).toThrow(throws("MASSTREE_BAD_VALUE"));
      expect(map.set("b", { ok: [1, 2] }).get("b")).toEqual({ ok: [1, 2] });
    }
    expect(map.has("a")).toBe(false);
    map.close();
  });

  test("refuses options that one thread learns and others do not", () => {
    for (const name of ["structures", "getStructures", "saveStructures", "sequential"]) {
      expect(() => msgpack({ [name]: [] } as object)).toThrow(throws("MASSTREE_BAD_OPTION"));
    }
    expect(() => msgpack(null as never)).toThrow(throws("MASSTREE_BAD_OPTION"));
    const records = msgpack<{ a: Map<string, number> }>({ useRecords: true });
    const value = { a: new Map([["b", 1]]) };
    expect(records.decode(Uint8Array.from(records.encode(value)))).toEqual(value);
  });
});
