import { MassTreeBadKeyError, MassTreeKeyTooLongError } from "@masstree/errors";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import {
  date,
  descending,
  type KeyCodec,
  list,
  MAX_KEY_BYTES,
  type MixedKey,
  mixed,
  tuple,
  uuid,
} from "../src/index.ts";
import { byteOrder, decode, encode } from "./helpers.ts";
import { hugeBigints } from "./kinds.ts";

const user = tuple("string", "number", date);

test("the types of the members are those of the key", () => {
  expectTypeOf(user).toEqualTypeOf<KeyCodec<readonly [string, number, Date]>>();
  expectTypeOf(tuple(tuple("bigint"), descending("bytes"), list(uuid))).toEqualTypeOf<
    KeyCodec<readonly [readonly [bigint], Uint8Array, readonly string[]]>
  >();
  expectTypeOf(list(mixed)).toEqualTypeOf<KeyCodec<readonly MixedKey[]>>();
});

test("a codec says what it is made of", () => {
  expect(tuple("string", tuple(descending(date), uuid), list(mixed)).kind).toBe(
    "tuple(string,tuple(descending(date),uuid),list(mixed))",
  );
});

test("a tuple that is the beginning of another comes first, also when it is nested", () => {
  const codec = tuple(list("string"), "number");
  const sorted: [string[], number][] = [
    [[], 9],
    [[""], 9],
    [["", ""], 9],
    [["\0"], 9],
    [["a"], 9],
    [["a", ""], 8],
    [["a", "a"], 7],
    [["a\0"], 6],
    [["aa"], 5],
  ];
  for (let i = 1; i < sorted.length; i++) {
    expect(byteOrder(encode(codec, sorted[i - 1]!), encode(codec, sorted[i]!))).toBe(-1);
  }
});

test("bigints in tuples may be larger than those that are keys themselves", () => {
  const codec = tuple("bigint");
  fc.assert(
    fc.property(hugeBigints, hugeBigints, (a, b) => {
      expect(byteOrder(encode(codec, [a]), encode(codec, [b]))).toBe(a < b ? -1 : a > b ? 1 : 0);
      expect(decode(codec, encode(codec, [a]))).toEqual([a]);
    }),
    { numRuns: runs(500) },
  );
  for (const key of [2n ** 2040n, -(2n ** 2040n), 10n ** 100_000n]) {
    expect(() => encode(codec, [key])).toThrow(/Member 0 of the key: .*at most 255 bytes/);
  }
});

test.each<[what: string, key: unknown, message: RegExp]>([
  ["no array", "user", /a tuple key is an array of its members, not a string/i],
  ["nothing", undefined, /not undefined/],
  ["an object like an array", { 0: "a", 1: 1, 2: new Date(), length: 3 }, /not an object/],
  ["too few members", ["user", 17], /needs 3 members, not 2/],
  ["too many members", ["user", 17, new Date(), 1], /needs 3 members, not 4/],
  ["a member of the wrong type", ["user", "17", new Date()], /Member 1 .* a number/],
  ["a hole", Object.assign(new Array(3), { 0: "user" }), /Member 1 .* undefined/],
  ["NaN", ["user", Number.NaN, new Date()], /Member 1 of the key: NaN/],
  ["a lone surrogate", ["\ud800", 1, new Date()], /Member 0 .* lone surrogate/],
  ["an invalid date", ["user", 1, new Date(Number.NaN)], /Member 2 .* invalid Date/],
])("%s is refused", (_, key, message) => {
  expect(() => encode(user, key as never)).toThrow(MassTreeBadKeyError);
  expect(() => encode(user, key as never)).toThrow(message);
});

test("a key is as long as it may be, with its escapes, or refused", () => {
  const codec = tuple("string");
  const most = "a".repeat(MAX_KEY_BYTES - 2);
  expect(encode(codec, [most])).toHaveLength(MAX_KEY_BYTES);
  expect(decode(codec, encode(codec, [most]))).toEqual([most]);
  const zeros = "\0".repeat((MAX_KEY_BYTES - 2) / 2);
  expect(encode(codec, [zeros])).toHaveLength(MAX_KEY_BYTES);
  expect(decode(codec, encode(codec, [zeros]))).toEqual([zeros]);
  for (const key of [`${most}a`, `${zeros}a`, `${zeros}\0`, "\0".repeat(MAX_KEY_BYTES)]) {
    expect(() => encode(codec, [key])).toThrow(MassTreeKeyTooLongError);
    expect(() => encode(descending("string"), key)).not.toThrow(MassTreeBadKeyError);
  }
  // The first member leaves no room for the second one.
  for (const other of [0, "a", 1n, new Date(0), [1], null, true, new Uint8Array(9)]) {
    const filler = "a".repeat(MAX_KEY_BYTES - 2);
    expect(() => encode(list(mixed), [filler, other])).toThrow(MassTreeKeyTooLongError);
  }
  expect(() => encode(list("number"), new Array(1e6).fill(0))).toThrow(MassTreeKeyTooLongError);
});

