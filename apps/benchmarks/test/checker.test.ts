import { beforeEach, describe, expect, it } from "vitest";
import { Checker, type Known } from "../src/check/checker.ts";
import { Expectation } from "../src/check/expectation.ts";
import { Difference } from "../src/failure.ts";
import { arrangeInput } from "../src/keys/order.ts";
import { KeyTable } from "../src/keys/packed.ts";
import { nativeMap } from "../src/maps/native-map.ts";
import { pack } from "./packed-keys.ts";

const texts = ["a", "b", "c", "d", "e"];
let known: Known;
let checker: Checker;

beforeEach(() => {
  const packed = pack(texts);
  const { sorted } = arrangeInput(packed, 1);
  const inOrder = Uint32Array.from(sorted);
  known = { keys: new KeyTable(packed), order: inOrder, position: inOrder, sorted };
  checker = new Checker(known, nativeMap, "here");
});

const everything = Expectation.quiet(0);
/** Positions 0 and 1 have been removed, 2 is being removed. */
const removing = new Expectation({ writing: "remove", from: 0, to: 3, writers: 1 }, [2]);

function scan(given: string, expected = everything, limit?: number): number {
  const entries = [...given].map((key) => [key, texts.indexOf(key)] as const);
  return checker.scan("entries()", entries, known.sorted, expected, limit);
}

describe("a checked scan", () => {
  it("accepts the right entries and counts them", () => {
    expect(scan("abcde")).toBe(5);
    expect(scan("abc", everything, 3)).toBe(3);
  });

  it("accepts keys that are being removed, present or not", () => {
    expect(scan("cde", removing)).toBe(3);
    expect(scan("de", removing)).toBe(2);
  });

  it.each([
    ["a missing key", "abde", everything, /yielded "d" as entry 2 instead of "c"/],
    ["an end before the last key", "abcd", everything, /ended after 4 entries, before "e"/],
    ["a repeated key", "abbcde", everything, /yielded "b" as entry 2/],
    ["keys out of order", "abdce", everything, /yielded "d" as entry 2 instead of "c"/],
    ["a key never inserted", "abcxde", everything, /yielded "x" as entry 3 instead of "d"/],
    [
      "a key after the last one",
      "abcdex",
      everything,
      /yielded "x" as entry 5: out of order, or never inserted/,
    ],
    ["a removed key", "bde", removing, /yielded "b", which was removed/],
    ["a missing key that was not removed", "ce", removing, /yielded "e" as entry 1 instead of "d"/],
  ])("finds %s", (_, given, expected, message) => {
    expect(() => scan(given, expected)).toThrow(Difference);
    expect(() => scan(given, expected)).toThrow(message);
  });

  it("finds a wrong value", () => {
    const entries = [["a", 3]] as const;
    expect(() => checker.scan("entries()", entries, known.sorted, everything)).toThrow(
      'here: "a" has the value 3 instead of 0',
    );
  });

  it("finds more entries than the limit", () => {
    expect(() => scan("abcde", everything, 3)).toThrow("entries() yielded more than 3 entries");
  });
});

describe("a checked get", () => {
  it.each([
    ["a missing key", undefined, "there", /get\("b"\) returned undefined instead of 1/],
    ["a wrong value", 7, "there", /"b" has the value 7 instead of 1/],
    ["a wrong value of a key that may be there", 7, "unknown", /"b" has the value 7 instead of 1/],
    ["a removed key", 1, "absent", /get\("b"\) returned 1 instead of nothing: the key was removed/],
  ] as const)("finds %s", (_, found, certainty, message) => {
    expect(() => checker.found(1, found, certainty)).toThrow(message);
  });

  it("accepts right answers, and both answers for a key that may be there", () => {
    checker.found(1, 1, "there");
    checker.found(1, 1, "unknown");
    checker.found(1, undefined, "unknown");
    checker.found(1, undefined, "absent");
  });
});
