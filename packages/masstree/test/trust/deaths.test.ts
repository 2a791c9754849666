import { treeOf } from "@masstree/tree";
import { withLateness } from "@tooling/vitest/lateness";
import { runs, seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { MassTree } from "../../src/index.ts";
import { runDeaths } from "./deaths.ts";
import { debugBuilds, programOf } from "./programs.ts";
import type { Value } from "./values.ts";

/** Promised are 100 ms: ten sleeps, after each of which a busy machine may let a thread go on late. */
const longest = (lateness: number) => 2000 + 10 * lateness;

test.each([
  { name: "published build, width 15", width: 15, kills: 60, builds: undefined },
  { name: "debug build, width 3", width: 3, kills: 40, builds: debugBuilds },
])("what threads acknowledged outlives them: $name", async ({ width, kills, builds }) => {
  const program = programOf("deaths-worker");
  const options = { kills: runs(kills), seed, width, builds, program, batch: 12 };
  const { result: report, lateness } = await withLateness(() => runDeaths(options));
  expect(report.kills).toBe(runs(kills));
  expect(report.longestWait).toBeLessThan(longest(lateness));
  console.info(JSON.stringify(report));
});

test("a full map keeps working when its threads die", async () => {
  const program = programOf("deaths-worker");
  const kills = runs(16);
  const options = { kills, seed, program, keys: 2400, maxBytes: 3 * 2 ** 20, batch: 4 };
  const { result: report, lateness } = await withLateness(() => runDeaths(options));
  expect(report.kills).toBe(kills);
  expect(report.longestWait).toBeLessThan(longest(lateness));
});

test.each<[string, (map: MassTree<Value>) => void, RegExp]>([
  ["a lost key", removeSome, /holds 0: acknowledged \d+/],
  ["a pin that stays", (map) => treeOf(map).exports.pin(), /memory did not come back/],
  [
    "a participant that stays",
    (map) => void left.push(MassTree.attach(map.handle)),
    /Too many participants are attached/,
  ],
])("a planted fault is found: %s", async (_, plant, message) => {
  const program = programOf("deaths-worker");
  const run = runDeaths({ kills: 1, seed, program, batch: 1, plant });
  await expect(run).rejects.toThrow(message);
  for (const map of left.splice(0)) map.close();
});

const left: MassTree<Value>[] = [];

function removeSome(map: MassTree<Value>): void {
  for (const key of map.keys({ prefix: "k" })) map.delete(key);
}
