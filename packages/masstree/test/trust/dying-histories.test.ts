import { runs, seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { checkDyingHistories } from "./dying-histories.ts";
import { debugBuilds, programOf } from "./programs.ts";

const program = programOf("dying-histories-worker");
const enough = 50;

test.each([
  { name: "published build, width 15", width: 15, builds: undefined },
  { name: "debug build, width 3", width: 3, builds: debugBuilds },
])("an order explains every history in which a thread dies: $name", async ({ width, builds }) => {
  const histories = runs(enough);
  const report = await checkDyingHistories({ histories, seed, width, builds, program });
  expect(report.complaints).toEqual([]);
  expect(report.histories).toBeGreaterThanOrEqual(histories);
  // Threads that die between their calls, or alone, prove nothing. How many do is the machine's doing.
  console.info(JSON.stringify(report));
});

test("a planted fault is found: a death undoes a call that has returned", async () => {
  const { complaints } = await checkDyingHistories({
    histories: 1,
    threads: 8,
    seed,
    program,
    plant: (map, keys) => {
      for (const key of keys) map.delete(key);
    },
  });
  expect(complaints.length).toBeGreaterThan(0);
  expect(complaints[0]).toMatch(/^seed \d+, history \d+: no order explains/);
});