test("a descending key is as long as it may be, or refused", () => {
  const codec = descending("string");
  const most = "a".repeat(MAX_KEY_BYTES - 2);
  expect(decode(codec, encode(codec, most))).toBe(most);
  expect(() => encode(codec, `${most}a`)).toThrow(MassTreeKeyTooLongError);
  expect(() => encode(codec, `\0${most.slice(1)}`)).toThrow(MassTreeKeyTooLongError);
});

test("arrays within arrays are refused where they are too deep, and where they contain themselves", () => {
  const nest = (depth: number) => {
    let key: MixedKey = 1;
    for (let i = 0; i < depth; i++) key = [key];
    return key;
  };
  expect(decode(mixed, encode(mixed, nest(100)))).toEqual(nest(100));
  const endless: MixedKey[] = [];
  endless.push(endless);
  for (const key of [nest(101), nest(5000), endless]) {
    expect(() => encode(mixed, key)).toThrow(/up to 100 deep/);
  }
  expect(() => decode(mixed, new Uint8Array(60_000).fill(5))).toThrow(/up to 100 deep/);
});

test("each member is read once, and what reading throws is the caller's own error", () => {
  const reads: string[] = [];
  const spy = new Proxy(["a", 1, new Date(5)], {
    get(target, name, receiver) {
      reads.push(String(name));
      return Reflect.get(target, name, receiver);
    },
  });
  expect(encode(user, spy as never)).toEqual(encode(user, ["a", 1, new Date(5)]));
  expect(reads).toEqual(["length", "0", "1", "2"]);

  const mine = new Error("mine");
  const thrower = ["a", 1, new Date(5)];
  Object.defineProperty(thrower, 1, {
    get() {
      throw mine;
    },
  });
  expect(() => encode(user, thrower as never)).toThrow(mine);
  for (const length of [-1, 1.5, Number.NaN, 2 ** 60, "3"]) {
    const liar = new Proxy([], { get: (_, name) => (name === "length" ? length : 1) });
    expect(() => encode(list("number"), liar)).toThrow(/long|whole number|at most/);
  }
});

test("a getter that encodes other keys with the same codec does not disturb the key", () => {
  const key = ["outer", 1, new Date(1)];
  Object.defineProperty(key, 1, {
    get() {
      const inner = new Uint8Array(MAX_KEY_BYTES + 16);
      user.encode(["inner-inner-inner", 2, new Date(2)], inner, 0);
      return 1;
    },
  });
  expect(encode(user, key as never)).toEqual(encode(user, ["outer", 1, new Date(1)]));
});

test("what is no codec cannot be a member", () => {
  for (const other of ["strings", "date", "toString", undefined, {}, { ...date }, () => date]) {
    for (const make of [() => tuple("string", other as never), () => list(other as never)]) {
      expect(make).toThrow(expect.objectContaining({ code: "MASSTREE_BAD_OPTION" }));
    }
    expect(() => descending(other as never)).toThrow(/The option 'of' must be "string"/);
  }
});

test("a prefix is refused where a key with these members would be", () => {
  expect(() => user.prefixRange!(["a", "b"])).toThrow(/Member 1/);
  expect(() => user.prefixRange!(["a", 1, new Date(), 1])).toThrow(/at most 3 members/);
  expect(() => user.prefixRange!("a")).toThrow(/an array/);
  expect(() => mixed.prefixRange!(5)).toThrow(MassTreeBadKeyError);
  expect(user.prefixRange!([])).toEqual({ lower: new Uint8Array(), upper: Uint8Array.of(0xff) });
});

test.each<[what: string, prefix: MixedKey, inside: MixedKey, outside: MixedKey]>([
  ["a string", "us", "user", "urs"],
  ["a string with a zero", "us\0", "us\0er", "us"],
  ["bytes", Uint8Array.of(1, 0), Uint8Array.of(1, 0, 0xff), Uint8Array.of(1)],
  ["bytes that are all ones", Uint8Array.of(0xff), Uint8Array.of(0xff, 0xff), Uint8Array.of(0xfe)],
  ["a list", ["a"], ["a", null], ["a\0"]],
  ["an empty list", [], [null], "a"],
  ["a nested list", [[]], [[], 1], [[null]]],
])("keys of any kind that begin with %s", (_, prefix, inside, outside) => {
  const { lower, upper } = mixed.prefixRange!(prefix);
  const isIn = (key: MixedKey) => {
    const bytes = encode(mixed, key);
    return byteOrder(bytes, lower) >= 0 && byteOrder(bytes, upper!) < 0;
  };
  expect([prefix, inside, outside].map(isIn)).toEqual([true, true, false]);
});

test("a prefix as long as a key can be has the range of that key", () => {
  const codec = list("string");
  const key = ["a".repeat(MAX_KEY_BYTES - 2)];
  const { lower, upper } = codec.prefixRange!(key);
  expect(lower).toEqual(encode(codec, key));
  expect(byteOrder(lower, upper!)).toBe(-1);
  expect(upper!.length).toBeLessThanOrEqual(MAX_KEY_BYTES);
});
