import "./debug.ts";
import { verify } from "@masstree/tree";
import { describe, expect, test } from "vitest";
import { type KeyType, MassTree, type MassTreeErrorCode, MassTreeInline } from "../src/index.ts";

const throws = (code: MassTreeErrorCode) => expect.objectContaining({ code });

describe.each<[string, KeyType, unknown[]]>([
  ["string", "a", [1, 1n, null, undefined, {}, "\ud800", Symbol("a")]],
  ["bytes", Uint8Array.of(1), ["a", null, [1], new Uint16Array(1)]],
  ["number", 1, ["1", 1n, Number.NaN, undefined]],
  ["bigint", 1n, [1, "1", 2n ** 63n]],
])("a map with %s keys", (kind, present, wrong) => {
  test("refuses keys of other types, and stays unchanged", () => {
    const map = new MassTree<unknown, KeyType>({ key: kind } as never);
    map.set(present, { a: 1 });
    for (const key of wrong) {
      for (const method of ["get", "has", "delete", "set"] as const) {
        expect(() => map[method](key as never, 2)).toThrow(throws("MASSTREE_BAD_KEY"));
      }
      const range = { gte: key === undefined ? null : key };
      expect(() => map.keys(range as never)).toThrow(throws("MASSTREE_BAD_RANGE"));
    }
    if (kind === "string") {
      const key = "x".repeat(65537);
      for (const method of ["get", "has", "delete", "set"] as const) {
        expect(() => map[method](key, 2)).toThrow(throws("MASSTREE_KEY_TOO_LONG"));
      }
    }
    expect([...map]).toEqual([[present, { a: 1 }]]);
    verify(map);
    map.close();
  });
});

test.each<[string, unknown]>([
  ["null", null],
  ["a misspelt one", { vaule: "json" }],
  ["a codec that does not exist", { value: "msgpack" }],
  ["a value kind of MassTreeInline", { value: "f64" }],
  ["a value of that name on every object", { value: "toString" }],
  ["half a codec", { value: { encode() {} } }],
  ["a codec of no functions", { value: { encode: 1, decode: 2 } }],
  ["a function", { value: () => {} }],
  ["a width of no use", { width: 8 }],
  ["too much memory", { maxBytes: 2 ** 33 }],
  ["entries", [["a", 1]]],
  ["a Map", new Map([["a", 1]])],
])("options are not %s", (_, options) => {
  expect(() => new MassTree(options as never)).toThrow(throws("MASSTREE_BAD_OPTION"));
});

test("an iterable is refused as a range", () => {
  const map = new MassTree();
  for (const range of [[], new Map(), "abc"]) {
    expect(() => map.keys(range as never)).toThrow(throws("MASSTREE_BAD_RANGE"));
  }
  map.close();
});

test("a handle works only with its own class", () => {
  const boxed = new MassTree();
  const inline = new MassTreeInline();
  expect(() => MassTreeInline.attach(boxed.handle)).toThrow(
    /for the class MassTree\. Open it with MassTree\.attach/,
  );
  expect(() => MassTree.attach(inline.handle)).toThrow(/Open it with MassTreeInline\.attach/);
  expect(() => MassTree.attach(inline.handle)).toThrow(throws("MASSTREE_BAD_HANDLE"));
  expect(() => MassTree.attach(boxed as never)).toThrow(throws("MASSTREE_BAD_HANDLE"));
  const disguised = { ...inline.handle, masstree: "MassTree" as const, value: "json" };
  expect(() => MassTree.attach(disguised)).toThrow(throws("MASSTREE_BAD_HANDLE"));
  const recoded = { ...boxed.handle, value: "bytes" };
  expect(() => MassTree.attach(recoded)).toThrow(throws("MASSTREE_BAD_HANDLE"));
  verify(boxed);
  verify(inline);
  boxed.close();
  inline.close();
});

test("a closed map refuses everything but close, before any code of the caller runs", () => {
  const map = new MassTree();
  map.close();
  map.close();
  let ran = false;
  const value = {
    toJSON() {
      ran = true;
    },
  };
  const uses: (() => unknown)[] = [
    () => map.get("a"),
    () => map.set("a", value),
    () => map.has("a"),
    () => map.delete("a"),
    () => map.size,
    () => map.clear(),
    () => map.entries(),
    () => map.first(),
    () => map.last(),
    () => map.handle,
  ];
  for (const use of uses) expect(use).toThrow(throws("MASSTREE_CLOSED"));
  expect(ran).toBe(false);
});
