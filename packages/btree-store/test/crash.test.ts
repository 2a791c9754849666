// A store on a disk that forgets: after a crash it has the acknowledged state, or that and the whole commit in flight.
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
import { exploreCrashes } from "./support/crashes.ts";
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

describe("drawn workloads", () => {
  test("survive crashes at every write and sync, and in the commit after that", () => {
    const draw = random(2);
    let states = 0;
    for (let i = 0; i < runs(12); i++) {
      const transactions = Array.from({ length: 8 }, () => drawChanges(draw, 12));
      states += exploreCrashes(BTreeStore, {
        transactions,
        most: 9,
        random: draw,
        again: 1,
      }).states;
    }
    expect(states).toBeGreaterThan(runs(500));
  });

  test("survive with pages of 64 KiB", () => {
    const draw = random(3);
    const transactions = Array.from({ length: 5 }, () => drawChanges(draw, 30));
    const options = { pageBytes: 65536 };
    exploreCrashes(BTreeStore, { transactions, most: 6, random: draw, again: 1, options });
  });
});
