// What is no saved map, or not a whole one, is refused with its place, and nothing is left of it.
import "../debug.ts";
import { crc32 } from "node:zlib";
import { random, runs } from "@tooling/vitest/random";
import { afterEach, describe, expect, test } from "vitest";
import { findCrc32, portableCrc32 } from "../../../tree/src/save/crc32.ts";
import {
  keyCodec,
  MassTree,
  type MassTreeBadFileError,
  MassTreeInline,
  MassTreeSet,
} from "../../src/index.ts";
import type { Savable } from "../../src/save.ts";
import { load, save } from "../../src/save.ts";
import { craft, entry, loadBytes, Sink, savedBytes } from "./support.ts";

const opened: Savable[] = [];

/** Maps that are counted. */
class Texts extends MassTree<string> {
  constructor(options: object) {
    super({ ...options, maxBytes: 2 ** 22 });
    opened.push(this);
  }
}

class Numbers extends MassTreeInline {
  constructor(options: object) {
    super({ ...options, maxBytes: 2 ** 20 });
    opened.push(this);
  }
}

class Members extends MassTreeSet {
  constructor(options: object) {
    super({ ...options, maxBytes: 2 ** 20 });
    opened.push(this);
  }
}

afterEach(() => {
  // Every map that was begun was closed.
  for (const map of opened) expect(() => map.size).toThrow("was closed");
  opened.length = 0;
});

async function refusal(
  Class: typeof Texts | typeof Numbers | typeof Members,
  bytes: Uint8Array,
): Promise<MassTreeBadFileError> {
  const error = await loadBytes(Class as never, bytes).then(
    () => expect.unreachable("it was loaded"),
    (error: MassTreeBadFileError) => error,
  );
  expect(error).toMatchObject({ name: "MassTreeBadFileError", code: "MASSTREE_BAD_FILE" });
  expect(error.offset).toBeGreaterThanOrEqual(0);
  expect(error.offset).toBeLessThanOrEqual(bytes.length);
  return error;
}

const small = await (async () => {
  const map = new MassTree<string>();
  map.set("", "").set("a", "first").set("ab", "second").set("b", "third");
  const bytes = await savedBytes(map);
  map.close();
  return bytes;
})();

test("a file that was cut off anywhere is refused there", async () => {
  for (let length = 0; length < small.length; length++) {
    expect((await refusal(Texts, small.subarray(0, length))).offset).toBe(length);
  }
});

test("a file with any bit changed is refused", async () => {
  for (let bit = 0; bit < 8 * small.length; bit++) {
    const bytes = Uint8Array.from(small);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    await refusal(Texts, bytes);
  }
});

test("a file that goes on is refused", async () => {
  const { offset } = await refusal(Texts, Buffer.concat([small, Uint8Array.of(0)]));
  expect(offset).toBe(small.length);
});

test("a longer file is refused with bytes changed, missing, repeated or exchanged", async () => {
  const map = new MassTree<string>();
  for (let i = 0; i < 20_000; i++) map.set(`key ${i}`, `value ${i}`);
  const sink = new Sink();
  await save(map, sink.stream);
  map.close();
  const { bytes, chunks } = sink;
  expect(chunks.length).toBeGreaterThan(5);
  const next = random();
  for (let i = 0; i < runs(20); i++) {
    const spoilt = Uint8Array.from(bytes);
    const at = Math.floor(next() * bytes.length);
    spoilt[at]! ^= 1 + Math.floor(next() * 255);
    await refusal(Texts, spoilt);
    await refusal(Texts, bytes.subarray(0, at));
    await refusal(Texts, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]));
  }
  const [header, a, b, ...rest] = chunks as [Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]];
  for (const wrong of [
    [header, b, a, ...rest],
    [header, a, a, b, ...rest],
    [header, b, ...rest],
    [header, a, b, ...rest.slice(0, -2), rest.at(-1)!],
    [header, rest.at(-1)!],
  ]) {
    await refusal(Texts, Buffer.concat(wrong));
  }
});

test("what does not fit in 'maxBytes' is refused", async () => {
  const map = new MassTree({ value: "utf8" });
  for (let i = 0; i < 100; i++) map.set(`${i}`, "x".repeat(50_000));
  const bytes = await savedBytes(map);
  map.close();
  const error = await loadBytes(Texts, bytes).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "MASSTREE_FULL", written: 0 });
});

