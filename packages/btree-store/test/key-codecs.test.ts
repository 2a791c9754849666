// Keys of all codecs: what they infer, how they are recorded, and who is refused.
import { random, runs } from "@tooling/vitest/random";
import { MassTree } from "masstree";
import { msgpack } from "masstree/msgpack";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  BTreeStore,
  type Bucket,
  bucket,
  compressed,
  date,
  descending,
  keyCodec,
  list,
  type MixedKey,
  mixed,
  type StoreBucketError,
  type StoreErrorCode,
  tuple,
  uuid,
  type WriteTransaction,
} from "../src/index.ts";
import { CrashPoint, SimDisk } from "./support/sim-disk.ts";

const withCode = (code: StoreErrorCode | `MASSTREE_${string}`) => expect.objectContaining({ code });

function opened(disk = new SimDisk()): BTreeStore {
  return BTreeStore.open("disk", { vfs: disk, durability: "none", cacheBytes: 0 });
}

const ipv4 = (name = "ipv4") =>
  keyCodec<string>({
    name,
    encode(key, target, offset) {
      target.set(key.split(".").map(Number), offset);
      return 4;
    },
    decode: (bytes) => bytes.join("."),
  });

test("the types of keys follow from the codec, or from type arguments", () => {
  const users = bucket("users", { key: tuple("string", "number", date), value: "utf8" });
  expectTypeOf(users).toEqualTypeOf<Bucket<string, readonly [string, number, Date]>>();
  const given = bucket<number, ["user", number]>("given", { key: tuple("string", "number") });
  expectTypeOf(given).toEqualTypeOf<Bucket<number, ["user", number]>>();
  expectTypeOf(bucket("any", { key: list(mixed) })).toEqualTypeOf<
    Bucket<unknown, readonly MixedKey[]>
  >();
  expectTypeOf(bucket<number, Date>("dates", { key: descending(date) })).toEqualTypeOf<
    Bucket<number, Date>
  >();
  expectTypeOf(bucket("short", { key: uuid, value: compressed("utf8") })).toEqualTypeOf<
    Bucket<string, string>
  >();
  using store = opened();
  store.write(users, (txn) => {
    expectTypeOf(txn).toEqualTypeOf<WriteTransaction<string, readonly [string, number, Date]>>();
    txn.set(["a", 1, new Date(0)], "x");
    // @ts-expect-error: another kind of member
    expect(() => txn.get(["a", "b", new Date()])).toThrow(withCode("MASSTREE_BAD_KEY"));
    // @ts-expect-error: another first member
    expect(() => txn.keys({ prefix: [1] })).toThrow(withCode("MASSTREE_BAD_RANGE"));
  });
  // @ts-expect-error: these keys are dates
  bucket<number, number>("numbers", { key: date });
  for (const none of [{ ...date }, "date", {}, null, 5]) {
    expect(() => bucket("none", { key: none as never })).toThrow(withCode("MASSTREE_BAD_OPTION"));
  }
  const copied = { ...bucket("none", { key: date }), key: { ...date } } as never;
  expect(() => store.read(copied, () => 1)).toThrow(withCode("MASSTREE_BAD_OPTION"));
});

const id = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const other = "0190163d-8694-739b-aea5-966c26f8ad91";
const codecs: [codec: unknown, inOrder: unknown[]][] = [
  [date, [new Date(-5), new Date(0), new Date(2026, 1)]],
  [uuid, [other, id]],
  [descending("string"), ["b", "a\0", "a", ""]],
  [descending(date), [new Date(9), new Date(0)]],
  [
    tuple("string", "number"),
    [
      ["a", -1],
      ["a", 2],
      ["a\0", 0],
      ["b", -Infinity],
    ],
  ],
  [
    tuple("string", descending(date), "bytes"),
    [
      ["a", new Date(2), Uint8Array.of(255)],
      ["a", new Date(1), Uint8Array.of()],
    ],
  ],
  [list("bigint"), [[], [-(2n ** 70n)], [1n], [1n, 0n]]],
  [mixed, [null, "a", ["a", 1n], 5n, 5, true]],
  [ipv4(), ["9.0.0.1", "10.0.0.1"]],
  [tuple(ipv4(), "number"), [["10.0.0.9", 3]]],
];
const kindOf = (codec: unknown) => (codec as { kind: string }).kind;

