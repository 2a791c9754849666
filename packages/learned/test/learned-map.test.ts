// What LearnedMap has besides what every map has, and what it refuses.
import { MassTreeInline } from "@masstree/inline";
import { keyCodecs, tuple, uuid } from "@masstree/key";
import { beforeAll, describe, expect, test } from "vitest";
import { date, descending, type KeyCodec, keyCodec, LearnedMap } from "../src/index.ts";
import { useBuild } from "./builds.ts";

beforeAll(() => useBuild("debug"));

const coded = (code: string) => expect.objectContaining({ code });

describe("keys", () => {
  test("that always have 8 bytes are taken, of whatever kind", () => {
    const days = new LearnedMap({ key: date });
    const times = Array.from({ length: 50 }, (_, i) => new Date(2026, 0, 1 + i));
    for (const [i, time] of times.entries()) days.set(time, i);
    expect([...days.keys()]).toEqual(times);
    expect(days.floor(new Date(2026, 0, 3, 12))).toEqual([times[2], 2]);
    days.verify();
    const newest = LearnedMap.attach<number, Date>(days.handle, { key: date });
    expect(newest.size).toBe(50);
    newest.close();
    days.close();

    const down = new LearnedMap({ key: descending("number") });
    for (let i = 0; i < 50; i++) down.set(i / 3, i);
    expect(down.first()).toEqual([49 / 3, 49]);
    down.verify();
    down.close();
  });

  test.each(["string", "bytes", uuid, tuple("number"), descending(tuple("number"))])(
    "of other kinds are refused when the map is made",
    (key) => {
      expect(() => new LearnedMap({ key } as never)).toThrow(coded("MASSTREE_BAD_OPTION"));
      expect(() => new LearnedMap({ key } as never)).toThrow(/MassTree/);
    },
  );

  test("of a codec of one's own are refused if they have another length", () => {
    const words: KeyCodec<number> = keyCodec<number>({
      name: "words",
      encode(key, target, offset) {
        target.fill(key, offset, offset + key);
        return key;
      },
      decode: (bytes) => bytes.length,
    });
    const map = new LearnedMap<number, number>({ key: words });
    expect(() => map.set(7, 1)).toThrow(coded("MASSTREE_BAD_KEY"));
    expect(map.set(8, 1).get(8)).toBe(1);
    expect(() => map.get(9)).toThrow(coded("MASSTREE_BAD_KEY"));
    expect([...map]).toEqual([[8, 1]]);
    map.close();
  });
});

describe("loading", () => {
  test("wins over what is there, and refuses what is not sorted, with nothing changed", () => {
    const map = new LearnedMap();
    for (let i = 0; i < 20; i++) map.set(i * 2, i);
    map.bulkLoad(Array.from({ length: 20 }, (_, i) => [i * 3, -i] as const));
    expect(map.get(6)).toBe(-2);
    expect(map.get(4)).toBe(2);
    const before = [...map];
    const wrong: [readonly (readonly [number, number])[], number][] = [
      [
        [
          [1, 1],
          [0, 1],
        ],
        1,
      ],
      [
        [
          [1, 1],
          [2, 1],
          [2, 2],
        ],
        2,
      ],
    ];
    for (const [entries, position] of wrong) {
      expect(() => map.bulkLoad(entries)).toThrow(
        expect.objectContaining({ code: "MASSTREE_UNSORTED", position }),
      );
    }
    expect(() =>
      map.bulkLoadDedup([
        [1, 1],
        [0, 1],
      ]),
    ).toThrow(coded("MASSTREE_UNSORTED"));
    expect(() => map.bulkLoad([[1, "1" as never]])).toThrow(coded("MASSTREE_BAD_VALUE"));
    expect(() => map.bulkLoad([[Number.NaN, 1]])).toThrow(coded("MASSTREE_BAD_KEY"));
    expect(() => map.bulkLoad(1 as never)).toThrow(TypeError);
    expect([...map]).toEqual(before);
    map.verify();
    map.close();
  });

  test("takes entries from an iterable that uses the map, but not one that loads into it", () => {
    const map = new LearnedMap();
    function* entries(): Generator<[number, number]> {
      for (let i = 0; i < 30; i++) {
        map.set(1000 + i, i);
        map.delete(1000 + i - 1);
        yield [i, i];
      }
    }
    map.bulkLoad(entries());
    expect(map.size).toBe(31);
    map.verify();
    function* nested(): Generator<[number, number]> {
      yield [1, 1];
      map.bulkLoad([[2, 2]]);
    }
    expect(() => map.bulkLoad(nested())).toThrow(coded("MASSTREE_INTERRUPTED"));
    expect(map.size).toBe(31);
    function* closing(): Generator<[number, number]> {
      yield [1, 1];
      map.close();
      yield [2, 2];
    }
    expect(() => map.bulkLoad(closing())).toThrow(coded("MASSTREE_CLOSED"));
  });

  test("wakes those who wait for a key", async () => {
    const map = new LearnedMap();
    const found = map.waitFor(17, { timeout: 20_000 });
    map.bulkLoad(Array.from({ length: 30 }, (_, i) => [i, i + 1] as const));
    expect(await found).toBe(18);
    map.close();
  });
});

