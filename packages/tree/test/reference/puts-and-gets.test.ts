// What the C++ reference's tests exercise of puts and gets, in short form: one thread, then four.
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { open, type Width } from "../support/build.ts";
import { type Family, families, shuffled } from "../support/families.ts";
import { entriesOf, finish, prepare } from "../support/finish.ts";
import { INSERTED, REPLACED } from "../support/instance.ts";
import { emptyOut, expectContents } from "../support/oracle.ts";
import { type Part, play } from "../support/threads.ts";
import { indexOf, sequenceOf, wordOf, writerOf } from "../support/values.ts";

const four = <T>(part: T): T[] => [part, part, part, part];
const all: Family[] = ["decimal", "digits8", "paths", "deep", "fixed22"];

describe.each([3, 15] as Width[])("width %i", (width) => {
  test.each(all)("random puts of %s keys, then gets of all in another order", (family) => {
    const tree = open(width);
    const count = runs(3000);
    for (const index of shuffled(count, random(1))) {
      expect(tree.set(families[family](index), wordOf(index))).toBe(INSERTED);
    }
    for (const index of shuffled(count, random(2))) {
      expect(tree.get(families[family](index))).toBe(wordOf(index));
    }
    emptyOut(tree);
  });

  test.each(all)("the same by four threads, each with its share of the %s keys", async (family) => {
    const tree = open(width);
    const fill: Part = ["fill", { family, count: runs(6000), writers: 4 }];
    finish(tree, family, await play(tree, four(fill)));
  });

  test.each([50, 90, 98])(
    "puts among %i per cent of gets, by one thread and by four",
    async (gets) => {
      for (const parts of [1, 4]) {
        const tree = open(width);
        const every = Math.round(100 / (100 - gets));
        const options = { keys: 1500, operations: runs(6000), every, shared: false };
        const part: Part = ["readAt", { family: "decimal", ...options }];
        finish(tree, "decimal", await play(tree, new Array<Part>(parts).fill(part)));
      }
    },
  );

  test.each(["ascending", "descending"] as const)(
    "%s keys, private to each of four threads or shared by all",
    async (family) => {
      const single = open(width);
      prepare(single, family, 2000);
      emptyOut(single);
      const own = open(width);
      const fill: Part = ["fill", { family, count: runs(6000), writers: 4 }];
      finish(own, family, await play(own, four(fill)));
      const shared = open(width);
      prepare(shared, family, 400);
      const overwrite: Part = ["overwrite", { family, keys: 400, times: runs(8) }];
      const reports = await play(shared, four(overwrite));
      expectLastWrites(shared, family, reports);
    },
  );

  test("10 hot keys that all threads overwrite keep a value that somebody wrote last", async () => {
    for (const parts of [1, 4]) {
      const tree = open(width);
      prepare(tree, "decimal", 10);
      const part: Part = ["overwrite", { family: "decimal", keys: 10, times: runs(1500) }];
      const reports = await play(tree, new Array<Part>(parts).fill(part));
      expectLastWrites(tree, "decimal", reports);
    }
  });

  test("24 keys with 1 put in 8, shared by all threads and private to each", async () => {
    for (const shared of [true, false]) {
      const tree = open(width);
      const options = { keys: 24, operations: runs(10_000), every: 8, shared };
      const reports = await play(tree, four<Part>(["readAt", { family: "binary", ...options }]));
      if (shared) expectLastWrites(tree, "binary", reports);
      else finish(tree, "binary", reports);
    }
  });

  test("two threads that write the same keys agree on who was last", async () => {
    const tree = open(width);
    prepare(tree, "paths", 100);
    const part: Part = ["overwrite", { family: "paths", keys: 100, times: runs(60) }];
    expectLastWrites(tree, "paths", await play(tree, [part, part]));
  });

  test("the last of triangular overwrites wins", async () => {
    // Key i is written once for each j >= i: 0; 0 1; 0 1 2; ...
    const single = open(width);
    const count = 150;
    for (let last = 0; last < count; last++) {
      for (let index = 0; index <= last; index++) {
        const outcome = single.set(families.decimal(index), wordOf(index, 0, last));
        expect(outcome).toBe(index === last ? INSERTED : REPLACED);
      }
    }
    const expected = Array.from({ length: count }, (_, i): [number, number] => [
      i,
      wordOf(i, 0, count - 1),
    ]);
    expectContents(single, entriesOf("decimal", expected));
    emptyOut(single);
    const tree = open(width);
    const triangle: Part = ["triangle", { family: "decimal", keys: 80 }];
    finish(tree, "decimal", await play(tree, four(triangle)));
  });

  test("batches of sorted gets after a sequential load", async () => {
    const tree = open(width);
    const count = runs(5000);
    prepare(tree, "ascending", count);
    const draw = random(3);
    for (let batch = 0; batch < 50; batch++) {
      const indices = Array.from({ length: 64 }, () => Math.floor(draw() * count));
      for (const index of indices.sort((a, b) => a - b)) {
        expect(tree.get(families.ascending(index))).toBe(wordOf(index));
      }
    }
    const sorted: Part = ["readSorted", { family: "ascending", count, batches: runs(100) }];
    await play(tree, four(sorted));
    emptyOut(tree);
  });
});

/** Every key has the last value that one of the threads wrote to it; nothing else is there. */
function expectLastWrites(
  tree: ReturnType<typeof open>,
  family: Family,
  reports: Awaited<ReturnType<typeof play>>,
): void {
  tree.verify();
  const last = reports.map((report) => new Map(report.entries));
  const entries = tree.scan();
  for (const [key, value] of entries) {
    const index = indexOf(value);
    expect(Buffer.compare(key, families[family](index))).toBe(0);
    expect(
      last.map((one) => one.get(index)),
      `key ${index}: thread ${writerOf(value)}, write ${sequenceOf(value)}`,
    ).toContain(value);
    expect(tree.get(key)).toBe(value);
  }
  expect(entries.length).toBe(new Set(last.flatMap((one) => [...one.keys()])).size);
  emptyOut(tree);
}