describe.each(codecs.map(([codec, keys]) => [kindOf(codec), codec, keys] as const))(
  "keys of kind %s",
  (kind, codec, keys) => {
    const data = bucket<number>("data", { key: codec } as never);
    const filled = (disk: SimDisk) => {
      const store = opened(disk);
      store.write(data, (txn) => {
        [...keys].reverse().forEach((key, i) => {
          txn.set(key as string, keys.length - 1 - i);
        });
      });
      return store;
    };
    const expected = keys.map((key, i) => [key, i]);

    test("are in the order of the codec, also when the store was opened again", () => {
      const disk = new SimDisk();
      filled(disk).close();
      using store = opened(disk);
      store.check();
      expect(store.bucketInfo("data")).toMatchObject({ key: kind, value: "json" });
      store.read(data, (txn) => {
        expect([...txn]).toEqual(expected);
        expect([...txn.entries({ reverse: true })]).toEqual([...expected].reverse());
        expect([...txn.keys({ gt: keys[0] as string })]).toEqual(keys.slice(1));
        for (const [key, i] of expected) {
          expect(txn.get(key as string)).toBe(i);
          expect(txn.floor(key as string)).toEqual([key, i]);
        }
      });
      const txn = store.begin(data);
      expect(txn.take(keys[0] as string)).toBe(0);
      txn.set(keys[0] as string, 7);
      expect([...txn]).toEqual([[keys[0], 7], ...expected.slice(1)]);
      txn.commit();
      expect(store.read(data, (after) => after.first())).toEqual([keys[0], 7]);
      store.check();
    });

    test("need their codec, and refuse all others", () => {
      const disk = new SimDisk();
      filled(disk).close();
      using store = opened(disk);
      for (const use of [
        () => store.read("data", () => 1),
        () => store.write("data", () => 1),
        () => store.begin("data"),
      ]) {
        expect(use).toThrow(withCode("STORE_BUCKET"));
        expect(use).toThrow(`keys of kind "${kind}"`);
        expect(use).toThrow("the key codec must be passed");
      }
      for (const one of ["string", "bytes", ...codecs.map(([codec]) => codec), ipv4("ipv4 ")]) {
        if (typeof one === "object" && kindOf(one) === kind) continue;
        const wrong = bucket("data", { key: one } as never);
        expect(() => store.read(wrong, () => 1)).toThrow(withCode("STORE_BUCKET"));
      }
      // What is done by name alone needs none.
      expect(store.renameBucket("data", "other")).toBe(true);
      expect(store.bucketInfo("other")).toMatchObject({ key: kind, size: keys.length });
      store.compact();
      store.check();
      expect(store.dropBucket("other")).toBe(true);
    });

    test("go to a map and back in order", () => {
      using store = filled(new SimDisk());
      using map = store.read(data, (txn) =>
        MassTree.fromSorted(txn.entries(), { key: codec } as never),
      ) as unknown as MassTree<number>;
      expect([...map]).toEqual(expected);
      store.write(data, (txn) => {
        expect([...txn.diff(map)]).toEqual([]);
        txn.clear();
        txn.setMany(map);
        expect([...txn.keys()]).toEqual(keys);
      });
      store.check();
    });
  },
);

