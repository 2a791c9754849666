// What the suite does not see of `fromSorted`: values of all sizes, codecs of the caller's, types, and memory that runs
// out at every allocation.
import "./debug.ts";
import { loaderOf, treeOf, verify } from "@masstree/tree";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  descending,
  LocalMassTree,
  MassTree,
  MassTreeInline,
  MassTreeSet,
  MassTreeUnsortedError,
  tuple,
} from "../src/index.ts";

const lengths = [0, 3, 7, 8, 100, 5000, 65_536, 65_537, 300_000];
const keys = lengths.map((length, i) => `a stem of several slices, ${i}: ${length}`);
const sized = keys.map((key, i): [string, Uint8Array] => [
  key,
  Uint8Array.from({ length: lengths[i]! }, (_, at) => (at * 31 + i) % 251),
]);

test("values of all sizes, which are given back when they go", () => {
  const map = MassTree.fromSorted(sized, { value: "bytes" });
  verify(map);
  expect([...map]).toEqual(sized);
  for (const [key, value] of sized) expect(map.take(key)).toEqual(value);
  const { exports } = treeOf(map);
  expect(exports.quiesce()).toBe(1);
  expect(exports.liveBlocks()).toBe(1);
  verify(map);
  map.close();
});

test("memory that runs out at any allocation: MASSTREE_FULL, and no map", () => {
  interface Faults {
    readonly failAfter: WebAssembly.Global<"i32">;
  }
  let failures = 0;
  for (let after = 0; ; after++) {
    let faults: Faults["failAfter"] | undefined;
    /** The first entry is asked for once there is a map. */
    function* entries(): Generator<[string, Uint8Array]> {
      for (const entry of sized) yield entry;
    }
    class Watched extends MassTree<Uint8Array> {
      constructor() {
        super({ value: "bytes" });
        faults = (treeOf(this).exports as unknown as Faults).failAfter;
        faults.value = after;
      }
    }
    const watched = new Watched();
    const loader = loaderOf(watched);
    let rest = 0;
    try {
      for (const [key, value] of entries()) loader.add(key, value);
      loader.finish();
      rest = faults!.value;
      faults!.value = -1;
      verify(watched);
      expect([...watched]).toEqual(sized);
    } catch (error) {
      expect(error).toMatchObject({ code: "MASSTREE_FULL" });
      failures++;
    }
    watched.close();
    if (rest > 0) break;
  }
  expect(failures).toBeGreaterThan(6);
});

test("keys are compared as they are stored", () => {
  const places = tuple("string", descending("number"));
  const board = MassTree.fromSorted<string, [string, number]>(
    [
      [["a", 9], "first"],
      [["a", 3], "second"],
      [["b", 5], "third"],
    ],
    { key: places },
  );
  expect([...board.values()]).toEqual(["first", "second", "third"]);
  board.close();
  const wrong = () =>
    MassTree.fromSorted<string, [string, number]>(
      [
        [["a", 3], ""],
        [["a", 9], ""],
      ],
      { key: places },
    );
  expect(wrong).toThrow(MassTreeUnsortedError);
});

describe("code of the caller's", () => {
  const own = new Error("the caller's own");
  const throwsAt = (at: number) => {
    let calls = 0;
    return {
      encode(value: string) {
        if (calls++ === at) throw own;
        return new TextEncoder().encode(value);
      },
      decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
    };
  };

  test("a codec that throws ends it, wherever it does", () => {
    const entries = Array.from({ length: 40 }, (_, i): [string, string] => [`key ${i + 10}`, "v"]);
    for (const at of [0, 1, 17, 39]) {
      expect(() => MassTree.fromSorted(entries, { value: throwsAt(at) })).toThrow(own);
    }
    const map = MassTree.fromSorted(entries, { value: throwsAt(40) });
    expect(map.size).toBe(40);
    map.close();
  });

  test("an iterable may fill another map meanwhile", () => {
    const inner: MassTree<number>[] = [];
    function* entries(): Generator<[string, number]> {
      for (let i = 10; i < 30; i++) {
        inner.push(
          MassTree.fromSorted([
            ["a", i],
            ["b", i],
          ]),
        );
        yield [`${i}`, i];
      }
    }
    const map = MassTree.fromSorted(entries());
    expect([...map.values()]).toEqual(Array.from({ length: 20 }, (_, i) => i + 10));
    expect(inner.map((one) => one.get("b"))).toEqual([...map.values()]);
    for (const one of [map, ...inner]) {
      verify(one);
      one.close();
    }
  });
});

test("options are checked before the first entry is asked for", () => {
  let asked = false;
  function* entries(): Generator<[string, number]> {
    asked = true;
    yield ["a", 1];
  }
  expect(() => MassTree.fromSorted(entries(), { width: 5 } as never)).toThrow("width");
  expect(asked).toBe(false);
});

test("types follow from the entries and the options", () => {
  const sizes = MassTree.fromSorted([["a", { size: 1 }]]);
  expectTypeOf(sizes).toEqualTypeOf<MassTree<{ size: number }, string>>();
  const ids = MassTree.fromSorted([[1, "one"]], { key: "number", value: "utf8" });
  expectTypeOf(ids).toEqualTypeOf<MassTree<string, number>>();
  const counts = MassTreeInline.fromSorted([["a", 1n]], { value: "u64" });
  expectTypeOf(counts).toEqualTypeOf<MassTreeInline<bigint, string>>();
  const set = MassTreeSet.fromSorted([1, 2], { key: "number" });
  expectTypeOf(set).toEqualTypeOf<MassTreeSet<number>>();
  const local = LocalMassTree.fromSorted([["a", new Date(0)]]);
  expectTypeOf(local).toEqualTypeOf<LocalMassTree<Date, string>>();
  // @ts-expect-error: keys that are numbers need the option.
  expect(() => MassTree.fromSorted([[1, "one"]])).toThrow();
  for (const map of [sizes, ids, counts, set, local]) map.close();
});

test("sets are made of sorted members", () => {
  const members = Array.from({ length: 1000 }, (_, i) => String(i)).sort();
  const set = MassTreeSet.fromSorted(members);
  expect([...set]).toEqual(members);
  set.verify();
  set.close();
  expect(() => MassTreeSet.fromSorted(["b", "a"])).toThrow(
    expect.objectContaining({ code: "MASSTREE_UNSORTED", position: 1 }),
  );
  expect(() => MassTreeSet.fromSorted("ab" as never)).toThrow(TypeError);
});
