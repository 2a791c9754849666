import "./debug.ts";
import { treeOf, verify } from "@masstree/tree";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compressed, MassTree, type ValueCodec } from "../src/index.ts";
import { msgpack } from "../src/msgpack.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A codec whose functions the test replaces. */
class Codec implements ValueCodec<string> {
  encode = (value: string): Uint8Array => bytesOf(value);
  decode = (bytes: Uint8Array): string => textOf(bytes);
}

let codec: Codec;
let map: MassTree<string>;

beforeEach(() => {
  codec = new Codec();
  map = new MassTree({ value: codec });
});

afterEach(() => {
  // Nothing is left pinned: all that was deleted is reclaimed.
  map.clear();
  expect(treeOf(map).exports.quiesce()).toBe(1);
  verify(map);
  map.close();
});

describe("a codec that throws", () => {
  const error = new Error("the codec's own");
  const fail = () => {
    throw error;
  };

  test("when it encodes: the caller gets the error and the map is unchanged", () => {
    map.set("there", "value");
    const live = (treeOf(map).exports as unknown as { liveBlocks(): number }).liveBlocks;
    const before = live();
    codec.encode = fail;
    expect(() => map.set("there", "other")).toThrow(error);
    expect(() => map.set("new", "other")).toThrow(error);
    expect(live()).toBe(before);
    expect([...map]).toEqual([["there", "value"]]);
  });

  test("when it decodes: the caller gets the error and nothing stays pinned", () => {
    map.set("a", "1").set("b", "x".repeat(100000)).set("c", "3");
    codec.decode = fail;
    expect(() => map.get("a")).toThrow(error);
    expect(() => map.get("b")).toThrow(error);
    expect(() => map.first()).toThrow(error);
    expect(() => map.last()).toThrow(error);
    expect(() => [...map.values()]).toThrow(error);
    expect(() => map.forEach(() => {})).toThrow(error);
    expect([...map.keys()]).toEqual(["a", "b", "c"]);
    expect(map.has("b")).toBe(true);
  });

  test("at one entry: a scan can continue after it", () => {
    map.set("a", "1").set("b", "bad").set("c", "3");
    codec.decode = (bytes) => (textOf(bytes) === "bad" ? fail() : textOf(bytes));
    const values = map.values();
    expect(values.next().value).toBe("1");
    expect(() => values.next()).toThrow(error);
    expect(values.next().value).toBe("3");
    expect(values.next().done).toBe(true);
  });
});

describe("a codec that uses the map", () => {
  test("when it encodes", () => {
    codec.encode = (value) => {
      codec.encode = bytesOf;
      map.set("inner", "i".repeat(30));
      expect(map.get("inner")).toBe("i".repeat(30));
      expect([...map.keys()]).toEqual(["inner"]);
      return bytesOf(value);
    };
    map.set("outer", "o".repeat(30));
    expect([...map]).toEqual([
      ["inner", "i".repeat(30)],
      ["outer", "o".repeat(30)],
    ]);
  });

  test("when it decodes", () => {
    for (const key of ["a", "b", "c"]) map.set(key, key.repeat(3));
    codec.decode = (bytes) => {
      const { decode } = codec;
      codec.decode = textOf;
      const found = `${textOf(bytes)} ${map.get("c")} ${[...map.values()].join()}`;
      map.set("d", "ddd");
      codec.decode = decode;
      return found;
    };
    expect(map.get("a")).toBe("aaa ccc aaa,bbb,ccc");
    expect(map.values().next().value).toBe("aaa ccc aaa,bbb,ccc,ddd");
  });

  test("and closes it", () => {
    const other = MassTree.attach<string>(map.handle, { value: codec });
    codec.encode = (value) => {
      other.close();
      return bytesOf(value);
    };
    const closed = expect.objectContaining({ code: "MASSTREE_CLOSED" });
    expect(() => other.set("a", "1")).toThrow(closed);
    expect(map.size).toBe(0);
  });
});

test("toJSON may use the map", () => {
  const json = new MassTree();
  const value = {
    toJSON() {
      json.set("inner", { deep: json.get("there") });
      return "outer";
    },
  };
  json.set("there", 1).set("outer", value);
  expect([...json]).toEqual([
    ["inner", { deep: 1 }],
    ["outer", "outer"],
    ["there", 1],
  ]);
  verify(json);
  json.close();
});

test.each<[string, unknown]>([
  ["a string", "bytes"],
  ["an array", [1, 2]],
  ["an ArrayBuffer", new ArrayBuffer(4)],
  ["nothing", undefined],
])("a codec that encodes to %s is refused", (_, encoded) => {
  codec.encode = () => encoded as Uint8Array;
  const refused = expect.objectContaining({ code: "MASSTREE_BAD_VALUE" });
  expect(() => map.set("key", "value")).toThrow(refused);
  expect(map.size).toBe(0);
});