test("the first members of a tuple are a prefix, in all methods that take a range", () => {
  using store = opened();
  const visits = bucket("visits", { key: tuple("string", "number", descending(date)) });
  store.write(visits, (txn) => {
    for (const user of ["us", "user", "user\0", "users"]) {
      for (const page of [1, 17, 170]) {
        for (const day of [1, 2, 3]) txn.set([user, page, new Date(2026, 0, day)], day);
      }
    }
    expect(txn.count({ prefix: [] })).toBe(36);
    expect(txn.count({ prefix: ["user"] })).toBe(9);
    expect([...txn.values({ prefix: ["user", 17] })]).toEqual([3, 2, 1]);
    expect([...txn.values({ prefix: ["user", 17], reverse: true, limit: 2 })]).toEqual([1, 2]);
    expect(txn.first({ prefix: ["use"] })).toBeUndefined();
    expect(txn.last({ prefix: ["us"] })?.[0]).toEqual(["us", 170, new Date(2026, 0, 1)]);
    const cursor = txn.cursor({ prefix: ["user\0"] });
    expect([cursor.next(), cursor.key?.[0]]).toEqual([true, "user\0"]);
    expect(txn.popFirst({ prefix: ["users", 17] })?.[1]).toBe(3);
    expect(txn.clear({ prefix: ["users"] })).toBe(8);
    for (const prefix of ["user", ["user", "17"], ["user", 1, new Date(), 1], 5, null, {}]) {
      expect(() => txn.keys({ prefix } as never)).toThrow(withCode("MASSTREE_BAD_RANGE"));
    }
  });
  store.check();
});

test("a text is recorded up to 65,535 bytes, and may make a record that is longer than a page", () => {
  const disk = new SimDisk();
  const members = Array.from({ length: 700 }, () => "string" as const);
  const many = bucket("many", { key: tuple(...members) });
  const key = members.map((_, i) => `${i}`);
  {
    using store = opened(disk);
    store.write(many, (txn) => txn.set(key, 1));
    store.check();
    const wide = tuple(...Array.from({ length: 9362 }, () => "string" as const));
    expect(new TextEncoder().encode(wide.kind).length).toBeGreaterThan(65_535);
    expect(() => bucket("wide", { key: wide })).toThrow(withCode("MASSTREE_BAD_OPTION"));
  }
  using store = opened(disk);
  expect(store.read(many, (txn) => txn.get(key))).toBe(1);
  store.write("many other", (txn) => txn.set("k", 1));
  store.renameBucket("many", "renamed");
  store.compact();
  store.check();
  expect(store.bucketInfo("renamed")?.key).toBe(kindOf(many.key));
});

describe("values", () => {
  const dates = {
    encode: (value: Date) => new TextEncoder().encode(value.toISOString()),
    decode: (bytes: Uint8Array) => new Date(new TextDecoder().decode(bytes)),
  };
  const kinds: [text: string, value: unknown, sample: unknown][] = [
    ["json", "json", { a: [1, null] }],
    ["lossy-json", "lossy-json", [1]],
    ["structured", "structured", new Map([[1n, new Date(3)]])],
    ["utf8", "utf8", "grün\0"],
    ["bytes", "bytes", Uint8Array.of(0, 255)],
    ["custom", dates, new Date(5)],
    ['custom("dates")', { name: "dates", ...dates }, new Date(6)],
    // A name may be any text, also one that UTF-8 does not have.
    ['custom("dat\\"esö\\ud83d")', { name: 'dat"esö\ud83d', ...dates }, new Date(7)],
    ['custom("msgpack")', msgpack(), { at: new Date(8), bytes: Uint8Array.of(1) }],
    ['custom("compressed(utf8)")', compressed("utf8"), "long ".repeat(2000)],
    ['custom("compressed(\\"msgpack\\")")', compressed(msgpack()), ["x".repeat(3000)]],
  ];

  test.each(kinds)("%s are recorded by that, and come back", (text, value, sample) => {
    const disk = new SimDisk();
    const data = bucket<unknown>("data", { value } as never);
    {
      using store = opened(disk);
      store.write(data, (txn) => txn.set("k", sample));
    }
    using store = opened(disk);
    expect(store.bucketInfo("data")).toMatchObject({ key: "string", value: text });
    expect(store.read(data, (txn) => txn.get("k"))).toEqual(sample);
    for (const [otherText, otherValue] of kinds) {
      if (otherText === text) continue;
      const wrong = bucket("data", { value: otherValue } as never);
      expect(() => store.read(wrong, () => 1)).toThrow(withCode("STORE_BUCKET"));
    }
    if (text.startsWith("custom")) {
      const byName = () => store.read("data", () => 1);
      expect(byName).toThrow(withCode("STORE_BUCKET"));
      expect(byName).toThrow("the value codec must be passed");
    } else {
      expect(store.read("data", (txn) => txn.get("k"))).toEqual(sample);
    }
    store.check();
  });

  test("of a codec with another name are refused, and it is said what to do", () => {
    using store = opened();
    store.write(bucket("data", { value: msgpack() }), (txn) => txn.set("k", 1));
    const others = [msgpack({ useFloat32: 1 } as never), { ...msgpack(), name: undefined }];
    for (const value of others) {
      let error: StoreBucketError | undefined;
      try {
        store.read(bucket("data", { value } as never), () => 1);
      } catch (caught) {
        error = caught as StoreBucketError;
      }
      expect(error?.code).toBe("STORE_BUCKET");
      expect(error?.message).toContain('custom("msgpack")');
      expect(error?.message).toContain("recorded by its 'name'");
    }
    expect(() => bucket("data", { value: { ...msgpack(), name: 5 } } as never)).toThrow(
      withCode("MASSTREE_BAD_OPTION"),
    );
  });
});

