// Maps whose keys have a codec: what they infer, their ranges, and how other threads open them.
import "./debug.ts";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  date,
  descending,
  keyCodec,
  list,
  MassTree,
  type MassTreeErrorCode,
  MassTreeInline,
  type MixedKey,
  mixed,
  tuple,
  uuid,
} from "../src/index.ts";

const throws = (code: MassTreeErrorCode) => expect.objectContaining({ code });

test("the types of keys follow from the codec, or from type arguments", () => {
  const users = new MassTree({ key: tuple("string", "number", date), value: "utf8" });
  expectTypeOf(users).toEqualTypeOf<MassTree<string, readonly [string, number, Date]>>();
  expectTypeOf(users.first()).toEqualTypeOf<
    [readonly [string, number, Date], string] | undefined
  >();
  const given = new MassTree<number, ["user", number, Date]>({
    key: tuple("string", "number", date),
  });
  expectTypeOf(given.first()).toEqualTypeOf<[["user", number, Date], number] | undefined>();
  given.set(["user", 17, new Date(0)], 1);
  expect([...given.keys({ prefix: ["user", 17] })]).toEqual([["user", 17, new Date(0)]]);
  const any = new MassTreeInline({ key: list(mixed) });
  expectTypeOf(any).toEqualTypeOf<MassTreeInline<number, readonly MixedKey[]>>();
  const ids = new MassTreeInline({ key: uuid, value: "u32" });
  expectTypeOf(ids).toEqualTypeOf<MassTreeInline<number, string>>();
  const dates = new MassTree<number, Date>({ key: descending(date) });
  expectTypeOf(dates.keys().next().value).toEqualTypeOf<Date | undefined>();
  const declared: MassTree<number, Date> = new MassTree({ key: date });

  // @ts-expect-error: another kind of member
  expect(() => users.get(["a", "b", new Date()])).toThrow(throws("MASSTREE_BAD_KEY"));
  // @ts-expect-error: too few members
  expect(() => users.get(["a", 1])).toThrow(throws("MASSTREE_BAD_KEY"));
  // @ts-expect-error: another first member
  expect(() => users.keys({ prefix: [1] })).toThrow(throws("MASSTREE_BAD_RANGE"));
  // @ts-expect-error: these keys are dates
  new MassTree<number, number>({ key: date }).close();
  // @ts-expect-error: dates have no name
  expect(() => new MassTree<number, Date>({ key: "date" })).toThrow();
  // @ts-expect-error: an object is no codec
  expect(() => new MassTree({ key: { encode: () => 0, decode: () => 0 } })).toThrow(
    throws("MASSTREE_BAD_OPTION"),
  );
  for (const map of [users, given, any, ids, dates, declared]) map.close();
});

test("compound operations take keys whose codec runs the caller's code", () => {
  const map = new MassTree<number, ["user", number]>({ key: tuple("string", "number") });
  const key = ["user", 1] as ["user", number];
  expect(map.setIfAbsent(key, 1)).toBe(true);
  expect(map.setIfAbsent(key, 2)).toBe(false);
  expect(map.exchange(key, 3)).toBe(1);
  expect(map.replace(key, 4)).toBe(3);
  expect(map.getOrInsert(key, 5)).toBe(4);
  expect(map.take(key)).toBe(4);
  // The key is what it was when the call began.
  const computed = map.getOrInsertComputed(key, (given) => {
    expect(given).toBe(key);
    key[1] = 2;
    map.set(["user", 3], 30);
    return 10;
  });
  expect(computed).toBe(10);
  expect([...map]).toEqual([
    [["user", 1], 10],
    [["user", 3], 30],
  ]);
  map.verify();
  map.close();
});

