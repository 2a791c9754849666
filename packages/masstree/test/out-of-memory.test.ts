// Out of memory at every allocation that an operation on boxed values makes: the map is as it was, no
// block is lost, and the same operation succeeds when there is memory again.
import "./debug.ts";
import { treeOf, verify } from "@masstree/tree";
import { describe, expect, test } from "vitest";
import { sharing } from "../../tree/test/support/sharing.ts";
import { MassTree, MassTreeFullError } from "../src/index.ts";

interface Exports {
  /** How many allocations succeed before one fails; that one sets it back to -1. */
  readonly failAfter: WebAssembly.Global<"i32">;
  liveBlocks(): number;
  liveBytes(): number;
  quiesce(): number;
}

type Bytes = MassTree<Uint8Array>;
type Change =
  | ["set" | "replace" | "exchange" | "setIfAbsent" | "getOrInsert", key: string, length: number]
  | ["compareAndSet" | "update", key: string, length: number | undefined]
  | ["setMany", key: string, length: number]
  | ["delete" | "take", key: string]
  | ["clear"];

/** Lengths of values: in the value word, in a box, in one of some pages, and too long for the scratch. */
const SHORT = 3;
const LONG = 100;
const LONGER = 5000;
const HUGE = 100 * 1024;

function payload(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + length + seed) % 251);
}

const stem = "a stem that is several slices long, ";
const tens = (count: number): [string, number][] =>
  Array.from({ length: count }, (_, i) => [
    `k${String(10 * i).padStart(6, "0")}`,
    i % 2 ? LONG : 2,
  ]);

/** With one more key that begins with the stem, these become a layer; there is no room in their leaf for another. */
const crowd = (width: number, length: number, end = ""): [string, number][] =>
  Array.from({ length: sharing(width) }, (_, i) => [`${stem}0${i}${end}`, length]);

/**
 * What is there before, the change, and whether it needs memory: then it is refused at least once, unless
 * a smaller block would do as well, which is asked for when there is no large one ("less").
 */
const cases: Record<
  string,
  (width: number) => {
    before: [key: string, length: number][];
    change: Change;
    needs: boolean | "less";
  }