test("drain takes all, in order, and leaves no memory in use", () => {
  const map = new LearnedMap({ key: "bigint", value: "u64" });
  const wanted = Array.from({ length: 300 }, (_, i) => [BigInt(i) ** 3n, BigInt(i)] as const);
  map.setMany(wanted);
  expect(map.drain()).toEqual(wanted);
  expect(map.drain()).toEqual([]);
  expect(map.stats()).toMatchObject({ size: 0, nodes: 0, lines: 0 });
  expect(map.allocatedBytes).toBe(0);
  map.verify();
  map.close();
});

test("without autoRebuild, a map becomes deep, and rebuild makes it shallow", () => {
  const map = new LearnedMap({ key: "bigint", autoRebuild: false });
  for (let i = 0n; i < 400n; i++) map.set(-i, 1);
  expect(map.maxDepth).toBeGreaterThan(8);
  const deep = map.stats();
  expect(deep.rebuilds).toBe(0);
  map.rebuild();
  expect(map.maxDepth).toBeLessThan(4);
  expect(map.stats()).toMatchObject({ size: 400, rebuilds: 1 });
  map.verify();
  map.close();
});

test("handles of other classes are refused, and its own are refused elsewhere", () => {
  const map = new LearnedMap();
  const tree = new MassTreeInline<number, number>({ key: "number" });
  expect(() => LearnedMap.attach(tree.handle)).toThrow(coded("MASSTREE_BAD_HANDLE"));
  expect(() => MassTreeInline.attach(map.handle)).toThrow(coded("MASSTREE_BAD_HANDLE"));
  const forged = { ...tree.handle, masstree: "LearnedMap" };
  expect(() => LearnedMap.attach(forged)).toThrow(coded("MASSTREE_BAD_HANDLE"));
  const other = LearnedMap.attach(map.handle);
  other.set(1, 2);
  expect(map.get(1)).toBe(2);
  expect([...map.diff(tree)]).toHaveLength(1);
  for (const one of [other, map, tree]) one.close();
});

test("guards give keys as encoded, and the little-endian bytes of numbers", () => {
  const map = new LearnedMap({ value: "u32" });
  for (let i = 0; i < 2000; i++) map.set(i - 1000, i);
  const guard = map.pin();
  const view = guard.get(5)!;
  expect(new DataView(view.buffer, view.byteOffset).getUint32(0, true)).toBe(1005);
  let visits = 0;
  guard.scan({ gte: -500, reverse: true, limit: 1200 }, (key, value) => {
    const number = 999 - visits++;
    expect(keyCodecs.number.decode(key, 0, key.length)).toBe(number);
    expect(value).toEqual(new Uint8Array(Uint32Array.of(number + 1000).buffer));
    map.delete(number);
  });
  expect(visits).toBe(1200);
  expect(map.stats().guards.open).toBe(1);
  expect([...view]).toEqual([0xed, 3, 0, 0]);
  guard.dispose();
  expect(view.length).toBe(0);
  expect(map.size).toBe(800);
  map.verify();
  map.close();
});
