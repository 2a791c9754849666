// What a map looks like to console.log, JSON, deep comparison and structuredClone.
import "./debug.ts";
import assert from "node:assert";
import { inspect, isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import {
  date,
  keyCodec,
  LocalMassTree,
  MassTree,
  MassTreeInline,
  MassTreeSet,
  tuple,
} from "../src/index.ts";

describe("inspect", () => {
  test("shows the kind, the size and the entries", () => {
    const map = new MassTree<unknown>();
    expect(inspect(map)).toBe("MassTree(0) {}");
    map.set("b", 2).set("a", { x: [1] });
    expect(inspect(map)).toBe("MassTree(2) { 'a' => { x: [ 1 ] }, 'b' => 2 }");
    expect(inspect({ map })).toBe("{ map: MassTree(2) { 'a' => { x: [Array] }, 'b' => 2 } }");
    expect(inspect(map, { depth: -1 })).toBe("[MassTree(2)]");
    map.close();
    expect(inspect(map)).toBe("MassTree { <closed> }");
    const tuples = new MassTreeInline({ key: tuple("string", date) });
    tuples.set(["a", new Date(0)], 1.5);
    expect(inspect(tuples)).toBe("MassTreeInline(1) { [ 'a', 1970-01-01T00:00:00.000Z ] => 1.5 }");
    tuples.close();
  });

  test("is bounded, however large the map is", () => {
    const map = new MassTreeInline({ key: "number" });
    for (let i = 0; i < 5000; i++) map.set(i, i);
    const text = inspect(map);
    expect(text.split("\n")).toHaveLength(103);
    expect(text).toContain("\n  99 => 99,\n  ... 4900 more items\n}");
    expect(inspect(map, { maxArrayLength: 2 })).toBe(
      "MassTreeInline(5000) { 0 => 0, 1 => 1, ... 4998 more items }",
    );
    expect(inspect(map, { maxArrayLength: 0 })).toBe(
      "MassTreeInline(5000) { ... 5000 more items }",
    );
    expect(inspect(map, { maxArrayLength: Infinity }).split("\n")).toHaveLength(103);
    map.close();
  });

  test("never throws, whatever codecs do", () => {
    const fail = () => {
      throw new Error("mine");
    };
    const map = new MassTree<number>({ value: { encode: () => new Uint8Array(1), decode: fail } });
    map.set("a", 1);
    expect(inspect(map)).toBe("MassTree(1) { <unreadable> }");
    map.close();
    const key = keyCodec<string>({ name: "bad", encode: () => 0, decode: fail });
    const other = new MassTreeInline({ key });
    other.set("a", 1);
    expect(inspect(other)).toBe("MassTreeInline(1) { <unreadable> }");
    other.close();
    expect(inspect(MassTree.prototype)).toContain("OrderedMap");
  });
});

describe("toJSON", () => {
  test("gives entries, from which Map makes the same ones", () => {
    const map = new MassTree<number>();
    map.set("b", 2).set("a", 1);
    expect(JSON.stringify({ map })).toBe('{"map":[["a",1],["b",2]]}');
    expect([...new Map(JSON.parse(JSON.stringify(map)))]).toEqual([...map]);
    const nested = new MassTree<unknown>();
    nested.set("map", map);
    expect(nested.get("map")).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
    nested.close();
    map.close();
    expect(() => JSON.stringify(map)).toThrow(expect.objectContaining({ code: "MASSTREE_CLOSED" }));
  });
});

describe.each([
  ["MassTree", () => new MassTree<number>().set("a", 1)],
  ["MassTreeInline", () => new MassTreeInline().set("a", 1)],
  ["MassTreeSet", () => new MassTreeSet().add("a")],
  ["LocalMassTree", () => new LocalMassTree<number>().set("a", 1)],
])("%s", (_, create) => {
  test("is deeply equal to itself only", () => {
    const [one, other] = [create(), create()];
    expect(isDeepStrictEqual(one, one)).toBe(true);
    expect(isDeepStrictEqual(one, other)).toBe(false);
    expect(isDeepStrictEqual({ one }, { one: other })).toBe(false);
    expect(() => assert.deepStrictEqual(one, other)).toThrow(assert.AssertionError);
    expect(Object.keys(one)).toEqual([]);
    one.close();
    other.close();
  });

  // No property of an object can make the platform refuse it but one that Object.keys shows.
  test("is an empty object to structuredClone, as the README says", () => {
    const one = create();
    expect(structuredClone(one)).toStrictEqual({});
    one.close();
  });
});