test("a crash leaves a bucket with its codecs and its entries, or none", () => {
  const draw = random(71);
  const disk = new SimDisk();
  const members = Array.from({ length: 500 }, () => "string" as const);
  // One text is in the record's leaf, the other in a chain.
  const short = bucket("short", { key: tuple("string", date), value: msgpack<number>() });
  const long = bucket<number, string[]>("long", { key: tuple(...members) });
  const key = members.map(String);
  {
    using store = BTreeStore.open("disk", { vfs: disk, cacheBytes: 0 });
    store.write(short, (txn) => txn.set(["a", new Date(1)], 1));
    store.write(long, (txn) => txn.set(key, 1));
    store.writeMany((m) => {
      m.bucket(short).set(["b", new Date(2)], 2);
      m.bucket(long).set(key, 2);
    });
    store.renameBucket("long", "other");
    store.compact();
    store.dropBucket("other");
  }
  const seen = new Set<string>();
  for (let length = 0; length <= disk.log.length; length++) {
    for (const file of new CrashPoint(new Uint8Array(0), disk.log.slice(0, length)).some(3, draw)) {
      using store = opened(new SimDisk(file));
      store.check();
      const entries: unknown[] = [];
      for (const name of store.buckets()) {
        const is = name === "short" ? short : { ...long, name };
        expect(store.bucketInfo(name)?.key).toBe(kindOf(is.key));
        const found = store.read(is as Bucket<number, never>, (txn) => [...txn.values()]);
        entries.push([name, found]);
      }
      seen.add(JSON.stringify(entries));
    }
  }
  expect([...seen]).toEqual(
    [
      [],
      [["short", [1]]],
      [
        ["long", [1]],
        ["short", [1]],
      ],
      [
        ["long", [2]],
        ["short", [1, 2]],
      ],
      [
        ["other", [2]],
        ["short", [1, 2]],
      ],
      [["short", [1, 2]]],
    ].map((entries) => JSON.stringify(entries)),
  );
});

