import { beforeEach, describe, expect, it } from "vitest";
import { Difference } from "../src/failure.ts";
import { arrangeInput } from "../src/keys/order.ts";
import { KeyTable } from "../src/keys/packed.ts";
import { nativeMap } from "../src/maps/native-map.ts";
import { Checker, type Known } from "../src/quick/check.ts";
import { Expectation } from "../src/quick/expectation.ts";
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
/** Positions 0 and 1 are removed, 2 is being removed. */
const removing = new Expectation({ writing: "remove", from: 0, to: 3, writers: 1 }, [2]);

function scan(given: string, expected = everything, limit?: number): number {
  const entries = [...given].map((key) => [key, texts.indexOf(key)] as const);
  return checker.scan("entries()", entries, known.sorted, expected, limit);
}

describe("a checked scan", () => {
  it("takes the right entries and counts them", () => {
    expect(scan("abcde")).toBe(5);
    expect(scan("abc", everything, 3)).toBe(3);
  });

  it("takes keys that come and go as they are", () => {
    expect(scan("cde", removing)).toBe(3);
    expect(scan("de", removing)).toBe(2);
  });

  it.each([
    ["a key left out", "abde", everything, /gave "d" as entry 2 instead of "c"/],
    ["an end before the last key", "abcd", everything, /ended after 4 entries, before "e"/],
    ["a key given twice", "abbcde", everything, /gave "b" as entry 2/],
    ["keys out of order", "abdce", everything, /gave "d" as entry 2 instead of "c"/],
    ["a key never put in", "abcxde", everything, /gave "x" as entry 3 instead of "d"/],
    ["one after the last", "abcdex", everything, /gave "x" as entry 5, out of order or never put/],
    ["a key that was removed", "bde", removing, /gave "b", which was removed/],
    ["a kept key left out", "ce", removing, /gave "e" as entry 1 instead of "d"/],
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

  it("finds more entries than were asked for", () => {
    expect(() => scan("abcde", everything, 3)).toThrow("entries() gave more than 3 entries");
  });
});

describe("a checked get", () => {
  it.each([
    ["a missing key", undefined, "there", /get\("b"\) gave undefined instead of 1/],
    ["a wrong value", 7, "there", /"b" has the value 7 instead of 1/],
    ["a wrong value of a key that may be there", 7, "unknown", /"b" has the value 7 instead of 1/],
    ["a removed key", 1, "absent", /get\("b"\) gave 1 instead of nothing, it was removed/],
  ] as const)("finds %s", (_, found, certainty, message) => {
    expect(() => checker.found(1, found, certainty)).toThrow(message);
  });

  it("takes what is right, and either where both are", () => {
    checker.found(1, 1, "there");
    checker.found(1, 1, "unknown");
    checker.found(1, undefined, "unknown");
    checker.found(1, undefined, "absent");
  });
});
