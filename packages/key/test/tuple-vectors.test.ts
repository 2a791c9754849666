// Bytes that others publish for FoundationDB's tuple layer: the test cases of its specification
// (design/tuple.md), and integers and doubles from the tests of its bindings.
import { expect, test } from "vitest";
import { list, type MixedKey, mixed } from "../src/index.ts";
import { decode, encode } from "./helpers.ts";

const packed = list(mixed);
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));

const vectors: [what: string, members: readonly MixedKey[], hex: string][] = [
  ["bytes with a zero", [bytes("foo\0bar")], "01666f6f00ff62617200"],
  ["a string with a zero", ["F\u00d4O\0bar"], "0246c3944f00ff62617200"],
  ["a nested tuple", [[bytes("foo\0bar"), null, []]], "0501666f6f00ff6261720000ff050000"],
  ["an empty nested tuple", [[]], "0500"],
  ["a nested null", [[null]], "0500ff00"],
  ["null", [null], "00"],
  ["false", [false], "26"],
  ["true", [true], "27"],
  ["0", [0n], "14"],
  ["1", [1n], "1501"],
  ["-1", [-1n], "13fe"],
  ["-5551212", [-5551212n], "11ab4b93"],
  ["100", [100n], "1564"],
  ["10000", [10000n], "162710"],
  ["-100", [-100n], "139b"],
  ["-10000", [-10000n], "12d8ef"],
  ["-1000000", [-1000000n], "11f0bdbf"],
  ["255", [255n], "15ff"],
  ["256", [256n], "160100"],
  ["-255", [-255n], "1300"],
  ["-256", [-256n], "12feff"],
  ["65536", [65536n], "17010000"],
  ["-65536", [-65536n], "11feffff"],
  ["-(2^32) + 1", [-4294967295n], "1000000000"],
  ["2^63 - 1", [2n ** 63n - 1n], "1c7fffffffffffffff"],
  ["2^63", [2n ** 63n], "1c8000000000000000"],
  ["2^64 - 1", [2n ** 64n - 1n], "1cffffffffffffffff"],
  ["2^64", [2n ** 64n], "1d09010000000000000000"],
  ["2^65 - 2", [2n ** 65n - 2n], "1d0901fffffffffffffffe"],
  ["2^128 - 1", [2n ** 128n - 1n], `1d10${"ff".repeat(16)}`],
  ["-(2^63)", [-(2n ** 63n)], "0c7fffffffffffffff"],
  ["-(2^63) - 1", [-(2n ** 63n) - 1n], "0c7ffffffffffffffe"],
  ["-(2^64) + 1", [-(2n ** 64n) + 1n], "0c0000000000000000"],
  ["-(2^64)", [-(2n ** 64n)], "0bf6feffffffffffffffff"],
  ["-(2^65) + 2", [-(2n ** 65n) + 2n], "0bf6fe0000000000000001"],
  ["3.14", [3.14], "21c0091eb851eb851f"],
  ["-3.14", [-3.14], "213ff6e147ae147ae0"],
  ["several members", ["a", 1n, [true]], "0261001501052700"],
];

test.each(vectors)("%s", (_, members, hex) => {
  expect(Buffer.from(encode(packed, members)).toString("hex")).toBe(hex);
  expect(decode(packed, Uint8Array.from(Buffer.from(hex, "hex")))).toStrictEqual(members);
});

// What other bindings write and no key here is: refused, not misread.
test.each([
  ["a 32-bit float", "203dd7ffff"],
  ["an 80-bit float", "22bff99999999999999a00"],
  ["-0", "217fffffffffffffff"],
  ["NaN", "21fff8000000000000"],
  ["a UUID", `30${"00".repeat(16)}`],
  ["a versionstamp", `33${"aa".repeat(12)}`],
  ["the old nested tuple", "0304"],
  ["a code of an application", "4f"],
  ["an escape", "ff"],
  ["an integer with a leading zero", "160001"],
  ["2^64 - 1 as a long integer", "1d08ffffffffffffffff"],
  ["an integer that ends early", "1801"],
  ["a string that ends early", "0261"],
  ["a string that ends in an escape", "026100ff"],
  ["a nested tuple that ends early", "051501"],
])("%s does not decode", (_, hex) => {
  const garbage = Uint8Array.from(Buffer.from(hex, "hex"));
  expect(() => decode(packed, garbage)).toThrow(
    expect.objectContaining({ code: "MASSTREE_BAD_KEY" }),
  );
});
