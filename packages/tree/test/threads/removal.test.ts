// Everything is removed while others read, and what it took comes back to the last block.
import { runs } from "@tooling/vitest/random";
import { describe, test } from "vitest";
import { open } from "../support/build.ts";
import type { Family } from "../support/families.ts";
import { prepare } from "../support/finish.ts";
import { expectNothingLeft } from "../support/oracle.ts";
import { type Part, play } from "../support/threads.ts";

const everything: Family[] = ["binary", "paths", "zeroes", "deep", "suffixes"];

describe.each([3, 15] as const)("width %i", (width) => {
  test.each(everything)(
    "removing all %s keys under readers' eyes leaves nothing",
    async (family) => {
      const tree = open(width);
      const count = runs(family === "zeroes" ? 3000 : 6000);
      prepare(tree, family, count);
      const writers = 2;
      const remove: Part = ["removeAll", { family, count, writers }];
      const witness: Part = ["witness", { family, count, writers }];
      await play(tree, [remove, remove, witness, witness]);
      expectNothingLeft(tree);
    },
  );

  test.each(everything)("all %s keys come and go with four threads at once", async (family) => {
    const tree = open(width);
    const part: Part = ["rounds", { family, keys: 150, times: runs(8) }];
    await play(tree, [part, part, part, part]);
    expectNothingLeft(tree);
  });
});
