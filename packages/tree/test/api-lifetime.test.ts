import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type MapHandle, treeModules, treeOf, verify } from "../src/index.ts";
import { WordMap } from "./word-map.ts";

const throws = (code: string) => expect.objectContaining({ code });

let map: WordMap;

beforeEach(() => {
  map = new WordMap();
  map.set("a", 1n).set("b", 2n);
});

afterEach(() => {
  verify(map);
  map.close();
});

const participantOf = (one: WordMap) => treeOf(one).exports.participantNumber();

describe("a handle", () => {
  test("is one frozen, structured-cloneable object", () => {
    const { handle } = map;
    expect(map.handle).toBe(handle);
    expect(Object.isFrozen(handle)).toBe(true);
    expect(Object.getPrototypeOf(handle)).toBe(Object.prototype);
    expect(handle).toEqual({
      masstree: "MassTreeInline",
      layout: "2.5",
      width: 15,
      key: "string",
      value: "word",
      memory: expect.any(WebAssembly.Memory),
    });
  });

  test("leads to the same map", () => {
    const other = WordMap.attach(map.handle);
    expect([...other]).toEqual([...map]);
    other.set("c", 3n).delete("a");
    expect([...map]).toEqual([
      ["b", 2n],
      ["c", 3n],
    ]);
    expect([map.size, other.size]).toEqual([2, 2]);
    expect(other.handle).toEqual(map.handle);
    other.close();
  });

  test("outlives the map it came from", () => {
    const { handle } = map;
    map.close();
    map = WordMap.attach(handle);
    expect(map.get("b")).toBe(2n);
  });

  test("leads to a memory that has grown though its buffer is still the old one", () => {
    const { memory } = map.handle;
    const real = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, "buffer")!;
    const first = memory.buffer;
    for (let i = 0; i < 20_000; i++) map.set(`key ${i}`, BigInt(i));
    // Engines may give this thread what it knew, until it asks them to grow the memory.
    let known = first;
    const grow = (pages: number) => {
      const before = WebAssembly.Memory.prototype.grow.call(memory, pages);
      known = real.get!.call(memory);
      return before;
    };
    Object.defineProperties(memory, {
      buffer: { get: () => known, configurable: true },
      grow: { value: grow, configurable: true },
    });
    // The later ones have their descriptors where the first buffer does not reach.
    const others = Array.from({ length: 8 }, () => {
      known = first;
      return WordMap.attach(map.handle);
    });
    for (const other of others) {
      expect(other.get("key 19999")).toBe(19_999n);
      other.close();
    }
    Reflect.deleteProperty(memory, "buffer");
    Reflect.deleteProperty(memory, "grow");
  });

  test("can be spread, and cloned without its memory's loss", () => {
    const other = WordMap.attach({ ...map.handle });
    expect(other.get("a")).toBe(1n);
    other.close();
  });

  test.each(["string", "bytes", "number", "bigint"])("says what its keys are: %s", (key) => {
    const one = new WordMap<never>({ key });
    const two = WordMap.attach<never>(one.handle);
    expect(two.handle.key).toBe(key);
    one.close();
    verify(two);
    two.close();
  });

  const plain = () => new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const empty = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  test.each<[string, (handle: MapHandle) => unknown]>([
    ["undefined", () => undefined],
    ["null", () => null],
    ["a string", () => "handle"],
    ["a memory", (handle) => handle.memory],
    ["an empty object", () => ({})],
    ["an object without a prototype", () => Object.create(null)],
    ["a map", () => map],
    ["a handle of another class", (handle) => ({ ...handle, masstree: "MassTree" })],
    ["a handle without a memory", ({ memory, ...rest }) => rest],
    ["a handle with an unshared memory", (handle) => ({ ...handle, memory: plain() })],
    ["a handle with an empty memory", (handle) => ({ ...handle, memory: empty() })],
    ["another layout", (handle) => ({ ...handle, layout: "0.9" })],
    ["a width that is not its memory's", (handle) => ({ ...handle, width: 24 })],
    ["a width that does not exist", (handle) => ({ ...handle, width: 5 })],
    ["keys that are not its memory's", (handle) => ({ ...handle, key: "number" })],
    ["keys that do not exist", (handle) => ({ ...handle, key: "toString" })],
    ["values that are not its memory's", (handle) => ({ ...handle, value: "f64" })],
    ["values that do not exist", (handle) => ({ ...handle, value: "constructor" })],
  ])("is not %s", (_, spoil) => {
    const bad = spoil(map.handle) as MapHandle;
    expect(() => WordMap.attach(bad)).toThrow(throws("MASSTREE_BAD_HANDLE"));
    const next = WordMap.attach(map.handle);
    expect(participantOf(next)).toBe(2);
    next.close();
  });

  test("that cannot be opened after all leaves no participant behind", () => {
    const tooLarge = class {
      constructor() {
        throw new RangeError("Invalid typed array length");
      }
    };
    vi.stubGlobal("BigInt64Array", tooLarge);
    try {
      for (let i = 0; i < 3; i++) expect(() => WordMap.attach(map.handle)).toThrow(RangeError);
    } finally {
      vi.unstubAllGlobals();
    }
    expect(map.stats().participants).toHaveLength(1);
    const next = WordMap.attach(map.handle);
    expect(participantOf(next)).toBe(2);
    next.close();
  });

  test("of another class says which class it is for", () => {
    const bad = { ...map.handle, masstree: "MassTree" as const };
    expect(() => WordMap.attach(bad)).toThrow(
      /for the class MassTree\. Open it with MassTree\.attach/,
    );
  });
});

