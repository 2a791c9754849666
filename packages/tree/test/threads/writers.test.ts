// Threads that write: keys of their own among those of the others, and all the same keys.
import { runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { open } from "../support/build.ts";
import { type Family, families } from "../support/families.ts";
import { finish } from "../support/finish.ts";
import { emptyOut } from "../support/oracle.ts";
import { type Part, play } from "../support/threads.ts";
import { indexOf } from "../support/values.ts";

/** Keys per thread, small for much contention in few leaves, or large for a tree of many. */
const owned: [Family, number][] = [
  ["binary", 300],
  ["decimal", 12],
  ["paths", 60],
  ["zeroes", 40],
  ["deep", 30],
];

describe.each([3, 15] as const)("width %i", (width) => {
  test.each(owned)("writers of their own %s keys know every answer", async (family, keys) => {
    const tree = open(width);
    const part: Part = ["own", { family, keys, rounds: runs(12) }];
    const reports = await play(tree, [part, part, part, part]);
    finish(tree, family, reports);
  });

  test.each(["paths", "zeroes", "binary"] as const)(
    "writers of the same %s keys agree on what is there",
    async (family) => {
      const tree = open(width);
      const keys = 25;
      const part: Part = ["contend", { family, keys, operations: runs(12_000), removes: 0.35 }];
      const reports = await play(tree, [part, part, part, part]);
      tree.verify();
      const present = new Map(tree.scan().map(([, value]) => [indexOf(value), value]));
      for (let index = 0; index < keys; index++) {
        const balance = reports.reduce((sum, { counts }) => sum + (counts?.[index] ?? 0), 0);
        expect(balance, `inserts less removes of key ${index}`).toBe(present.has(index) ? 1 : 0);
        const value = present.get(index);
        expect(tree.get(families[family](index))).toBe(value);
        if (value === undefined) continue;
        const last = reports.map((report) => new Map(report.entries).get(index));
        expect(last, "a value that is nobody's last").toContain(value);
      }
      emptyOut(tree);
    },
  );
});

test("the published builds pass too", async () => {
  for (const width of [15, 24] as const) {
    const tree = open(width, { released: true });
    const part: Part = ["own", { family: "paths", keys: 100, rounds: runs(20) }];
    finish(tree, "paths", await play(tree, [part, part, part, part]));
  }
});
