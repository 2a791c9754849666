// What the C++ reference's tests exercise of removes, in short form.
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { open, type Width } from "../support/build.ts";
import { type Family, families } from "../support/families.ts";
import { finish, prepare, preparedEntries } from "../support/finish.ts";
import { INSERTED, type Key } from "../support/instance.ts";
import { emptyOut, expectContents, expectNothingLeft, Oracle } from "../support/oracle.ts";
import { type Part, play } from "../support/threads.ts";
import { indexOf, wordOf } from "../support/values.ts";

const four = <T>(part: T): T[] => [part, part, part, part];

describe.each([3, 15] as Width[])("width %i", (width) => {
  test.each([1, 2, 3])(
    "a remover that chases a writer with stride %i leaves runs that are absent, present, absent",
    async (stride) => {
      for (const family of ["ascending", "decimal"] as const) {
        const tree = open(width);
        const count = runs(3000);
        // From a third to two thirds the remover is not let in; beyond the end nothing was written.
        const parts: Part[] = [
          ["flee", { family, count }],
          ["chase", { family, first: 0, stride, until: Math.floor(count / 3) }],
          ["chase", { family, first: Math.floor((2 * count) / 3), stride: 1, until: count }],
        ];
        await play(tree, parts);
        tree.verify();
        const left = tree.scan().map(([, value]) => indexOf(value));
        left.sort((a, b) => a - b);
        const expected: number[] = [];
        for (let index = 0; index < Math.floor((2 * count) / 3); index++) {
          if (index >= Math.floor(count / 3) || index % stride !== 0) expected.push(index);
        }
        expect(left).toEqual(expected);
        emptyOut(tree);
      }
    },
  );

  test.each(["decimal", "deep"] as const)(
    "rounds of insert, get, remove, get of %s keys, by one thread and by four",
    async (family) => {
      for (const parts of [1, 4]) {
        const tree = open(width);
        const part: Part = ["rounds", { family, keys: 60, times: runs(15) }];
        await play(tree, new Array<Part>(parts).fill(part));
        expectNothingLeft(tree);
      }
    },
  );

  test("a key that is removed and inserted again is seen as it was, as it is next, or not at all", async () => {
    // Neighbours, 0 to 4, so that slots and bags are shared; key 5 is between some, the last, the first.
    for (const family of ["binary", "paths", "deep", "descending"] as const) {
      const tree = open(width);
      const follow: Part = ["follow", { family, index: 5, neighbours: 5, writers: 1 }];
      const renew: Part = ["renew", { family, index: 5, times: runs(8000) }];
      const parts: Part[] = [renew, follow, follow, follow];
      prepare(tree, family, 5);
      finish(tree, family, await play(tree, parts), preparedEntries(5));
    }
  });

  test("241 keys of 16 bytes: the tails come and go in the lower layer, a sentinel never vanishes", async () => {
    const tree = open(width);
    const count = 241;
    // One slice for all of them, so that all but the slice is in one lower layer; key 0 is the sentinel.
    const family: Family = "shared16";
    prepare(tree, family, count);
    for (let index = 200; index < count; index++) tree.remove(families[family](index));
    for (let index = 200; index < count; index++) {
      expect(tree.set(families[family](index), wordOf(index))).toBe(INSERTED);
    }
    expect(tree.get(families[family](0))).toBe(wordOf(0));
    for (let index = 1; index < count; index++) tree.remove(families[family](index));
    const stride = 241;
    const toggle: Part = ["toggle", { family, count, stride, writers: 1, rounds: runs(150) }];
    const know: Part = ["know", { family, count, stride, writers: 1 }];
    finish(tree, family, await play(tree, [toggle, know, know, know]), [[0, wordOf(0)]]);
  });

  test("urls: 10 inserts for 5 removes", async () => {
    const tree = open(width);
    const draw = random(4);
    const oracle = new Oracle();
    for (let round = 0; round < runs(200); round++) {
      for (let i = 0; i < 10; i++) {
        const key = families.urls(round * 10 + i);
        tree.set(key, round);
        oracle.set(key, round);
      }
      for (let i = 0; i < 5; i++) {
        const [key] = oracle.entries[Math.floor(draw() * oracle.entries.length)] as [Key, number];
        expect(tree.remove(key)).toBe(true);
        oracle.remove(key);
      }
    }
    expectContents(tree, oracle.entries);
    emptyOut(tree);
    const shared = open(width);
    const grow: Part = ["grow", { family: "urls", rounds: runs(200), inserts: 10, removes: 5 }];
    const reports = await play(shared, four(grow));
    for (const { entries } of reports) expect(entries.length).toBe(runs(200) * 5);
    finish(shared, "urls", reports);
  });

  test("64 participants insert keys of 8 bytes and remove a third of them at once", async () => {
    const tree = open(width);
    const crowd: Part = ["crowd", { logical: 16, each: runs(40) }];
    finish(tree, "binary", await play(tree, four(crowd)));
  });
});