> = {
  "a new key with a short value": () => ({ before: [], change: ["set", "k", SHORT], needs: false }),
  "a new key with a long value": () => ({ before: [], change: ["set", "k", LONG], needs: true }),
  "a new key with a longer value": () => ({
    before: [],
    change: ["set", "k", LONGER],
    needs: true,
  }),
  "a new key with a huge value": () => ({ before: [], change: ["set", "k", HUGE], needs: true }),
  "a short value in place of a long one": () => ({
    before: [["k", LONG]],
    change: ["set", "k", SHORT],
    needs: false,
  }),
  "a long value in place of a short one": () => ({
    before: [["k", SHORT]],
    change: ["set", "k", LONG],
    needs: true,
  }),
  "a long value in place of a long one": () => ({
    before: [["k", LONG]],
    change: ["set", "k", LONG],
    needs: true,
  }),
  "a huge value in place of a short one": () => ({
    before: [["k", SHORT]],
    change: ["set", "k", HUGE],
    needs: true,
  }),
  "a huge value in place of a huge one": () => ({
    before: [["k", HUGE]],
    change: ["set", "k", HUGE],
    needs: true,
  }),
  "a short value in place of a huge one": () => ({
    before: [["k", HUGE]],
    change: ["set", "k", SHORT],
    needs: false,
  }),
  "a long value that replaces a long one": () => ({
    before: [["k", LONG]],
    change: ["replace", "k", LONG],
    needs: true,
  }),
  "a huge value that replaces a huge one": () => ({
    before: [["k", HUGE]],
    change: ["replace", "k", HUGE],
    needs: true,
  }),
  "a short value that replaces a huge one": () => ({
    before: [["k", HUGE]],
    change: ["replace", "k", SHORT],
    needs: false,
  }),
  "a long value in exchange for a huge one": () => ({
    before: [["k", HUGE]],
    change: ["exchange", "k", LONG],
    needs: true,
  }),
  "a huge value in exchange for none": () => ({
    before: [],
    change: ["exchange", "k", HUGE],
    needs: true,
  }),
  "a long value for an absent key": () => ({
    before: [["j", LONG]],
    change: ["setIfAbsent", "k", LONG],
    needs: true,
  }),
  "a long value for a key that is there": () => ({
    before: [["k", LONG]],
    change: ["setIfAbsent", "k", LONG],
    needs: false,
  }),
  "a huge value to insert": () => ({
    before: [["j", LONG]],
    change: ["getOrInsert", "k", HUGE],
    needs: true,
  }),
  "a huge value to insert for a key that is there": () => ({
    before: [["k", HUGE]],
    change: ["getOrInsert", "k", HUGE],
    needs: false,
  }),
  "a value to insert that splits a leaf": (width) => ({
    before: tens(width),
    change: ["getOrInsert", "k000005", LONG],
    needs: true,
  }),
  "a long value for a long one that is compared": () => ({
    before: [["k", LONG]],
    change: ["compareAndSet", "k", LONG],
    needs: true,
  }),
  "a huge value for a huge one that is compared": () => ({
    before: [["k", HUGE]],
    change: ["compareAndSet", "k", HUGE],
    needs: true,
  }),
  "no value for a huge one that is compared": () => ({
    before: [["k", HUGE]],
    change: ["compareAndSet", "k", undefined],
    needs: false,
  }),
  "an update of a huge value": () => ({
    before: [["k", HUGE]],
    change: ["update", "k", LONG],
    needs: true,
  }),
  "an update that splits a leaf": (width) => ({
    before: tens(width),
    change: ["update", "k000005", LONG],
    needs: true,
  }),
  "many values, of which the last one splits a leaf": (width) => ({
    before: tens(width),
    change: ["setMany", "k000005", LONG],
    needs: true,
  }),
  "an update that removes": () => ({
    before: [["k", HUGE]],
    change: ["update", "k", undefined],
    needs: false,
  }),
  "a long value that splits a leaf": (width) => ({
    before: tens(width),
    change: ["set", "k000005", LONG],
    needs: true,
  }),
  "a short value that splits a leaf": (width) => ({
    before: tens(width),
    change: ["set", "k000005", SHORT],
    needs: true,
  }),
  "a long value that splits up to a new root": (width) => ({
    before: tens(width * (width + 1)),
    change: ["set", "k000005", LONG],
    needs: true,
  }),
  "a huge value that splits a leaf": (width) => ({
    before: tens(width),
    change: ["set", "k000005", HUGE],
    needs: true,
  }),
  "a short value under a key whose suffix needs a larger bag": () => ({
    before: [[`${stem}0`, SHORT]],
    change: ["set", "s".repeat(1000), SHORT],
    needs: "less",
  }),
  "a long value that makes layers": (width) => ({
    before: crowd(width, LONG),
    change: ["set", `${stem}1`, LONG],
    needs: true,
  }),
  "a huge value that makes layers": (width) => ({
    before: crowd(width, HUGE, " with a suffix"),
    change: ["set", `${stem}1 with a suffix`, HUGE],
    needs: true,
  }),
  "the deletion of a long value": () => ({
    before: [["k", LONG]],
    change: ["delete", "k"],
    needs: false,
  }),
  "the deletion of a huge value, in layers": (width) => ({
    before: [["k", SHORT], ...crowd(width, LONG), [`${stem}1`, HUGE]],
    change: ["delete", `${stem}1`],
    needs: false,
  }),
  "taking a huge value": () => ({
    before: [["k", HUGE]],
    change: ["take", "k"],
    needs: false,
  }),
  "a deletion that empties a leaf": (width) => ({
    before: tens(width + 1),
    change: ["delete", `k${String(10 * width).padStart(6, "0")}`],
    needs: false,
  }),
  clear: (width) => ({
    before: [...tens(3 * width), ...crowd(width, LONG), [`${stem}1`, HUGE]],
    change: ["clear"],
    needs: false,
  }),
};

function exportsOf(map: Bytes): Exports {
  return treeOf(map).exports as unknown as Exports;
}

/** `set` reclaims and tries again when it is refused: has the nth allocation of that fail as well. */
function failAgain(map: Bytes, nth: number): void {
  const tree = treeOf(map) as unknown as { exports: Exports };
  const { exports } = tree;
  const quiesce = (): number => {
    const drained = exports.quiesce();
    exports.failAfter.value = nth;
    return drained;
  };
  tree.exports = { ...exports, quiesce };
}

function apply(map: Bytes, change: Change): void {
  const [kind, key] = change;
  if (kind === "clear") map.clear();
  else if (kind === "delete") expect(map.delete(key)).toBe(true);
  else if (kind === "take") expect(map.take(key)).toBeDefined();
  else {
    const value = change[2] === undefined ? undefined : payload(change[2]!, 1);
    if (kind === "compareAndSet") expect(map.compareAndSet(key, map.get(key), value)).toBe(true);
    else if (kind === "update") map.update(key, () => value);
    else if (kind === "setMany") setMany(map, key, value!);
    else if (value === undefined) throw new Error(`${kind} without a value`);
    else if (kind === "replace") expect(map.replace(key, value)).toBeDefined();
    else map[kind](key, value);
  }
}

