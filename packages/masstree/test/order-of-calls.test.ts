// The explorer runs compiled code only. What JavaScript does with boxes has a model there, in
// explorer/assembly/calls.ts. Here we check that the model makes the same calls in the same order, and that
// JavaScript reads no box once it has unpinned.
import { readFileSync } from "node:fs";
import { keyCodecs } from "@masstree/key";
import {
  PUT_ALWAYS,
  PUT_FULL,
  PUT_IF_ABSENT,
  PUT_IF_EQUAL,
  PUT_IF_PRESENT,
  PUT_INSERTED,
  PUT_REFUSED,
  PUT_REPLACED,
  Scan,
  TreeInstance,
} from "@masstree/tree";
import { afterEach, beforeEach, expect, test } from "vitest";
import { everything } from "../../tree/src/range.ts";
import { BoxValues } from "../src/box-values.ts";
import { type BoxExports, COPIED_BYTES } from "../src/exports.ts";
import { boxedModules } from "../src/modules.ts";
import { Values } from "../src/values.ts";

const model = readFileSync(new URL("explorer/assembly/calls.ts", import.meta.url), "utf8");

/** The calls in a function of the model, in the order of its text. */
function callsOf(name: string): string[] {
  const [, body] = new RegExp(`^export function ${name}<.*?\\{\\n(.*?)^\\}`, "ms").exec(model)!;
  return [...body!.matchAll(/\b(\w+)(?:<\w+>)?\(/g)]
    .map(([, call]) => call!)
    .filter((call) => call in tree.exports || call === "copyBytes" || call === "fillBox");
}

const long = new Uint8Array(COPIED_BYTES + 1).fill(7);
const longer = new Uint8Array(COPIED_BYTES + 2).fill(8);
const short = Uint8Array.of(1, 2);
const codec = keyCodecs.string;

let tree: TreeInstance<BoxExports>;
/** The exports that were called; "copyBytes" where JavaScript reads or fills a box. */
let calls: string[];
let boxes: { readonly address: number; readonly bytes: number }[];

beforeEach(() => {
  const plan = { width: 15, keyNumber: 0, valueNumber: 0, initialPages: 16, maximumPages: 64 };
  tree = TreeInstance.create<BoxExports>(boxedModules, plan);
  calls = [];
  boxes = [];
});

afterEach(() => tree.close());

const writeKey = (key: string) => codec.encode(key, tree.key, 0);

// A comparison by the test runner of so many bytes takes minutes if it fails.
const isSame = (one: Uint8Array | undefined, other: Uint8Array) =>
  one !== undefined && Buffer.compare(one, other) === 0;

/** Gives a key a value, and knows its box. */
function put(key: string, value: Uint8Array): void {
  const values = new BoxValues(tree, new Values<Uint8Array>("bytes", undefined));
  values.stage(value);
  expect(values.put(writeKey(key), PUT_ALWAYS)).not.toBe(PUT_FULL);
  const address = tree.exports.getBox(writeKey(key)) >>> 0;
  if (address === 0) return;
  tree.exports.unpin();
  boxes.push({ address, bytes: value.length });
}

/**
 * The values of the tree, as the map has them. Calls are noted. When the thread unpins, another one reuses all
 * boxes at once: whatever JavaScript reads from them after that is wrong.
 */
function watched(): { values: BoxValues<Uint8Array>; instance: TreeInstance<BoxExports> } {
  let depth = 0;
  const noted =
    (name: string, call: (...args: number[]) => number) =>
    (...args: number[]) => {
      calls.push(name);
      const result = call(...args);
      if (name === "pin" || (name === "getBox" && result !== 0)) depth++;
      if (name === "unpin" && --depth === 0) {
        for (const { address, bytes } of boxes) tree.all.bytes.fill(0xee, address, address + bytes);
      }
      return result;
    };
  const exports = Object.fromEntries(
    Object.entries(tree.exports).map(([name, call]) => [name, noted(name, call)]),
  );
  const instance = new Proxy(tree, {
    get: (target, name) => {
      if (name === "exports") return exports;
      const member: unknown = Reflect.get(target, name, target);
      if (name !== "reach") return typeof member === "function" ? member.bind(target) : member;
      return (end: number) => {
        if (calls.at(-1) !== "copyBytes") calls.push("copyBytes");
        return target.reach(end);
      };
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
  const values = new BoxValues(instance, new Values<Uint8Array>("bytes", undefined));
  return { values, instance };
}

test("a value that is longer than the scratch is read as by readBox, after a look whether it is", () => {
  put("key", long);
  const { values } = watched();
  expect(isSame(values.get(writeKey("key")), long)).toBe(true);
  const [getBox, copyOut, copy, unpin] = callsOf("readBox");
  expect(calls).toEqual([copyOut, getBox, copy, unpin]);
});

test("a value that is longer than the scratch is written as by fillBox", () => {
  const { values } = watched();
  values.stage(long);
  values.put(writeKey("key"), PUT_ALWAYS);
  const [allocateBox, copy, setBox, discardBox] = callsOf("fillBox");
  expect(calls).toEqual([allocateBox, copy, setBox]);
  calls = [];
  values.put(writeKey("other"), PUT_IF_PRESENT); // refused
  expect(calls).toEqual([allocateBox, copy, setBox, discardBox]);
});

test.each([
  ["swapIn", short, long.subarray(1)],
  ["swapBox", long, longer],
])("a value is replaced, and the former one read, as by %s", (name, former, next) => {
  put("key", former);
  const { values } = watched();
  values.stage(next);
  expect(values.swap(writeKey("key"), PUT_IF_PRESENT)).toBe(PUT_REPLACED);
  expect(isSame(values.previous(), former)).toBe(true);
  const expected = callsOf(name).flatMap((call) =>
    call === "fillBox" ? callsOf("fillBox") : call,
  );
  expect(calls).toEqual(expected.filter((call) => call !== "discardBox"));
});

test.each([
  ["short", short],
  ["long", long],
])("a %s value is taken as by takeOut", (_, value) => {
  put("key", value);
  const { values } = watched();
  expect(values.take(writeKey("key"))).toBe(true);
  expect(isSame(values.previous(), value)).toBe(true);
  const [pin, remove, copyPrevious, unpin] = callsOf("takeOut");
  // A box that is longer than the scratch is read as swapBox reads it.
  const reads = value === long ? ["previousBox", "copyBytes"] : [];
  expect(calls).toEqual([pin, remove, copyPrevious, ...reads, unpin]);
});

test("what an insertion finds is read as a get reads it, or in the middle as by swapIn", () => {
  put("key", long);
  const { values } = watched();
  values.stage(short);
  expect(values.swap(writeKey("key"), PUT_IF_ABSENT)).toBe(PUT_REFUSED);
  expect(isSame(values.previous(), long)).toBe(true);
  expect(values.swap(writeKey("other"), PUT_IF_ABSENT)).toBe(PUT_INSERTED);
  const [getBox, copyOut, copy, unpin] = callsOf("readBox");
  const inserting = callsOf("swapIn").filter((call) => call !== "copyPrevious");
  expect(calls).toEqual([copyOut, getBox, copy, unpin, copyOut, ...inserting]);
});

const comparedValues: [name: string, value: Uint8Array][] = [
  ["short", Uint8Array.of(1, 2, 3)],
  ["boxed", new Uint8Array(100).fill(9)],
  ["long", long],
];

/** A box that is longer than the scratch is read where it is. */
const comparing = (value: Uint8Array) => (value === long ? ["copyOut", "copyBytes"] : ["copyOut"]);

test.each(comparedValues)(
  "a %s value is compared and replaced while pinned, as by compareIn",
  (_, value) => {
    put("key", value);
    const { values } = watched();
    values.stage(short);
    expect(values.put(writeKey("key"), PUT_IF_EQUAL, value)).toBe(PUT_REPLACED);
    const [pin, , copyIn, unpin] = callsOf("compareIn");
    expect(calls).toEqual([pin, ...comparing(value), copyIn, unpin]);
  },
);

test.each(comparedValues)(
  "a %s value is compared and removed while pinned, as by compareOut",
  (_, value) => {
    put("key", value);
    const { values } = watched();
    expect(values.removeEqual(writeKey("key"), value)).toBe(true);
    const [pin, removeEqual, unpin] = callsOf("compareOut");
    expect(calls).toEqual([pin, ...comparing(value), removeEqual, unpin]);
  },
);

test.each(comparedValues)("a %s value that is not the expected one stays", (_, value) => {
  put("key", value);
  const { values } = watched();
  values.stage(short);
  for (const other of [value.subarray(1), value.map((byte) => byte ^ 1)]) {
    calls = [];
    expect(values.put(writeKey("key"), PUT_IF_EQUAL, other)).toBe(PUT_REFUSED);
    expect(values.removeEqual(writeKey("key"), other)).toBe(false);
    const compare = other.length === value.length ? comparing(value) : ["copyOut"];
    expect(calls).toEqual(["pin", ...compare, "unpin", "pin", ...compare, "unpin"]);
  }
});

/** The values that a scan gives. */
function scanned(values: BoxValues<Uint8Array>, instance: TreeInstance<BoxExports>): Uint8Array[] {
  const scan = new Scan(instance, codec, values, everything, Number.POSITIVE_INFINITY, true);
  const found: Uint8Array[] = [];
  while (scan.next()) found.push(scan.value());
  return found;
}

test("a scan copies values before it unpins, as scanBoxes does", () => {
  const given = Array.from({ length: 30 }, (_, i) => new Uint8Array(i % 2 ? 100 : 3).fill(i));
  for (const [index, value] of given.entries()) put(`key ${index + 10}`, value);
  const { values, instance } = watched();
  const found = scanned(values, instance);
  expect(found.length).toBe(given.length);
  // Those of the first batch: when the thread unpins after it, the boxes of the others are overwritten as well.
  expect(found.slice(0, 8)).toEqual(given.slice(0, 8));
  const expected = callsOf("scanBoxes");
  const batches = calls.filter((call) => expected.includes(call));
  // The first and the last batch are too small for it to pay to join the keys.
  const small = expected.filter((call) => call !== "joinKeys");
  expect(batches).toEqual([...small, ...expected, ...small]);
});

test("a scan copies a value that its scratch has no room for before it unpins, as scanLongBox does", () => {
  const huge = new Uint8Array(140_000).fill(7);
  put("a", huge);
  put("b", short);
  const { values, instance } = watched();
  const found = scanned(values, instance);
  expect(found.length).toBe(2);
  expect(isSame(found[0], huge) && isSame(found[1], short)).toBe(true);
  const isModelled = (call: string) => callsOf("scanLongBox").includes(call);
  expect(calls.filter(isModelled).slice(0, 5)).toEqual(callsOf("scanLongBox"));
});
