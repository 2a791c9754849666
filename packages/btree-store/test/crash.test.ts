// A store on a disk that forgets: after a crash it has the acknowledged state, or that and the whole commit in flight.
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
import { exploreCrashes, type Transaction } from "./support/crashes.ts";
import { type Change, drawChanges } from "./support/model.ts";

const set = (key: string, value: string): Change => ({ kind: "set", bucket: "a", key, value });

describe("small workloads, every file that a crash may leave", () => {
  const workloads: [string, Change[][]][] = [
    ["one entry", [[set("k", "v")]]],
    ["two commits", [[set("k", "v")], [set("k", "w")]]],
    [
      "an entry that comes and goes",
      [[set("k", "v")], [{ kind: "delete", bucket: "a", key: "k" }]],
    ],
  ];
  test.each(workloads)("%s", (_name, transactions) => {
    const plan = { transactions, most: 4096, random: random(1), again: 0 };
    const { exhausted, events, states } = exploreCrashes(BTreeStore, plan);
    expect(exhausted).toBe(events);
    expect(states).toBeGreaterThan(events);
  });
});

// What is drawn takes seconds, and many times that while other programs keep the machine busy.
const timeout = 240_000;

describe("drawn workloads", () => {
  test(
    "survive crashes at every write and sync, and in the commit after that",
    () => {
      const draw = random(2);
      let states = 0;
      while (states < runs(10_000, 20_000)) {
        const transactions = Array.from({ length: 8 }, () => drawChanges(draw, 12));
        const plan = { transactions, most: 9, random: draw, again: 1 };
        states += exploreCrashes(BTreeStore, plan).states;
      }
      expect(states).toBeGreaterThanOrEqual(runs(10_000));
    },
    timeout,
  );

  test(
    "survive crashes in a compaction",
    () => {
      const draw = random(4);
      let states = 0;
      for (let i = 0; i < runs(3); i++) {
        const transactions: Transaction[] = [];
        for (let n = 0; n < 3; n++) {
          transactions.push(drawChanges(draw, 25));
          transactions.push([
            { kind: "clearRange", bucket: "a", from: "key", to: "key 4" },
            { kind: "set", bucket: "b", key: "long", value: "x".repeat(5000) },
          ]);
          transactions.push(n === 1 ? { compactTo: 0.7 } : "compact");
        }
        const plan = { transactions, most: 5, random: draw, again: 0 };
        states += exploreCrashes(BTreeStore, plan).states;
      }
      expect(states).toBeGreaterThan(runs(3) * 100);
    },
    timeout,
  );

  test(
    "survive crashes while a value comes as a stream, into the gaps of a file and behind its end",
    () => {
      const draw = random(5);
      const value = (length: number) =>
        String.fromCharCode(97 + Math.floor(draw() * 26)).repeat(length);
      const stream = (key: string, length: number): Change => ({
        kind: "stream",
        bucket: "a",
        key,
        value: value(length),
      });
      const remove = (key: string): Change => ({ kind: "delete", bucket: "a", key });
      const transactions: Change[][] = [
        [set("first", value(30_000)), set("second", value(60_000)), stream("third", 3000)],
        [remove("first"), stream("k", 300_000)],
        [set("more", value(9000))],
        [stream("k", 700_000), remove("second")],
        [stream("k", 270_000), stream("l", 10)],
      ];
      const plan = { transactions, most: 4, random: draw, again: 0 };
      expect(exploreCrashes(BTreeStore, plan).states).toBeGreaterThan(60);
    },
    timeout,
  );

  test(
    "survive with pages of 64 KiB",
    () => {
      const draw = random(3);
      const transactions = Array.from({ length: 4 }, () => drawChanges(draw, 30));
      const options = { pageBytes: 65536 };
      exploreCrashes(BTreeStore, { transactions, most: 4, random: draw, again: 0, options });
    },
    timeout,
  );
});
