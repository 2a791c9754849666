// Threads that watch for changes, within the time of a test run: that no change is lost, also when threads die.
// watching.stress.ts plants mistakes; `npm run explore`, `npm run crashes` and `npm run mutants` look further.
import { watchMutants } from "./mutants.ts";
import { targetNamed } from "./named.ts";
import { testSleepers } from "./sleepers.ts";

testSleepers({
  target: targetNamed("watching-3"),
  mutants: watchMutants,
  stream: 7,
  schedules: "no change is lost, in every schedule of one preemption and in random ones",
  deaths:
    "a change that is whole is told, wherever its thread dies, and a watcher's death leaves nothing",
  leastDeaths: 20,
});