describe("a closed map", () => {
  test("refuses everything but close", () => {
    const closed = WordMap.attach(map.handle);
    closed.close();
    closed.close();
    closed[Symbol.dispose]();
    const uses: (() => unknown)[] = [
      () => closed.get("a"),
      () => closed.set("a", 5n),
      () => closed.has("a"),
      () => closed.delete("a"),
      () => closed.size,
      () => closed.clear(),
      () => closed.entries(),
      () => closed.keys(),
      () => closed.values(),
      () => closed[Symbol.iterator](),
      () => closed.forEach(() => {}),
      () => closed.first(),
      () => closed.last(),
      () => closed.handle,
      () => verify(closed),
      // Closed comes before anything else that may be wrong.
      () => closed.get(5 as never),
      () => closed.keys({ bad: 1 } as never),
    ];
    for (const use of uses) expect(use).toThrow(throws("MASSTREE_CLOSED"));
    expect(String(closed)).toBe("[object MassTreeInline]");
    expect(map.get("a")).toBe(1n);
  });

  test("is the state of a map after its using block", () => {
    const used = WordMap.attach(map.handle);
    {
      using inBlock = used;
      expect(inBlock.get("a")).toBe(1n);
    }
    expect(() => used.get("a")).toThrow(throws("MASSTREE_CLOSED"));
  });
});

describe("participants", () => {
  test("come and go any number of times in one thread", () => {
    const bytes = () => treeOf(map).exports as unknown as { committedBytes(): number };
    const first = WordMap.attach(map.handle);
    first.close();
    const before = bytes().committedBytes();
    for (let i = 0; i < 1000; i++) {
      const other = WordMap.attach(map.handle);
      expect(participantOf(other)).toBe(2);
      other.set(`key ${i % 10}`, BigInt(i));
      other.delete(`key ${(i + 5) % 10}`);
      other.close();
    }
    expect(bytes().committedBytes()).toBe(before);
    map.clear();
    expect(map.size).toBe(0);
  });

  test("are at most 248", () => {
    const others = Array.from({ length: 247 }, () => WordMap.attach(map.handle));
    expect(new Set(others.map(participantOf)).size).toBe(247);
    const tooMany = throws("MASSTREE_TOO_MANY_PARTICIPANTS");
    expect(() => WordMap.attach(map.handle)).toThrow(tooMany);
    expect(() => WordMap.attach(map.handle)).toThrow(tooMany);
    others[100]!.close();
    const next = WordMap.attach(map.handle);
    expect(next.set("c", 3n).get("a")).toBe(1n);
    expect(() => WordMap.attach(map.handle)).toThrow(tooMany);
    next.close();
    for (const other of others) other.close();
  });

  test("take memory, and throw if there is none left", () => {
    const small = new WordMap({ maxBytes: 2 ** 20 });
    const others: WordMap[] = [];
    const attachMore = () => {
      for (;;) others.push(WordMap.attach(small.handle));
    };
    expect(attachMore).toThrow(throws("MASSTREE_FULL"));
    expect(small.set("a", 1n).get("a")).toBe(1n);
    for (const other of others) other.close();
    WordMap.attach(small.handle).close();
    verify(small);
    small.close();
  });
});

test("maps can be created and closed any number of times in one job of the event loop", () => {
  // Each reserves 4 GiB of addresses, of which a process has room for a few thousand times.
  for (let i = 0; i < 6000; i++) new WordMap().close();
});

describe("options", () => {
  test("have defaults", () => {
    const one = new WordMap();
    expect(one.handle).toMatchObject({ width: 15, key: "string" });
    expect(one.handle.memory.buffer.byteLength).toBe(2 ** 20);
    verify(one);
    one.close();
  });

  test("set the initial and the maximum size of the memory", () => {
    const one = new WordMap({ initialBytes: 3e6, maxBytes: 5e6 });
    expect(one.handle.memory.buffer.byteLength).toBe(46 * 65536);
    one.handle.memory.grow(76 - 46);
    expect(() => one.handle.memory.grow(1)).toThrow(RangeError);
    verify(one);
    one.close();
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["a string", "string"],
    ["an unknown one", { witdh: 15 }],
    ["an unknown one that is undefined", { keys: undefined }],
    ["key of the wrong type", { key: 5 }],
    ["a kind of key that does not exist", { key: "date" }],
    ["a kind of key of that name on every object", { key: "toString" }],
    ["width of the wrong type", { width: "15" }],
    ["a width that does not exist", { width: 16 }],
    ["initialBytes of the wrong type", { initialBytes: "1e6" }],
    ["initialBytes that are negative", { initialBytes: -1 }],
    ["initialBytes above maxBytes", { initialBytes: 2e6, maxBytes: 1e6 }],
    ["maxBytes that are NaN", { maxBytes: Number.NaN }],
    ["maxBytes above 4 GiB", { maxBytes: 2 ** 32 + 1 }],
    ["maxBytes of zero", { maxBytes: 0 }],
  ])("are not %s", (_, options) => {
    expect(() => new WordMap(options as object)).toThrow(throws("MASSTREE_BAD_OPTION"));
  });

  test("with too little memory for anything are refused", () => {
    expect(() => new WordMap({ maxBytes: 65536 })).toThrow(throws("MASSTREE_FULL"));
  });

  test("list the available widths", () => {
    expect(treeModules.variants).toEqual([3, 4, 7, 15, 24]);
  });
});
