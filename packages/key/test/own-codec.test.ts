// Codecs of the caller's own that do what they must not. What they do to a map is tested in
// @masstree/tree.
import {
  MassTreeBadKeyError,
  MassTreeBadOptionError,
  MassTreeKeyTooLongError,
} from "@masstree/errors";
import { expect, test } from "vitest";
import { descending, type KeyCodec, keyCodec, list, MAX_KEY_BYTES, tuple } from "../src/index.ts";
import { decode, encode } from "./helpers.ts";

type Encode = (key: string, target: Uint8Array, offset: number) => number;

function own(encode: Encode, name = "own"): KeyCodec<string> {
  return keyCodec<string>({ name, encode, decode: (bytes) => Buffer.from(bytes).toString() });
}

const write = (text: string, target: Uint8Array, offset: number) =>
  Buffer.from(target.buffer, target.byteOffset).write(text, offset);

test.each<[unknown]>([
  [Number.NaN],
  [-1],
  [1.5],
  [Number.POSITIVE_INFINITY],
  [2 ** 32 + 3 + 0.5],
  ["3"],
  [undefined],
  [null],
  [3n],
  [{ valueOf: () => 3 }],
])("a length of %s is refused", (length) => {
  const codec = own(() => length as number);
  for (const bad of [codec, descending(codec)]) {
    expect(() => encode(bad, "a")).toThrow(MassTreeBadKeyError);
    expect(() => encode(bad, "a")).toThrow(/returns how many bytes it wrote/);
  }
  expect(() => encode(tuple("string", codec), ["a", "a"])).toThrow(/Member 1 of the key/);
});

test.each([MAX_KEY_BYTES + 1, MAX_KEY_BYTES + 16, 2 ** 32, 2 ** 53])(
  "a length of %d is too long",
  (length) => {
    expect(() =>
      encode(
        own(() => length),
        "a",
      ),
    ).toThrow(MassTreeKeyTooLongError);
  },
);

test("-0 bytes are no bytes", () => {
  expect(
    encode(
      own(() => -0),
      "a",
    ),
  ).toHaveLength(0);
});

test("writing beyond the key changes nothing but the key", () => {
  // `encode` of the helpers throws if anything else was written.
  const codec = own((key, target, offset) => {
    target.fill(0xee);
    new Uint8Array(target.buffer).fill(0xee);
    return write(key, target, offset);
  });
  expect(decode(codec, encode(codec, "abc"))).toBe("abc");
  expect(decode(tuple("number", codec), encode(tuple("number", codec), [1, "abc"]))).toEqual([
    1,
    "abc",
  ]);
});

test("an array that is kept, transferred or changed is not the map's", () => {
  const kept: Uint8Array[] = [];
  const keeps = own((key, target, offset) => {
    for (const old of kept) old.fill(0xee);
    kept.push(target);
    return write(key, target, offset);
  });
  const first = encode(keeps, "first");
  const second = encode(keeps, "second");
  for (const old of kept) old.fill(0xee);
  expect(decode(keeps, first)).toBe("first");
  expect(decode(keeps, second)).toBe("second");

  const transfers = own((_, target) => {
    structuredClone(target, { transfer: [target.buffer as ArrayBuffer] });
    return 3;
  });
  expect(() => encode(transfers, "a")).toThrow(/has transferred the array/);

  const ran: string[] = [];
  const dresses = own((key, target, offset) => {
    const length = write(key, target, offset);
    for (const name of ["subarray", "slice", "set", "length", "buffer", "byteOffset"]) {
      Object.defineProperty(target, name, {
        get: () => ran.push(name),
        configurable: true,
      });
    }
    Object.setPrototypeOf(target, null);
    return length;
  });
  expect(Buffer.from(encode(dresses, "x".repeat(100))).toString()).toBe("x".repeat(100));
  expect(ran).toEqual([]);
});

test("a codec that throws throws its own error, and the next key is not disturbed", () => {
  const mine = new Error("mine");
  let throws = true;
  const codec = own((key, target, offset) => {
    write("garbage".repeat(9), target, offset);
    if (throws) throw mine;
    return write(key, target, offset);
  });
  for (const bad of [codec, descending(codec)]) expect(() => encode(bad, "a")).toThrow(mine);
  expect(() => encode(list(codec), ["a"])).toThrow(mine);
  throws = false;
  expect(decode(codec, encode(codec, "abc"))).toBe("abc");
});

test("a codec that encodes with itself, at any depth, gets its own memory each time", () => {
  const codec: KeyCodec<string> = own((key, target, offset) => {
    const half = write(key.slice(0, 1), target, offset);
    if (key.length === 1) return half;
    const rest = new Uint8Array(MAX_KEY_BYTES + 16);
    const length = codec.encode(key.slice(1), rest, 0);
    target.set(rest.subarray(0, length), offset + half);
    return half + length;
  });
  expect(decode(codec, encode(codec, "abcdefghij"))).toBe("abcdefghij");
  const nested = tuple(codec, descending(codec));
  expect(decode(nested, encode(nested, ["abcdefghij", "xyz"]))).toEqual(["abcdefghij", "xyz"]);
});

test("decode gets a copy, and what it returns or throws is the caller's", () => {
  const mine = new Error("mine");
  const codec = keyCodec<unknown>({
    name: "odd",
    encode: (key, target, offset) => write(String(key), target, offset),
    decode(bytes) {
      bytes.fill(0xee);
      if (bytes.length === 1) throw mine;
      return undefined;
    },
  });
  const bytes = encode(codec, "ab");
  expect(codec.decode(bytes, 0, 2)).toBe(undefined);
  expect(Buffer.from(bytes).toString()).toBe("ab");
  expect(() => codec.decode(bytes, 0, 1)).toThrow(mine);
  const pairs = tuple(codec, codec);
  expect(decode(pairs, encode(pairs, ["ab", "cd"]))).toEqual([undefined, undefined]);
});

test("the functions are read once, and called without the object's `this`", () => {
  let reads = 0;
  const codec = keyCodec<string>({
    get name() {
      reads++;
      return "own";
    },
    get encode() {
      reads++;
      return (key: string, target: Uint8Array, offset: number) => write(key, target, offset);
    },
    get decode() {
      reads++;
      return String;
    },
  });
  encode(codec, "a");
  encode(codec, "b");
  expect(reads).toBe(3);
});

const good = { name: "own", encode: () => 0, decode: () => "" };

test.each<[unknown]>([
  [undefined],
  [null],
  ["string"],
  [() => 1],
  [{}],
  [{ ...good, name: undefined }],
  [{ ...good, name: "" }],
  [{ ...good, name: "a".repeat(101) }],
  [{ ...good, name: 5 }],
  [{ ...good, encode: undefined }],
  [{ ...good, decode: "decode" }],
  [{ ...good, order: 1 }],
  [[]],
])("%s is no codec", (codec) => {
  expect(() => keyCodec(codec as never)).toThrow(MassTreeBadOptionError);
});

test("no name passes for another codec", () => {
  for (const name of ["string", 'a")', "\ud800", 'x"),own("y']) {
    expect(own(() => 0, name).kind).toBe(`own(${JSON.stringify(name)})`);
  }
});