/** Sets a key again that is there, to what it has, and then one that may need memory: the first was written. */
function setMany(map: Bytes, key: string, value: Uint8Array): void {
  const same = map.first();
  try {
    map.setMany([...(same === undefined ? [] : [same]), [key, value]]);
  } catch (error) {
    if (error instanceof MassTreeFullError) expect(error.written).toBe(same === undefined ? 0 : 1);
    throw error;
  }
}

/** What the map is, in a plain one. */
function changed(model: ReadonlyMap<string, Uint8Array>, change: Change): Map<string, Uint8Array> {
  const [kind, key] = change;
  const after = new Map(kind === "clear" ? [] : model);
  if (kind === "delete" || kind === "take" || (kind !== "clear" && change[2] === undefined)) {
    after.delete(key!);
  } else if (kind !== "clear") {
    const stays = (kind === "setIfAbsent" || kind === "getOrInsert") && model.has(key);
    if (!stays) after.set(key, payload(change[2]!, 1));
  }
  return after;
}

function expectContents(map: Bytes, model: ReadonlyMap<string, Uint8Array>): void {
  verify(map);
  const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(map.size).toBe(sorted.length);
  const entries = [...map];
  expect(entries.map(([key]) => key)).toEqual(sorted.map(([key]) => key));
  for (const [i, [key, value]] of sorted.entries()) {
    expect(Buffer.compare(entries[i]![1], value), `the value of ${key}, scanned`).toBe(0);
    expect(Buffer.compare(map.get(key)!, value), `the value of ${key}`).toBe(0);
  }
}

/** Has the nth allocation of a case's change fail, once or when it is tried again too: what came of it. */
function attempt(
  name: string,
  width: number,
  nth: number,
  again: boolean,
): { failed: boolean; refused: boolean } {
  const { before, change } = cases[name]!(width);
  const map = new MassTree({ value: "bytes", width: width as 15 });
  const real = exportsOf(map);
  let model = new Map<string, Uint8Array>();
  for (const [key, length] of before) {
    model.set(key, payload(length, 0));
    map.set(key, payload(length, 0));
  }
  expect(real.quiesce()).toBe(1);
  const blocks = real.liveBlocks();
  const bytes = real.liveBytes();

  if (again) failAgain(map, nth);
  real.failAfter.value = nth;
  let error: unknown;
  try {
    apply(map, change);
  } catch (thrown) {
    error = thrown;
  }
  const failed = real.failAfter.value === -1;
  real.failAfter.value = -1;
  (treeOf(map) as unknown as { exports: Exports }).exports = real;

  if (error !== undefined) {
    expect(error).toEqual(expect.objectContaining({ code: "MASSTREE_FULL" }));
    expect(failed, "refused though every allocation succeeded").toBe(true);
    expectContents(map, model);
    expect(real.quiesce()).toBe(1);
    expect([real.liveBlocks(), real.liveBytes()]).toEqual([blocks, bytes]);
    apply(map, change);
  }
  model = changed(model, change);
  expectContents(map, model);

  // It goes on, and nothing was lost on the way.
  map.set("after", payload(LONG, 2));
  expectContents(map, model.set("after", payload(LONG, 2)));
  for (const key of model.keys()) expect(map.delete(key)).toBe(true);
  expect(real.quiesce()).toBe(1);
  verify(map);
  expect(real.liveBlocks(), "blocks of an empty map").toBe(1);
  map.close();
  return { failed, refused: error !== undefined };
}

describe.each([3, 15, 24])("width %i: out of memory during", (width) => {
  describe.each(Object.keys(cases))("%s", (name) => {
    const { needs } = cases[name]!(width);

    test("goes unnoticed if a second attempt succeeds", () => {
      let nth = 0;
      for (let failed = true; failed; nth++) {
        const outcome = attempt(name, width, nth, false);
        expect(outcome.refused, `allocation ${nth} failed once`).toBe(false);
        failed = outcome.failed;
      }
      if (needs) expect(nth, "attempts, of which one had no failure").toBeGreaterThan(1);
    });

    test("changes nothing, leaks nothing, and succeeds later", () => {
      let refused = 0;
      for (let nth = 0; ; nth++) {
        const outcome = attempt(name, width, nth, true);
        if (outcome.refused) refused++;
        if (!outcome.failed) break;
      }
      if (needs === true) expect(refused).toBeGreaterThan(0);
      else expect(refused).toBe(0);
    });
  });
});