describe("a codec that runs the caller's code", () => {
  let meanwhile = () => {};
  const busy = keyCodec<string>({
    name: "busy",
    encode(key, target, offset) {
      meanwhile();
      const bytes = new TextEncoder().encode(key);
      target.set(bytes, offset);
      return bytes.length;
    },
    decode(bytes) {
      meanwhile();
      return new TextDecoder().decode(bytes);
    },
  });
  const data = bucket<unknown, string>("busy", { key: busy });
  const once = (act: () => void) => {
    meanwhile = () => {
      meanwhile = () => {};
      act();
    };
  };

  test("may use the transaction while it encodes and decodes", () => {
    using store = opened();
    for (const use of ["write", "begin"] as const) {
      const work = (txn: WriteTransaction<unknown, string>) => {
        txn.clear();
        const disturb = () =>
          once(() => {
            txn.set("zz/other", "y".repeat(600));
            txn.get("zz/other");
            txn.delete("zz/other");
          });
        const calls: [() => unknown, unknown][] = [
          [() => txn.set("a", { v: 1 }) === txn, true],
          [() => txn.get("a"), { v: 1 }],
          [() => txn.setIfAbsent("b", 2), true],
          [() => txn.exchange("b", 3), 2],
          [() => txn.replace("b", 4), 3],
          [() => txn.compareAndSet("b", 4, 5), true],
          [() => txn.update("b", (old) => (old as number) + 1), 6],
          [() => txn.getOrInsertComputed("c", (key) => `${key}!`), "c!"],
          [() => txn.setMany([["d", 1]]).deleteMany(["d", "e"]), 1],
          [
            () => [...txn.entries({ gte: "a" })],
            [
              ["a", { v: 1 }],
              ["b", 6],
              ["c", "c!"],
            ],
          ],
          [() => txn.floor("bb"), ["b", 6]],
          [() => txn.cursor().seek("b"), true],
          [() => txn.popFirst(), ["a", { v: 1 }]],
          [() => txn.take("c"), "c!"],
          [() => txn.has("b") && txn.delete("b"), true],
        ];
        for (const [call, wanted] of calls) {
          disturb();
          expect(call()).toEqual(wanted);
        }
        meanwhile = () => {};
        expect(txn.size).toBe(0);
      };
      if (use === "write") {
        store.write(data, work);
      } else {
        const txn = store.begin(data);
        work(txn);
        txn.commit();
      }
      store.check();
    }
  });

  test("may end the transaction: then the operation throws, and nothing was written", () => {
    using store = opened();
    store.write(data, (txn) => txn.set("a", 1));
    const operations: ((txn: WriteTransaction<unknown, string>) => unknown)[] = [
      (txn) => txn.get("a"),
      (txn) => txn.set("b", 1),
      (txn) => txn.update("b", () => 1),
      (txn) => txn.floor("b"),
      (txn) => txn.count({ gt: "b" }),
      (txn) => txn.setMany([["b", 1]]),
      (txn) => txn.clear({ gt: "a" }),
      (txn) => txn.cursor({ gt: "a" }),
      (txn) => txn.splitPoints(2, { gt: "a" }),
      (txn) => txn.setStream("b", [Uint8Array.of(1)]),
    ];
    for (const operation of operations) {
      const txn = store.begin(data);
      once(() => txn.abort());
      expect(() => operation(txn)).toThrow(withCode("STORE_ENDED"));
    }
    meanwhile = () => {};
    expect(store.read(data, (txn) => [...txn])).toEqual([["a", 1]]);
    store.check();
  });

  test("names the key of a conflict, decoded", () => {
    using store = opened();
    const pairs = bucket("pairs", { key: tuple("string", date), value: "utf8" });
    const txn = store.begin(pairs);
    txn.set(["a", new Date(1)], "mine");
    store.write(pairs, (other) => other.set(["a", new Date(1)], "theirs"));
    expect(() => txn.commit()).toThrow(
      expect.objectContaining({ code: "STORE_CONFLICT", key: ["a", new Date(1)] }),
    );
  });
});

test("random tuples are those of a map, whatever is done and however often the store is opened", () => {
  const draw = random(70);
  for (let round = 0; round < runs(3); round++) {
    const disk = new SimDisk();
    const codec = tuple("string", descending("number"));
    const data = bucket("data", { key: codec, value: "utf8" });
    using map = new MassTree({ key: codec, value: "utf8" });
    for (let n = 0; n < 5; n++) {
      using store = opened(disk);
      store.write(data, (txn) => {
        for (let i = 0; i < 150; i++) {
          const key = [
            "ab\0\u{1f333}".slice(0, Math.floor(draw() * 4)).replace("\ud83c", ""),
            Math.floor(draw() * 60) - 30,
          ] as const;
          if (draw() < 0.3) {
            expect(txn.delete(key)).toBe(map.delete(key));
          } else {
            const value = "v".repeat(Math.floor(draw() * (draw() < 0.05 ? 5000 : 50)));
            txn.set(key, value);
            map.set(key, value);
          }
        }
      });
      store.read(data, (txn) => {
        expect([...txn]).toEqual([...map]);
        for (const prefix of [[], [""], ["a"], ["ab"]] as const) {
          expect([...txn.keys({ prefix })]).toEqual([...map.keys({ prefix })]);
        }
      });
      store.check();
    }
  }
});
