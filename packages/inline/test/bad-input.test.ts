import "./debug.ts";
import { verify } from "@masstree/tree";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type KeyType, type MassTreeErrorCode, MassTreeInline } from "../src/index.ts";

const throws = (code: MassTreeErrorCode) => expect.objectContaining({ code });
const detached = new Uint8Array(4);
structuredClone(detached, { transfer: [detached.buffer] });

const tooLong = "x".repeat(65537);
const wrongTypes: Record<string, unknown[]> = {
  string: [1, 1n, null, undefined, {}, [], Symbol("a"), new Uint8Array(1), new String("a"), true],
  bytes: ["a", 1, null, undefined, [1], new Uint16Array(1), new ArrayBuffer(1), detached],
  number: ["1", 1n, null, undefined, Number.NaN, new Date(0), {}],
  bigint: [1, "1", null, undefined, 2n ** 63n, -(2n ** 63n) - 1n],
};
const present: Record<string, KeyType> = {
  string: "a",
  bytes: Uint8Array.of(1),
  number: 1,
  bigint: 1n,
};

describe.each(Object.keys(wrongTypes))("a map with %s keys", (kind) => {
  let map: MassTreeInline<number, KeyType>;

  beforeEach(() => {
    map = new MassTreeInline<number, KeyType>({ key: kind } as never);
    map.set(present[kind]!, 1);
  });

  afterEach(() => {
    expect([...map]).toEqual([[present[kind], 1]]);
    verify(map);
    map.close();
  });

  const methods = ["get", "has", "delete", "set"] as const;
  test.each(wrongTypes[kind]!.map((key) => ({ key })))("refuses wrong key number %#", ({ key }) => {
    for (const method of methods) {
      expect(() => map[method](key as never, 2)).toThrow(throws("MASSTREE_BAD_KEY"));
    }
  });

  test.runIf(kind === "string" || kind === "bytes")("refuses keys that are too long", () => {
    const key = kind === "string" ? tooLong : new Uint8Array(65537);
    const halves = kind === "string" ? "é".repeat(32769) : key;
    for (const method of methods) {
      expect(() => map[method](key, 2)).toThrow(throws("MASSTREE_KEY_TOO_LONG"));
      expect(() => map[method](halves, 2)).toThrow(throws("MASSTREE_KEY_TOO_LONG"));
    }
  });
});

test.each(["\ud800", "a\udc00b", "\udc00\ud800", `${"x".repeat(100)}\ud83d`])(
  "the string %j, which has a lone surrogate, is refused as a key",
  (key) => {
    const map = new MassTreeInline();
    for (const method of ["get", "has", "delete", "set"] as const) {
      expect(() => map[method](key, 2)).toThrow(throws("MASSTREE_BAD_KEY"));
    }
    expect(map.size).toBe(0);
    verify(map);
    map.close();
  },
);

test("keys of 0 to 65,536 bytes are accepted", () => {
  const map = new MassTreeInline({ value: "u32" });
  const lengths = [0, 1, 7, 8, 9, 63, 64, 65, 1000, 65528, 65535, 65536];
  for (const length of lengths) map.set("k".repeat(length), length);
  expect([...map]).toEqual(lengths.map((length) => ["k".repeat(length), length]));
  expect([...map.keys({ reverse: true, limit: 2 })].map((key) => key.length)).toEqual([
    65536, 65535,
  ]);
  expect([...map.values({ gt: "k".repeat(65535) })]).toEqual([65536]);
  expect([...map.values({ prefix: "k".repeat(65528) })]).toEqual([65528, 65535, 65536]);
  for (const length of lengths) expect(map.get("k".repeat(length))).toBe(length);
  for (const length of lengths) expect(map.delete("k".repeat(length))).toBe(true);
  expect(map.size).toBe(0);
  verify(map);
  map.close();
});

describe("options", () => {
  test.each<[string, unknown]>([
    ["null", null],
    ["a number", 1],
    ["a misspelt one", { valeu: "u32" }],
    ["a value kind that does not exist", { value: "u16" }],
    ["a value kind of MassTree", { value: "json" }],
    ["a value kind of that name on every object", { value: "constructor" }],
    ["a codec", { value: { encode() {}, decode() {} } }],
    ["a key kind that does not exist", { key: "u32" }],
    ["a test's width", { width: 5 }],
  ])("are not %s", (_, options) => {
    expect(() => new MassTreeInline(options as never)).toThrow(throws("MASSTREE_BAD_OPTION"));
  });
});

describe("attach", () => {
  test("takes the kinds of key and value from the handle", () => {
    const map = new MassTreeInline({ key: "bigint", value: "i64" });
    const other = MassTreeInline.attach<bigint, bigint>(map.handle);
    other.set(-5n, -6n);
    expect(map.get(-5n)).toBe(-6n);
    expect(other.handle).toEqual(map.handle);
    expect(() => other.set(1n, 1 as never)).toThrow(throws("MASSTREE_BAD_VALUE"));
    verify(other);
    other.close();
    map.close();
  });

  test("refuses a handle with another kind of value", () => {
    const map = new MassTreeInline();
    const handle = { ...map.handle, value: "u64" };
    expect(() => MassTreeInline.attach(handle)).toThrow(throws("MASSTREE_BAD_HANDLE"));
    map.close();
  });
});
