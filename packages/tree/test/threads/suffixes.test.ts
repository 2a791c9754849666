// Suffixes under readers: bags fill up and are replaced while scans copy from them.
import { runs } from "@tooling/vitest/random";
import { test } from "vitest";
import { open, type Width } from "../support/build.ts";
import { finish, prepare, preparedEntries } from "../support/finish.ts";
import { type Part, play } from "../support/threads.ts";

async function replaceBags(width: Width, rounds: number): Promise<void> {
  // Every round retires a bag of some 50 KB, and a scanner that is not scheduled holds them all back.
  const tree = open(width, { maxPages: 16_384, initialPages: 4096 });
  // One leaf, whose long keys keep a scan busy while the short-lived ones between them change.
  const [family, count, stride, writers] = ["bulky", 18, 3, 1] as const;
  prepare(tree, family, count, stride);
  const swap: Part = ["swap", { family, pair: [16, 17], rounds }];
  const scan: Part = ["scan", { family, count, stride, writers, batch: 64 }];
  finish(tree, family, await play(tree, [swap, scan, scan, scan]), preparedEntries(count, stride));
}

test.each([7, 15] as const)(
  "a scan never gives the slice of a key without its suffix, width %i",
  async (width) => {
    await replaceBags(width, runs(8000));
  },
);
