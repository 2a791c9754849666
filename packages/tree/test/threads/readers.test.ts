// Threads that read and scan while others write between the keys that they know must be there.
import { runs } from "@tooling/vitest/random";
import { describe, test } from "vitest";
import { open } from "../support/build.ts";
import type { Family } from "../support/families.ts";
import { finish, prepare, preparedEntries } from "../support/finish.ts";
import { type Part, play } from "../support/threads.ts";

const cases: [Family, number][] = [
  ["ascending", 8000],
  ["paths", 3000],
  ["zeroes", 1500],
  ["fixed22", 3000],
];

describe.each([3, 15] as const)("width %i", (width) => {
  test.each(cases)(
    "%s keys that stay are found, by get and in order by scans",
    async (family, size) => {
      const tree = open(width);
      const stride = 10;
      const count = Math.floor(size / stride) * stride;
      prepare(tree, family, count, stride);
      const writers = 2;
      const toggle: Part = ["toggle", { family, count, stride, writers, rounds: runs(800) }];
      const reports = await play(tree, [
        toggle,
        toggle,
        ["know", { family, count, stride, writers }],
        ["scan", { family, count, stride, writers }],
      ]);
      finish(tree, family, reports, preparedEntries(count, stride));
    },
  );

  test("a layer that is created and removed hides no key beside it from a scan in either direction", async () => {
    const tree = open(width);
    // Two base keys, and between them one deep layer after another that fills and empties.
    const [family, stride, count] = ["deep", 7, 14] as const;
    prepare(tree, family, count, stride);
    const toggle: Part = ["toggle", { family, count, stride, writers: 2, rounds: runs(6000) }];
    const scan: Part = ["scan", { family, count, stride, writers: 2, batch: 2 }];
    finish(
      tree,
      family,
      await play(tree, [toggle, toggle, scan, scan]),
      preparedEntries(count, stride),
    );
  });
});