describe("ranges", () => {
  const sessions = () => {
    const map = new MassTreeInline({ key: tuple("string", "number", descending(date)) });
    let i = 0;
    for (const user of ["us", "user", "user\0", "users"]) {
      for (const id of [-1, 0, 17, 170]) {
        for (const day of [1, 2, 3]) map.set([user, id, new Date(2026, 0, day)], i++);
      }
    }
    return map;
  };

  test("take the first members of a tuple", () => {
    const map = sessions();
    expect([...map.values({ prefix: [] })]).toHaveLength(48);
    expect([...map.values({ prefix: ["user"] })]).toHaveLength(12);
    expect([...map.keys({ prefix: ["user", 17] })]).toEqual(
      [3, 2, 1].map((day) => ["user", 17, new Date(2026, 0, day)]),
    );
    const whole = ["user", 17, new Date(2026, 0, 2)] as const;
    expect([...map.keys({ prefix: whole })]).toEqual([whole]);
    expect([...map.keys({ prefix: ["use"] })]).toEqual([]);
    expect([...map.keys({ prefix: ["user", 17], reverse: true, limit: 1 })]).toEqual([
      ["user", 17, new Date(2026, 0, 1)],
    ]);
    map.verify();
    map.close();
  });

  test("follow the codec's order: after a date in descending order is before it in time", () => {
    const map = new MassTreeInline({ key: descending(date) });
    for (const day of [1, 2, 3, 4]) map.set(new Date(2026, 0, day), day);
    expect([...map.values()]).toEqual([4, 3, 2, 1]);
    expect([...map.values({ gt: new Date(2026, 0, 3) })]).toEqual([2, 1]);
    expect(() => map.keys({ prefix: new Date() } as never)).toThrow(/have no prefixes/);
    map.close();
  });

  test("of tuples are those of a sorted array", () => {
    const member = fc.constantFrom<MixedKey>(null, "", "a", "a\0", 0, 1, 1n, true, [], ["a"]);
    const key = fc.array(member, { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 40 }), key, (keys, prefix) => {
        const map = new MassTreeInline({ key: list(mixed) });
        for (const key of keys) map.set(key, 1);
        const all = [...map.keys()];
        const begins = (key: readonly MixedKey[]) =>
          JSON.stringify(key.slice(0, prefix.length), bigint) === JSON.stringify(prefix, bigint);
        const expected = all.filter((key) => key.length >= prefix.length && begins(key));
        expect([...map.keys({ prefix })]).toEqual(expected);
        map.close();
      }),
      { numRuns: runs(30) },
    );
  });

  const bigint = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}n` : value);

  test("refuse a prefix that no key has", () => {
    const map = sessions();
    for (const prefix of ["user", ["user", "17"], ["user", 1, new Date(), 1], 5, null, {}]) {
      expect(() => map.keys({ prefix } as never)).toThrow(throws("MASSTREE_BAD_RANGE"));
    }
    map.close();
  });
});

const ipv4 = (name = "ipv4") =>
  keyCodec<string>({
    name,
    encode(key, target, offset) {
      target.set(key.split(".").map(Number), offset);
      return 4;
    },
    decode: (bytes) => bytes.join("."),
  });

describe("attach", () => {
  const codecs = [
    date,
    uuid,
    descending("string"),
    tuple("string", "number"),
    tuple("string", "bigint"),
    list("string"),
    mixed,
    ipv4(),
    ipv4("ipv4 "),
    tuple(ipv4()),
  ];

  test.each(codecs.map((codec) => [codec.kind, codec] as const))(
    "%s needs its codec",
    (kind, codec) => {
      const map = new MassTree<number, never>({ key: codec } as never);
      const users = map.stats().participants.length;
      expect(map.handle.key).toBe(kind);
      const handle = structuredClone(map.handle);
      expect(() => MassTree.attach(handle)).toThrow(throws("MASSTREE_BAD_OPTION"));
      expect(() => MassTree.attach(handle)).toThrow(`of kind "${kind}"`);
      for (const other of ["string", "number", ...codecs]) {
        if (typeof other !== "string" && other.kind === kind) continue;
        expect(() => MassTree.attach(handle, { key: other as never })).toThrow(
          throws("MASSTREE_BAD_OPTION"),
        );
      }
      for (const none of [{}, { ...codec }, "date", kind, null]) {
        expect(() => MassTree.attach(handle, { key: none as never })).toThrow(
          throws("MASSTREE_BAD_OPTION"),
        );
      }
      expect(map.stats().participants).toHaveLength(users);
      const same = MassTree.attach<number, never>(handle, { key: codec as never });
      expect(same.handle).toEqual(map.handle);
      same.close();
      map.verify();
      map.close();
    },
  );

  test("a kind with a name needs none, takes its own and refuses others", () => {
    const map = new MassTreeInline({ key: "number" });
    for (const options of [{}, { key: "number" }, { key: undefined }] as const) {
      MassTreeInline.attach<number, number>(map.handle, options).close();
    }
    expect(() => MassTreeInline.attach(map.handle, { key: date })).toThrow(
      throws("MASSTREE_BAD_OPTION"),
    );
    expect(() => MassTreeInline.attach(map.handle, { keys: date } as never)).toThrow(
      throws("MASSTREE_BAD_OPTION"),
    );
    map.close();
  });

  test("a handle that names another codec than its memory is refused", () => {
    const map = new MassTreeInline({ key: tuple("string", "number") });
    for (const key of ["string", "tuple(string,bigint)", "date", "", "tuple(string,number) "]) {
      expect(() => MassTreeInline.attach({ ...map.handle, key }, { key: date as never })).toThrow(
        throws("MASSTREE_BAD_HANDLE"),
      );
    }
    const named = new MassTreeInline();
    for (const key of ["date", "number", "tuple(string)"]) {
      expect(() => MassTreeInline.attach({ ...named.handle, key })).toThrow(
        throws("MASSTREE_BAD_HANDLE"),
      );
    }
    map.close();
    named.close();
  });

  test("another thread reads and writes the same tuples", async () => {
    const map = new MassTree<string, readonly [string, Date]>({ key: tuple("string", date) });
    map.set(["a", new Date(1)], "main");
    const worker = new Worker(new URL("programs/tuple-keys.mjs", import.meta.url), {
      workerData: map.handle,
    });
    const [code] = await once(worker, "exit");
    expect(code).toBe(0);
    expect([...map]).toEqual([
      [["a", new Date(1)], "main, worker"],
      [["b", new Date(2)], "MASSTREE_BAD_OPTION"],
    ]);
    map.verify();
    map.close();
  });
});
