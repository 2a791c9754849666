// What the C++ reference's tests exercise of scans, in short form.
import { runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { open, type Width } from "../support/build.ts";
import { concat, repeat, utf8 } from "../support/bytes.ts";
import { families } from "../support/families.ts";
import { finish, prepare, preparedEntries } from "../support/finish.ts";
import type { Key } from "../support/instance.ts";
import { emptyOut, expectContents, expectEntries, Oracle } from "../support/oracle.ts";
import { type Part, play } from "../support/threads.ts";
import { wordOf } from "../support/values.ts";

/** 26 keys that are hard on scans: the empty one, shared prefixes, slices of eight 0xFF bytes. */
const adversarial: Key[] = [
  ...[0, 1, 7, 8, 9, 16, 17, 24].map((length) => repeat(0xff, length)),
  ...[1, 7, 8, 9, 16, 17, 24].map((length) => repeat(0, length)),
  ...["a", "ab", "abcdefgh", "abcdefghi", "abcdefghijklmnop", "abcdefghijklmnopq"].map(utf8),
  concat(repeat(0xff, 8), repeat(0, 1)),
  concat(repeat(0xff, 8), repeat(0, 8)),
  concat(repeat(0xff, 7), repeat(0xfe, 1)),
  concat(repeat(0xff, 7), repeat(0xfe, 2)),
  concat(repeat(0xff, 16), repeat(0, 9)),
];

describe.each([3, 4, 7, 15, 24] as Width[])("width %i", (width) => {
  test("26 adversarial keys, in chunks, from inclusive, exclusive and absent starts, both ways", () => {
    const tree = open(width);
    const oracle = new Oracle();
    for (const [i, key] of adversarial.entries()) {
      tree.set(key, i);
      oracle.set(key, i);
    }
    expect(oracle.entries.length).toBe(26);
    expectContents(tree, oracle.entries);
    const absent = adversarial.flatMap((key) => [
      concat(key, repeat(0, 1)),
      concat(key, repeat(5, 1)),
    ]);
    for (const start of [undefined, ...adversarial, ...absent]) {
      for (const startInclusive of [true, false]) {
        for (const reverse of [true, false]) {
          const range = { start, startInclusive, reverse };
          for (const chunk of [1, 3, 26]) {
            expectEntries(tree.scan(range, chunk), oracle.range(range));
          }
        }
      }
    }
    emptyOut(tree);
  });
});

describe.each([3, 15] as Width[])("width %i", (width) => {
  test.each(["ascending", "paths", "deep"] as const)(
    "scans of 100 %s base keys, both ways, while runs of 31 come and go between them",
    async (family) => {
      const tree = open(width);
      const stride = 32;
      const count = 150 * stride;
      prepare(tree, family, count, stride);
      const range = { start: families[family](0), startInclusive: true };
      expect(tree.scan(range, 100, 100).length).toBeGreaterThanOrEqual(100);
      const toggle: Part = ["toggle", { family, count, stride, writers: 2, rounds: runs(400) }];
      const scan: Part = ["scan", { family, count, stride, writers: 2 }];
      const reports = await play(tree, [toggle, toggle, scan, scan]);
      finish(tree, family, reports, preparedEntries(count, stride));
    },
  );

  test.each(["ascending", "descending", "decimal", "deep"] as const)(
    "no phantoms: a scan of a sliding window of %s keys gives what was there throughout, and nothing that was not",
    async (family) => {
      const window = 60;
      const count = runs(6000);
      const tree = open(width);
      const slide: Part = ["slide", { family, width: window, count }];
      const trail: Part = ["trail", { writers: 1, sorted: family === "ascending" }];
      await play(tree, [slide, trail, trail, trail]);
      tree.verify();
      const left = Array.from({ length: window }, (_, i): [number, number] => {
        const index = count - window + i;
        return [index, wordOf(index)];
      });
      finish(tree, family, [], left);
    },
  );
});