test("the codec may keep the bytes that it decodes", () => {
  const kept: Uint8Array[] = [];
  codec.decode = (bytes) => {
    kept.push(bytes);
    return "";
  };
  map.set("a", "1").set("b", "2");
  map.get("a");
  map.get("b");
  for (const _ of map.values());
  expect(kept.map(textOf)).toEqual(["1", "2", "1", "2"]);
  expect(kept.every((bytes) => bytes.buffer.byteLength === 1)).toBe(true);
});

test("a refused key stores no value, and the value is encoded once", () => {
  let encoded = 0;
  codec.encode = (value) => {
    encoded++;
    return bytesOf(value);
  };
  expect(() => map.set(5 as never, "value")).toThrow(
    expect.objectContaining({ code: "MASSTREE_BAD_KEY" }),
  );
  map.set("a", "value");
  expect(encoded).toBe(2);
  expect(map.size).toBe(1);
});

describe("attach", () => {
  test("requires the codec of a map with a custom one", () => {
    map.set("a", "1");
    const other = MassTree.attach<string>(map.handle, { value: new Codec() });
    expect(other.get("a")).toBe("1");
    other.close();
    const bad = expect.objectContaining({ code: "MASSTREE_BAD_OPTION" });
    expect(() => MassTree.attach(map.handle)).toThrow(bad);
    expect(() => MassTree.attach(map.handle, { value: "json" })).toThrow(bad);
    expect(() => MassTree.attach(map.handle, { value: {} as never })).toThrow(bad);
    expect(() => MassTree.attach(map.handle, { codec: new Codec() } as never)).toThrow(bad);
    expect(() => MassTree.attach(map.handle, null as never)).toThrow(bad);
  });

  test("tells codecs apart by their names", () => {
    const named = (name?: string): ValueCodec<string> => ({
      ...(name !== undefined && { name }),
      encode: (value) => new TextEncoder().encode(value),
      decode: (bytes) => new TextDecoder().decode(bytes),
    });
    const all: [string, ValueCodec<unknown>][] = [
      ["custom", named()],
      ['custom("a")', named("a")],
      ['custom("json")', named("json")],
      ['custom("compressed(json)")', compressed("json", { level: 9 })],
      ['custom("compressed(\\"json\\")")', compressed(named("json"))],
      ['custom("compressed(utf8)")', compressed("utf8") as ValueCodec<unknown>],
      ['custom("msgpack")', msgpack()],
      ['custom("msgpack({\\"useRecords\\":true})")', msgpack({ useRecords: true })],
    ] as [string, ValueCodec<unknown>][];
    for (const [kind, codec] of all) {
      const map = new MassTree({ value: codec });
      expect(map.handle.value).toBe(kind);
      for (const [other, attached] of all) {
        const attach = () => MassTree.attach(structuredClone(map.handle), { value: attached });
        if (other === kind) attach().close();
        else expect(attach).toThrow(expect.objectContaining({ code: "MASSTREE_BAD_OPTION" }));
      }
      expect(() => MassTree.attach(map.handle)).toThrow(
        kind === "custom" ? "without a name" : "named",
      );
      const lying = { ...map.handle, value: 'custom("another")' };
      expect(() => MassTree.attach(lying, { value: named("another") })).toThrow(
        expect.objectContaining({ code: "MASSTREE_BAD_HANDLE" }),
      );
      map.close();
    }
    // What is compressed has no name: then nobody knows what the whole is.
    const unnamed = new MassTree({ value: compressed(named()) });
    expect(unnamed.handle.value).toBe("custom");
    unnamed.close();
  });

  test.each([1, "", "x".repeat(1001), null])("a codec cannot be named %j", (name) => {
    const codec = { ...new Codec(), encode: () => new Uint8Array(), decode: () => "", name };
    expect(() => new MassTree({ value: codec as never })).toThrow(
      expect.objectContaining({ code: "MASSTREE_BAD_OPTION" }),
    );
  });

  test("accepts the map's codec, or none", () => {
    const text = new MassTree({ value: "utf8" }).set("a", "1");
    MassTree.attach<string>(text.handle).close();
    MassTree.attach<string>(text.handle, {}).close();
    MassTree.attach<string>(text.handle, { value: "utf8" }).close();
    const bad = expect.objectContaining({ code: "MASSTREE_BAD_OPTION" });
    expect(() => MassTree.attach(text.handle, { value: "bytes" })).toThrow(bad);
    expect(() => MassTree.attach<string>(text.handle, { value: new Codec() })).toThrow(bad);
    const next = MassTree.attach<string>(text.handle);
    expect(treeOf(next).exports.participantNumber()).toBe(2);
    next.close();
    verify(text);
    text.close();
  });
});