test("memory that ends anywhere leaves nothing", async () => {
  const map = new MassTree({ value: "utf8" });
  for (let i = 0; i < 3000; i++) map.set(`${i % 7}/key ${i}`, `value ${i}`.repeat(i % 20));
  const bytes = await savedBytes(map);
  const outcomes = new Set<string>();
  for (let maxBytes = 65_536; maxBytes < 2 ** 21; maxBytes += 65_536) {
    class Small extends MassTree<string> {
      constructor(options: object) {
        super({ ...options, maxBytes });
        opened.push(this);
      }
    }
    try {
      const copy = await loadBytes(Small, bytes);
      expect([...copy]).toEqual([...map]);
      copy.verify();
      copy.close();
      outcomes.add("whole");
    } catch (error) {
      expect(error).toMatchObject({ code: "MASSTREE_FULL" });
      outcomes.add("full");
    }
  }
  expect([...outcomes]).toEqual(["full", "whole"]);
  map.close();
});

const word = (...low: number[]) => Uint8Array.from({ length: 8 }, (_, i) => low[i] ?? 0);
const json = ["MassTree", "string", "json"];
const number = Buffer.from("1");
const members = ["MassTreeSet", "string", "member"];
const u32 = ["MassTreeInline", "string", "u32"];
/** Where the first entry is. */
const first = (names: readonly string[]) => 12 + JSON.stringify(names).length + 4 + 16;

describe("with checksums that are right,", () => {
  test.each<[string, typeof Texts | typeof Numbers | typeof Members, Buffer, number]>([
    [
      "keys that are not in order",
      Texts,
      craft(json, [{ payload: [...entry(0, "b", number), ...entry(0, "a", number)], count: 2 }]),
      first(json) + 5,
    ],
    [
      "a key twice",
      Texts,
      craft(json, [{ payload: [...entry(0, "ab", number), ...entry(1, "b", number)], count: 2 }]),
      first(json) + 6,
    ],
    [
      "a key twice, in two blocks",
      Texts,
      craft(json, [
        { payload: entry(0, "a", number), count: 1 },
        { payload: entry(0, "a", number), count: 1 },
      ]),
      first(json) + 5 + 16,
    ],
    [
      "a key that shares more than there is",
      Texts,
      craft(json, [{ payload: [...entry(0, "a", number), ...entry(2, "b", number)], count: 2 }]),
      first(json) + 5,
    ],
    [
      "a block whose first key shares bytes",
      Texts,
      craft(json, [
        { payload: entry(0, "a", number), count: 1 },
        { payload: entry(1, "b", number), count: 1 },
      ]),
      first(json) + 5 + 16,
    ],
    [
      "a key that is too long",
      Texts,
      craft(json, [{ payload: [0, 0x81, 0x80, 4, 1, ...new Array(65_538).fill(0x61)], count: 1 }]),
      first(json),
    ],
    [
      "an entry that ends beyond its block",
      Texts,
      craft(json, [{ payload: [0, 1, 9, 0x61, 0x31], count: 1 }]),
      first(json) + 4,
    ],
    [
      "a number that does not end",
      Texts,
      craft(json, [{ payload: [0x80, 0x80, 0x80, 0x80, 0x80, 0x80], count: 1 }]),
      first(json) + 5,
    ],
    [
      "fewer entries than it says",
      Texts,
      craft(json, [{ payload: entry(0, "a", number), count: 2 }]),
      first(json) + 6,
    ],
    [
      "bytes after a block's last entry",
      Texts,
      craft(json, [{ payload: [...entry(0, "a", number), 0], count: 1 }]),
      first(json) + 5,
    ],
    [
      "a wrong sum",
      Texts,
      craft(json, [{ payload: entry(0, "a", number), count: 1 }], { count: 2 }),
      first(json) + 5,
    ],
    [
      "text that is none as a key",
      Texts,
      craft(json, [{ payload: [0, 1, 1, 0xff, 0x31], count: 1 }]),
      first(json),
    ],
    [
      "a key of the wrong length",
      Numbers,
      craft(["MassTreeInline", "number", "u32"], [{ payload: entry(0, "abc", word(1)), count: 1 }]),
      first(["MassTreeInline", "number", "u32"]),
    ],
    [
      "a number of the wrong length",
      Numbers,
      craft(u32, [{ payload: entry(0, "a", number), count: 1 }]),
      first(u32),
    ],
    [
      "a number out of its range",
      Numbers,
      craft(u32, [{ payload: entry(0, "a", word(1, 0, 0, 0, 1)), count: 1 }]),
      first(u32),
    ],
    [
      "a member with a value",
      Members,
      craft(members, [{ payload: entry(0, "a", word()), count: 1 }]),
      first(members),
    ],
    ["a map where a set is wanted", Members, craft(json, []), 0],
    ["a set where a map is wanted", Texts, craft(members, []), 0],
    ["another version", Texts, craft(json, [], { version: 2 }), 8],
    ["a header of no names", Texts, craft("{}", []), 12],
    ["a header that is no JSON", Texts, craft("[", []), 12],
    ["a header with a number", Texts, craft(["MassTree", "string", 1], []), 12],
    ["a map of another class", Numbers, craft(json, []), 0],
    ["a map of no class", Texts, craft(["Object", "string", "json"], []), 0],
  ])("%s is refused", async (_, Class, bytes, offset) => {
    expect((await refusal(Class, bytes)).offset).toBe(offset);
  });

  test.each([
    ["no file", Buffer.alloc(0), 0],
    ["a text", Buffer.from("Once upon a time, there was no map."), 0],
    ["an image", Buffer.from("\x89PNG\r\n\x1a\n and more", "latin1"), 0],
  ])("%s is refused", async (_, bytes, offset) => {
    expect((await refusal(Texts, bytes)).offset).toBe(offset);
  });

  test("a length that lies takes no memory", async () => {
    const header = craft(json, []).subarray(0, -16);
    const head = Buffer.alloc(16);
    head.writeUInt32LE(0xffff_ffff, 0);
    head.writeUInt32LE(1, 4);
    const check = crc32(head.subarray(0, 12), crc32(header.subarray(0, -4)));
    head.writeUInt32LE(check, 12);
    const before = process.memoryUsage().arrayBuffers;
    await refusal(Texts, Buffer.concat([header, head, Buffer.alloc(1000)]));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });
});

