import { runs, seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { runDeaths } from "./deaths.ts";
import { debugBuilds, programOf } from "./programs.ts";

test.each([
  { width: 15, kills: 300, threads: 3, builds: undefined },
  { width: 24, kills: 100, threads: 8, builds: undefined },
  { width: 3, kills: 200, threads: 3, builds: debugBuilds },
])("$kills ends of $threads threads at width $width", async (options) => {
  const kills = runs(options.kills);
  const program = programOf("deaths-worker");
  const report = await runDeaths({ ...options, kills, seed, program });
  expect(report.kills).toBe(kills);
  console.info(JSON.stringify(report));
});
