// Threads that wait for keys, within the time of a test run: that no wake-up is lost, also when threads die.
// waiting.stress.ts plants mistakes; `npm run explore`, `npm run crashes` and `npm run mutants` look further.
import { waitMutants } from "./mutants.ts";
import { targetNamed } from "./named.ts";
import { testSleepers } from "./sleepers.ts";

testSleepers({
  target: targetNamed("waiting-3"),
  mutants: waitMutants,
  stream: 5,
  schedules: "no wake-up is lost, in every schedule of one preemption and in random ones",
  deaths:
    "a write that is whole wakes who waits, wherever its thread dies, and a waiter's death leaves nothing",
  leastDeaths: 50,
});