describe("codecs", () => {
  const codec = (name: string) =>
    keyCodec<string>({
      name,
      encode: (key, target, offset) => Buffer.from(key).copy(target, offset),
      decode: (bytes) => Buffer.from(bytes).toString(),
    });
  const value = (name?: string) => ({
    ...(name !== undefined && { name }),
    encode: (text: string) => Buffer.from(text),
    decode: (bytes: Uint8Array) => Buffer.from(bytes).toString(),
  });

  test.each<[string, object, object]>([
    ["none for keys of a codec", { key: codec("a") }, {}],
    ["another for keys of a codec", { key: codec("a") }, { key: codec("b") }],
    ["one for keys of a kind", {}, { key: codec("a") }],
    ["another kind of keys", {}, { key: "bytes" }],
    ["none for values of a codec", { value: value("a") }, {}],
    ["another for values of a codec", { value: value("a") }, { value: value("b") }],
    ["one without a name for one with one", { value: value("a") }, { value: value() }],
    ["one with a name for one without one", { value: value() }, { value: value("a") }],
    ["another kind of values", {}, { value: "utf8" }],
    ["what is none", {}, { value: 5 }],
  ])("%s are refused", async (_, options, given) => {
    const map = new MassTree<string>(options as never);
    map.set("a", "1");
    const bytes = await savedBytes(map);
    map.close();
    const same = await loadBytes(MassTree<string>, bytes, options as never);
    expect(same.get("a")).toBe("1");
    same.close();
    const error = await loadBytes(Texts, bytes, given as never).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "MASSTREE_BAD_OPTION" });
  });
});

test("both ways to compute checksums agree, in pieces too", () => {
  const next = random(1);
  const native = findCrc32();
  for (let i = 0; i < runs(50); i++) {
    const bytes = Uint8Array.from({ length: Math.floor(next() * 300) }, () => next() * 256);
    const at = Math.floor(next() * bytes.length);
    expect(portableCrc32(bytes)).toBe(crc32(bytes));
    expect(native(bytes)).toBe(crc32(bytes));
    expect(portableCrc32(bytes.subarray(at), portableCrc32(bytes.subarray(0, at)))).toBe(
      crc32(bytes),
    );
  }
});

test("options and arguments that are none are refused", async () => {
  const map = new MassTree();
  const bad = expect.objectContaining({ code: "MASSTREE_BAD_OPTION" });
  const sink = () => new Sink().stream;
  await expect(save({} as never, sink())).rejects.toEqual(bad);
  await expect(save(null as never, sink())).rejects.toEqual(bad);
  await expect(save(map, {} as never)).rejects.toEqual(bad);
  await expect(save(map, sink(), { signal: 1 } as never)).rejects.toEqual(bad);
  await expect(save(map, sink(), { onProgress: 1 } as never)).rejects.toEqual(bad);
  await expect(save(map, sink(), { progress() {} } as never)).rejects.toEqual(bad);
  await expect(load(5 as never, [small])).rejects.toEqual(bad);
  await expect(load(Map as never, [small])).rejects.toMatchObject({ code: "MASSTREE_BAD_FILE" });
  for (const source of [undefined, "text", 5, {}, small, ["text"], [[1, 2]]]) {
    await expect(load(Texts, source as never)).rejects.toEqual(bad);
  }
  await expect(load(Texts, [small], { maxbytes: 1 } as never)).rejects.toEqual(bad);
  await expect(load(MassTree, [small], { width: 5 } as never)).rejects.toEqual(bad);
  map.close();
  await expect(save(map, sink())).rejects.toMatchObject({ code: "MASSTREE_CLOSED" });
});
