// What was saved is what is loaded, whatever the map holds and whatever others do to it meanwhile.
import "../debug.ts";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { verify } from "@masstree/tree";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compressed, date, MassTree, MassTreeInline, MassTreeSet, tuple } from "../../src/index.ts";
import { msgpack } from "../../src/msgpack.ts";
import { load, save } from "../../src/save.ts";
import { craft, entry, loadBytes, Sink, savedBytes } from "./support.ts";

// biome-ignore lint/suspicious/noExplicitAny: maps of all kinds.
type AnyMap = MassTree<any, any>;

async function expectSame(map: AnyMap, Class: typeof MassTree, options?: object): Promise<void> {
  const saved = await savedBytes(map);
  const copy: AnyMap = await loadBytes(Class as never, saved, options as never);
  try {
    verify(copy);
    expect([...copy]).toEqual([...map]);
    expect({ ...copy.handle, memory: 0 }).toEqual({ ...map.handle, memory: 0 });
    expect(await savedBytes(copy)).toEqual(saved);
  } finally {
    copy.close();
  }
}

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const shared = fc.tuple(fc.constantFrom("", "a", "src/", "src/index.ts", "x".repeat(300)), text);
const strings = fc.oneof(
  text,
  shared.map(([a, b]) => a + b),
);

const kinds: [name: string, key: fc.Arbitrary<unknown>, options: object][] = [
  ["strings", strings, {}],
  ["bytes", fc.uint8Array({ maxLength: 40 }), { key: "bytes" }],
  ["numbers", fc.double({ noNaN: true }), { key: "number" }],
  ["bigints", fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), { key: "bigint" }],
  ["tuples", fc.tuple(text, fc.date({ noInvalidDate: true })), { key: tuple("string", date) }],
];
const values: [name: string, value: fc.Arbitrary<unknown>, options: object][] = [
  ["JSON", fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))), {}],
  ["text", strings, { value: "utf8" }],
  ["bytes", fc.uint8Array({ maxLength: 100 }), { value: "bytes" }],
  ["structured clones", fc.oneof(fc.bigInt(), fc.date()), { value: "structured" }],
  ["MessagePack", fc.integer(), { value: msgpack() }],
  ["compressed text", strings, { value: compressed("utf8", { from: 20 }) }],
];

describe.each(kinds)("keys that are %s", (_, key, keyOptions) => {
  test.each(values)("with values that are %s", async (_, value, valueOptions) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, value), { maxLength: 60 }), async (entries) => {
        const map: AnyMap = new MassTree({ ...keyOptions, ...valueOptions } as never);
        map.setMany(entries);
        await expectSame(map, MassTree, { ...keyOptions, ...valueOptions });
        map.close();
      }),
      { numRuns: runs(5) },
    );
  });
});

test.each([
  ["u32", [0, 1, 2 ** 32 - 1]],
  ["i32", [0, -1, 2 ** 31 - 1, -(2 ** 31)]],
  ["f64", [0, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324]],
  ["u64", [0n, 2n ** 64n - 1n]],
  ["i64", [0n, -1n, -(2n ** 63n)]],
] as const)("numbers of kind %s are loaded as they were", async (value, numbers) => {
  const map: AnyMap = new MassTreeInline({ value } as never);
  for (const number of numbers) map.set(`${number}/${Object.is(number, -0)}`, number);
  await expectSame(map, MassTreeInline as never);
  map.close();
});

test.each(kinds)("sets of %s are loaded as they were", async (_, member, options) => {
  await fc.assert(
    fc.asyncProperty(fc.array(member, { maxLength: 60 }), async (members) => {
      const set = new MassTreeSet(options as { key?: "string" });
      for (const each of members) set.add(each as string);
      const saved = await savedBytes(set);
      const copy = await loadBytes(MassTreeSet<string>, saved, options as object);
      copy.verify();
      expect([...copy]).toEqual([...set]);
      expect({ ...copy.handle, memory: 0 }).toEqual({ ...set.handle, memory: 0 });
      expect(await savedBytes(copy)).toEqual(saved);
      copy.close();
      set.close();
    }),
    { numRuns: runs(20) },
  );
});

test("a member of a set is its key in the file, and nothing else", async () => {
  const set = new MassTreeSet();
  set.add("src/a").add("src/b");
  const none = new Uint8Array(0);
  const payload = [...entry(0, "src/a", none), ...entry(4, "b", none)];
  expect(await savedBytes(set)).toEqual(
    craft(["MassTreeSet", "string", "member"], [{ payload, count: 2 }]),
  );
  set.close();
});

