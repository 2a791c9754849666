// What the suite does not see of cursors: steps that are interrupted, codecs that move the cursor, and that nothing is
// held in between.
import { keyCodec } from "@masstree/key";
import { expect, test } from "vitest";
import { RangeCursor, TreeSource } from "../src/cursor.ts";
import type { ScanValues, TreeInstance } from "../src/index.ts";
import { everything } from "../src/range.ts";
import { WordMap } from "./word-map.ts";

const encode = (key: string) => new TextEncoder().encode(key);
const text = keyCodec({
  name: "text",
  encode(key: string, target, offset) {
    const bytes = encode(key);
    target.set(bytes, offset);
    return bytes.length;
  },
  decode: (bytes) => new TextDecoder().decode(bytes),
});

function filled(): WordMap {
  const map = new WordMap();
  for (const [i, key] of ["a", "b", "c", "d"].entries()) map.set(key, BigInt(i));
  return map;
}

test.each(["exports", "keep"])("CURSOR3: a step that is interrupted at %s stays", (where) => {
  const map = filled();
  let armed = false;
  const interrupt = (name: string) => {
    if (!armed || name !== where) return;
    armed = false;
    throw new RangeError("interrupted");
  };
  const values: ScanValues<string> = {
    pinned: false,
    keep: (buffer, count, keyBytes) => {
      interrupt("keep");
      buffer.fill(map.tree.result, count, keyBytes);
      return count;
    },
    read: () => "value",
  };
  const tree = new Proxy(map.tree, {
    get: (target, name) => {
      interrupt(String(name));
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  }) as unknown as TreeInstance;
  const cursor = new RangeCursor(new TreeSource(tree, text, values, encode), everything);
  cursor.seek("b");
  for (const step of [() => cursor.next(), () => cursor.previous(), () => cursor.seek("d")]) {
    armed = true;
    expect(step).toThrow(RangeError);
    expect(armed).toBe(false);
    expect(cursor.key).toBe("b");
    expect(cursor.value).toBe("value");
  }
  expect([cursor.next(), cursor.key]).toEqual([true, "c"]);
  expect([cursor.previous(), cursor.key]).toEqual([true, "b"]);
  map.close();
});

test("a codec that moves the cursor while it decodes gets the bytes of its own entry", () => {
  let meanwhile = () => {};
  const moving = keyCodec({
    name: "moving",
    encode: (key: string, target, offset) => text.encode(key, target, offset),
    decode(bytes) {
      meanwhile();
      return new TextDecoder().decode(bytes);
    },
  });
  const map = new WordMap<string>({ key: moving });
  for (const [i, key] of ["a", "b", "c", "d"].entries()) map.set(key, BigInt(i));
  const cursor = map.cursor();
  cursor.next();
  meanwhile = () => {
    meanwhile = () => {};
    cursor.next();
    cursor.next();
  };
  expect(cursor.key).toBe("a");
  expect(cursor.key).toBe("c");
  expect(cursor.value).toBe(2n);
  map.close();
});

test("CURSOR1: what was removed can be reclaimed while a cursor is at it", () => {
  const map = filled();
  const cursor = map.cursor();
  cursor.seek("b");
  map.clear();
  expect(map.tree.exports.quiesce()).toBe(1);
  expect([cursor.key, cursor.value]).toEqual(["b", 1n]);
  map.set("b", 7n).set("bb", 8n);
  expect([cursor.next(), cursor.key]).toEqual([true, "bb"]);
  expect([cursor.previous(), cursor.value]).toEqual([true, 7n]);
  map.verify();
  map.close();
});

test("a cursor goes through layers, in both directions", () => {
  const map = new WordMap();
  const keys = Array.from({ length: 300 }, (_, n) => `${"p".repeat((n % 4) * 9)}${n}`).sort();
  for (const key of keys) map.set(key, 0n);
  for (const reverse of [false, true]) {
    const cursor = map.cursor({ reverse });
    const found: string[] = [];
    while (cursor.next()) found.push(cursor.key!);
    expect(found).toEqual(reverse ? keys.toReversed() : keys);
    while (cursor.previous()) expect(cursor.key).toBe(found.pop());
    expect(found).toEqual([]);
  }
  map.close();
});
