// Stops a thread for good at every one of its steps, and whoever recovers from that at every one of
// its own.
//
// The victims die one after the other: for every step of the first, and for every step that the second
// then takes, and so on, until the last one survives. The order of the threads is the default one; that
// a thread comes after the one that died is said by `after` in its program.
import type { Explorer, Finding } from "./explore.ts";
import { type Crash, formatSchedule } from "./schedule.ts";
import { ReplayScheduler } from "./schedulers/scheduler.ts";

export interface CrashExploration {
  /** Schedules run: one for every crash point, or combination of them. */
  readonly points: number;
  readonly steps: number;
  readonly finding: Finding | undefined;
}

/** Runs the explorer's program once for every crash point of `victims`. Stops at the first failure. */
export function exploreCrashes(explorer: Explorer, victims: readonly number[]): CrashExploration {
  const totals = { points: 0, steps: 0 };
  const inOrder = new ReplayScheduler({ decisions: [], crashes: [] });
  let finding: Finding | undefined;

  /** Crashes victim number `index` at every step. False when something failed. */
  const crashFrom = (index: number, before: readonly Crash[]): boolean => {
    const thread = victims[index]!;
    for (let step = 0; ; step++) {
      const crashes = [...before, { thread, step }];
      const run = explorer.run(inOrder, crashes);
      totals.points++;
      totals.steps += run.steps;
      if (run.failure !== undefined) {
        const schedule = formatSchedule({ decisions: run.decisions, crashes });
        const program = explorer.program.name;
        finding = { program, failure: run.failure, schedule, original: schedule };
        return false;
      }
      // It ended before it came to that step.
      if (!explorer.machine.isDead(thread)) return true;
      if (index + 1 < victims.length && !crashFrom(index + 1, crashes)) return false;
    }
  };
  crashFrom(0, []);
  return { ...totals, finding };
}