test("long keys, long values and empty ones fill blocks of their own", async () => {
  const map = new MassTree({ value: "bytes" });
  map.set("", new Uint8Array(0)).set("k".repeat(65_536), Uint8Array.of(1));
  map.set("long", new Uint8Array(3_000_000).fill(7)).set("longer", new Uint8Array(70_000).fill(8));
  for (let i = 0; i < 20_000; i++) map.set(`key ${i}`, new Uint8Array(i % 50).fill(i));
  await expectSame(map, MassTree);
  map.close();
});

test("an empty map is a header and a trailer", async () => {
  const map = new MassTree({ width: 15, maxBytes: 2 ** 20 });
  await expectSame(map, MassTree);
  expect(await savedBytes(map)).toEqual(craft(["MassTree", "string", "json"], []));
  map.close();
});

test("the bytes are those that the format's description says", async () => {
  const map = new MassTreeInline({ value: "u32" });
  map.set("src/a", 1).set("src/b", 258).set("t", 3);
  const word = (...low: number[]) => Uint8Array.from({ length: 8 }, (_, i) => low[i] ?? 0);
  const payload = [
    ...entry(0, "src/a", word(1)),
    ...entry(4, "b", word(2, 1)),
    ...entry(0, "t", word(3)),
  ];
  const crafted = craft(["MassTreeInline", "string", "u32"], [{ payload, count: 3 }]);
  expect(await savedBytes(map)).toEqual(crafted);
  map.close();
});

test("options of the new map are its own", async () => {
  const map = new MassTree({ maxBytes: 2 ** 20 }).set("a", 1);
  const copy = await loadBytes(MassTree<number>, await savedBytes(map), {
    maxBytes: 2 ** 21,
    width: 15,
  });
  expect(copy.get("a")).toBe(1);
  copy.close();
  map.close();
});

test("a class on a map's class is loaded as such", async () => {
  class Pages extends MassTree<string> {
    readonly isPages = true;
  }
  const map = new Pages().set("a", "1");
  const copy = await loadBytes(Pages, await savedBytes(map));
  expect(copy.isPages && copy.get("a")).toBe("1");
  copy.close();
  map.close();
});

test("every key that stays is saved once, while threads change the map", async () => {
  const map = new MassTree<number>();
  for (let i = 0; i < 20_000; i++) map.set(`stays/${i}`, i);
  const program = new URL("../programs/save-writer.mjs", import.meta.url);
  const workers = [0, 1].map(
    (number) => new Worker(program, { workerData: { handle: map.handle, number } }),
  );
  await Promise.all(workers.map((worker) => once(worker, "message")));
  let pieces = 0;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const onProgress = () => void pieces++;
  const [{ entries }, copy] = await Promise.all([
    save(map, writable, { onProgress }),
    load(MassTree<number>, readable),
  ]);
  for (const worker of workers) worker.postMessage("stop");
  await Promise.all(workers.map((worker) => once(worker, "exit")));
  verify(copy);
  expect(copy.size).toBe(entries);
  expect(pieces).toBeGreaterThan(1);
  expect(copy.count({ prefix: "stays/" })).toBe(20_000);
  for (let i = 0; i < 20_000; i++) expect(copy.get(`stays/${i}`)! % 1_000_000).toBe(i);
  verify(map);
  copy.close();
  map.close();
});

test("what is written is made when there is room for it", async () => {
  const map = new MassTree({ value: "bytes" });
  for (let i = 0; i < 100; i++) map.set(`${i}`, new Uint8Array(10_000));
  let proceed: () => void = () => {};
  const wait = new Promise<void>((resolve) => {
    proceed = resolve;
  });
  const sink = new Sink((index) => (index === 2 ? wait : undefined));
  const progress: number[] = [];
  const saving = save(map, sink.stream, { onProgress: ({ entries }) => progress.push(entries) });
  await new Promise((resolve) => setTimeout(resolve, 30));
  // The header and a block were taken, and one waits.
  expect(sink.chunks.length).toBe(2);
  expect(progress).toEqual([7]);
  map.clear();
  proceed();
  const { entries } = await saving;
  expect(entries).toBeLessThan(100);
  map.close();
});
