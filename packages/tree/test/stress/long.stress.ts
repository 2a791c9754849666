// Long runs of what the tests do in short, for `test:stress`: RUNS multiplies them further.
import { random, runs, seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { open, widths } from "../support/build.ts";
import { churn } from "../support/churn.ts";
import { commands } from "../support/commands.ts";
import type { Family } from "../support/families.ts";
import { finish, prepare, preparedEntries } from "../support/finish.ts";
import { emptyOut, expectContents, expectNothingLeft, Oracle } from "../support/oracle.ts";
import { type Part, play } from "../support/threads.ts";

const families: Family[] = ["binary", "decimal", "paths", "zeroes", "deep", "suffixes", "shared16"];
const times = (count: number, part: Part): Part[] => new Array<Part>(count).fill(part);

describe.each(widths)("width %i", (width) => {
  test("any sequence of commands, many of them", () => {
    fc.assert(
      fc.property(commands(600), (list) => {
        const tree = open(width);
        const oracle = new Oracle();
        for (const command of list) command.run(oracle, tree);
        expectContents(tree, oracle.entries);
        emptyOut(tree);
      }),
      { numRuns: runs(1000) },
    );
  });

  test("growing and shrinking for long", () => {
    for (let round = 0; round < 10; round++) churn(width, random(seed + round), runs(20_000));
  });

  test.each(families)("writers of their own %s keys, few and many", async (family) => {
    for (const keys of [3, 12, 60, 300]) {
      const tree = open(width, { maxPages: 16_384 });
      const reports = await play(tree, times(4, ["own", { family, keys, rounds: runs(200) }]));
      finish(tree, family, reports);
    }
  });

  test.each(families)(
    "base %s keys are always found, in order, while others come and go",
    async (family) => {
      for (const [stride, count] of [
        [3, 60],
        [8, 400],
        [32, 3200],
      ] as const) {
        const tree = open(width, { maxPages: 16_384 });
        const size = count - (count % stride);
        prepare(tree, family, size, stride);
        const writers = 2;
        const toggle: Part = [
          "toggle",
          { family, count: size, stride, writers, rounds: runs(8000) },
        ];
        const reports = await play(tree, [
          ...times(writers, toggle),
          ["know", { family, count: size, stride, writers }],
          ["scan", { family, count: size, stride, writers }],
          ["scan", { family, count: size, stride, writers }],
        ]);
        finish(tree, family, reports, preparedEntries(size, stride));
      }
    },
  );

  test.each(families)("removing all %s keys under readers' eyes leaves nothing", async (family) => {
    for (let round = 0; round < runs(5); round++) {
      const tree = open(width, { maxPages: 16_384 });
      const count = family === "zeroes" ? 3000 : 20_000;
      prepare(tree, family, count);
      const remove: Part = ["removeAll", { family, count, writers: 2 }];
      const witness: Part = ["witness", { family, count, writers: 2 }];
      await play(tree, [remove, remove, witness, witness]);
      expectNothingLeft(tree);
    }
  });

  test.each(["ascending", "decimal", "deep"] as const)(
    "no phantoms among %s keys",
    async (family) => {
      const tree = open(width);
      const count = runs(100_000);
      const trail: Part = ["trail", { writers: 1, sorted: family === "ascending" }];
      await play(tree, [["slide", { family, width: 40, count }], ...times(3, trail)]);
      tree.verify();
      tree.exports.clear();
      expectNothingLeft(tree);
    },
  );

  test("64 threads insert keys of their own and remove a third of them at once", async () => {
    const tree = open(width, { maxPages: 16_384, initialPages: 1024 });
    const crowd: Part = ["crowd", { logical: 1, each: runs(2000) }];
    finish(tree, "binary", await play(tree, times(64, crowd)));
  });

  test("threads that come and go, for long", async () => {
    const tree = open(width);
    const come: Part = ["come", { family: "paths", rounds: runs(5000), keys: 6 }];
    finish(tree, "paths", await play(tree, times(6, come)));
  });

  test("the same keys wanted by 16 threads", async () => {
    for (const family of families) {
      const tree = open(width);
      const contend: Part = [
        "contend",
        { family, keys: 8, operations: runs(20_000), removes: 0.35 },
      ];
      const reports = await play(tree, times(16, contend));
      tree.verify();
      for (let index = 0; index < 8; index++) {
        const balance = reports.reduce((sum, { counts }) => sum + (counts?.[index] ?? 0), 0);
        expect([0, 1]).toContain(balance);
      }
      emptyOut(tree);
    }
  });
});
