// Several threads on one map, which the implementer starts.
import type { Bench } from "../bench.ts";
import { able, type Trait, when } from "../method.ts";
import { scenes } from "../threads/scenes.ts";
import type { Play } from "../threads/task.ts";

export const threads: Trait = {
  name: "threads",
  needs: ["threads", "handle"],
  checks: Object.fromEntries(
    scenes.map(({ name, needs = [], check }) => [
      name,
      when(able(...needs), (bench) => check(bench, playWith(bench))),
    ]),
  ),
};

function playWith(bench: Bench): Play {
  const { start } = bench.capabilities.threads!;
  return async (map, tasks, samples) => {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const jobs = tasks.map((task, thread) => {
      const job = { ...samples, task, thread, threads: tasks.length, stop };
      return start(map.handle, job);
    });
    // Scanners go on until the writers, which come first, have ended. Whoever fails stops all.
    const isWriter = (_: unknown, i: number) => tasks[i] !== "scan";
    const stopAll = () => Atomics.store(stop, 0, 1);
    void Promise.all(jobs.filter(isWriter)).then(stopAll, stopAll);
    const outcomes = await Promise.allSettled(jobs);
    const failed = outcomes.find(({ status }) => status === "rejected");
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
    return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value);
  };
}
