// Threads that read and write one store: what they see is snapshot isolation.
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
import { checkHistories, type History } from "./support/histories.ts";
import { exploreHistories } from "./support/thread-gauntlet.ts";

test.each(["none", "batch", "sync"] as const)(
  "readers with snapshots see committed states beside writers in other threads (%s)",
  async (durability) => {
    const { reads, writes } = await exploreHistories(BTreeStore, undefined, {
      threads: 3,
      steps: runs(durability === "sync" ? 60 : 300),
      random: random(1),
      durability,
    });
    expect(writes).toBeGreaterThan(10);
    expect(reads).toBeGreaterThan(25);
  },
  120_000,
);

test("more threads than processors, and few keys", async () => {
  const found = await exploreHistories(BTreeStore, undefined, {
    threads: 6,
    steps: runs(100),
    random: random(2),
    keys: 12,
  });
  expect(found.reads).toBeGreaterThan(100);
}, 120_000);

describe("the check of histories refuses", () => {
  const write = (n: number, before: number, value: string) => ({
    n,
    before,
    changes: [["k", value]] as const,
  });
  const read = (n: number, value: string | undefined, more: object = {}) => ({
    kind: "read" as const,
    n,
    least: 0,
    most: 9,
    values: [["k", value]] as const,
    scan: undefined,
    ...more,
  });
  const writes = [write(1, 0, "a"), write(2, 1, "b")];
  const last = new Map([["k", "b"]]);
  const check = (history: Partial<History>) => () =>
    checkHistories([{ thread: 1, writes, reads: [], ...history }], last);

  test("nothing of a history that is right", () => {
    check({ reads: [read(0, undefined), read(1, "a"), read(2, "b", { least: 2 })] })();
  });

  test.each<[string, Partial<History>]>([
    ["a value of another state", { reads: [read(1, "b")] }],
    ["a state that is too old", { reads: [read(1, "a", { least: 2 })] }],
    ["a state that was not begun", { reads: [read(2, "b", { most: 1 })] }],
    ["a commit that nobody made", { reads: [read(3, "b")] }],
    ["a scan that misses an entry", { reads: [read(1, "a", { scan: [0, 0] })] }],
    ["two that began with one state", { writes: [write(1, 0, "a"), write(2, 0, "b")] }],
    ["a number that was given twice", { writes: [write(1, 0, "a"), write(1, 0, "b")] }],
    ["other contents in the end", { writes: [write(1, 0, "a")] }],
  ])("%s", (_name, history) => {
    expect(check(history)).toThrow();
  });
});
