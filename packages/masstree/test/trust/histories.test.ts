import { runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { checkHistories } from "./histories.ts";
import type { Plant } from "./history-plan.ts";
import { debugBuilds, programOf } from "./programs.ts";

const program = programOf("histories-worker");

describe.each([
  { name: "published build, width 15", width: 15, builds: undefined, rounds: 1200 },
  { name: "debug build, width 3", width: 3, builds: debugBuilds, rounds: 800 },
])("$name", ({ width, builds, rounds }) => {
  test("an order explains what four threads saw, in every history", async () => {
    const report = await checkHistories({ rounds: runs(rounds), seed, width, builds, program });
    expect(report.complaints).toEqual([]);
    expect(report.histories).toBe(runs(rounds));
    // Threads that never meet prove nothing.
    expect(report.overlapping).toBeGreaterThan(0);
    console.info(JSON.stringify(report));
  });
});

const plants: Plant[] = [
  "stale get",
  "lost in scan",
  "twice in scan",
  "torn value",
  "forgotten set",
  "taken twice",
  "inserted over another",
  "lost update",
];
test.each(plants)("a planted fault is found: %s", async (plant) => {
  // Threads have to meet in the right moment for it to show.
  let complaints: readonly string[] = [];
  for (let tries = 0; complaints.length === 0 && tries < 20; tries++) {
    ({ complaints } = await checkHistories({ rounds: 150, seed: seed + tries, program, plant }));
  }
  expect(complaints.length).toBeGreaterThan(0);
  expect(complaints[0]).toMatch(/^seed \d+, history \d+: (no order explains|a scan gave)/);
});
