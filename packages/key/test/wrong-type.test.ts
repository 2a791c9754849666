import { MassTreeBadKeyError } from "@masstree/errors";
import { describe, expect, test } from "vitest";
import { type KeyCodec, type KeyKind, keyCodecs } from "../src/index.ts";
import { encode } from "./helpers.ts";

class Point {}

const values: [kind: KeyKind | undefined, key: unknown, said: string][] = [
  ["string", "a", "a string"],
  ["number", 1, "a number"],
  ["bigint", 1n, "a bigint"],
  ["bytes", new Uint8Array(1), "an object of class Uint8Array"],
  ["bytes", Buffer.from("a"), "an object of class Buffer"],
  [undefined, undefined, "undefined"],
  [undefined, null, "null"],
  [undefined, true, "a boolean"],
  [undefined, Symbol("a"), "a symbol"],
  [undefined, () => 1, "a function"],
  [undefined, [1], "an object of class Array"],
  [undefined, new Point(), "an object of class Point"],
  [undefined, Object.create(null), "an object"],
  // Boxed primitives are objects, and equal to nothing but themselves.
  [undefined, new String("a"), "an object of class String"],
  [undefined, new Number(1), "an object of class Number"],
];

describe.each(Object.values(keyCodecs) as KeyCodec<unknown>[])("codec of $kind", (codec) => {
  test.each(values)("accepts or refuses a key of kind %s: %s", (kind, key, said) => {
    if (kind === codec.kind) {
      expect(encode(codec, key).length).toBeGreaterThan(0);
      return;
    }
    expect(() => encode(codec, key)).toThrow(MassTreeBadKeyError);
    expect(() => encode(codec, key)).toThrow(`as a key, not ${said}. Convert it first`);
    if (kind !== undefined) expect(() => encode(codec, key)).toThrow(`{ key: "${kind}" }`);
  });
});

test("each codec is listed under its kind, and the list cannot be changed", () => {
  for (const [kind, codec] of Object.entries(keyCodecs)) expect(codec.kind).toBe(kind);
  expect(Object.isFrozen(keyCodecs)).toBe(true);
});

test("describing a key in a message runs none of its code", () => {
  class Sly {}
  Object.defineProperty(Sly.prototype, "constructor", { get: () => expect.unreachable() });
  class Named {}
  Object.defineProperty(Named, "name", { get: () => expect.unreachable() });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  class LongName {}
  Object.defineProperty(LongName, "name", { value: "x".repeat(1000) });
  const own = {
    get constructor(): never {
      return expect.unreachable();
    },
  };
  for (const key of [new Sly(), new Named(), new LongName(), proxy]) {
    for (const codec of Object.values(keyCodecs) as KeyCodec<unknown>[]) {
      expect(() => encode(codec, key)).toThrow(MassTreeBadKeyError);
      expect(() => encode(codec, key)).toThrow("as a key, not an object. Convert it first");
    }
  }
  expect(() => encode(keyCodecs.string, own as never)).toThrow("an object of class Object");
});
