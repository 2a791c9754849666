// Stops a thread for good at every one of its steps, and whoever recovers from that at every one of
// its own.
//
// To die before a read is to die before the next write: nobody can tell the two apart. So the victim
// dies before each of its writes, and once after the last one. The victims die one after the other: for
// every death of the first, the second dies at each of the writes that it then makes, and so on. The
// order of the threads is the default one; that a thread comes after the one that died is said by
// `after` in its program.
//
// In a program whose threads overlap, each victim dies at each of these steps in some random schedules
// instead: it may come to do more or less than it does alone, and so die elsewhere, or not at all.
import type { Explorer, Finding, Program } from "./explore.ts";
import type { Run } from "./machine/program.ts";
import { type Crash, formatSchedule } from "./schedule.ts";
import { PctScheduler } from "./schedulers/pct.ts";
import { RandomScheduler } from "./schedulers/random.ts";
import { ReplayScheduler, type Scheduler } from "./schedulers/scheduler.ts";

/** A program with the threads that die in it, each at every one of its steps. */
export interface CrashProgram {
  readonly program: Program;
  readonly victims: readonly number[];
}

export interface CrashExploration {
  /** Schedules run: one for every crash point, or combination of them, and one without each. */
  readonly points: number;
  readonly steps: number;
  readonly finding: Finding | undefined;
  /** Whether all points were tried: not when the time was up, or something was found. */
  readonly complete: boolean;
}

export interface CrashOptions {
  /** When to stop, in milliseconds of `performance.now()`; when all points were tried, if absent. */
  readonly deadline?: number;
  /**
   * Numbers in [0, 1) that draw the order of the points, so that an exploration which is cut short has seen
   * something of everything. In the order of the victim's steps if absent.
   */
  readonly random?: (() => number) | undefined;
}

/** Runs the explorer's program once for every crash point of `victims`. Stops at the first failure. */
export function exploreCrashes(
  explorer: Explorer,
  victims: readonly number[],
  { deadline = Number.POSITIVE_INFINITY, random }: CrashOptions = {},
): CrashExploration {
  const totals = { points: 0, steps: 0 };
  const inOrder = new ReplayScheduler({ decisions: [], crashes: [] });
  const { overlaps = 0 } = explorer.program;
  // Seeds of their own: a random order of the points is not to change with what overlaps.
  const seed = Math.floor((random?.() ?? 0) * 0x7fff_ffff);
  const schedulers = [new RandomScheduler(seed), new PctScheduler(seed, 3)];
  let finding: Finding | undefined;

  const attempt = (crashes: readonly Crash[], scheduler: Scheduler = inOrder): Run | undefined => {
    if (performance.now() >= deadline) return undefined;
    const run = explorer.run(scheduler, crashes);
    totals.points++;
    totals.steps += run.steps;
    if (run.failure === undefined) return run;
    if (scheduler !== inOrder) {
      finding = explorer.shrink(run, crashes);
      return undefined;
    }
    const schedule = formatSchedule({ decisions: run.decisions, crashes });
    const program = explorer.program.name;
    finding = { program, failure: run.failure, schedule, original: schedule };
    return undefined;
  };

  /** Lets victim number `index` die everywhere, after others died. False when that was cut short. */
  const crashFrom = (index: number, before: readonly Crash[]): boolean => {
    const thread = victims[index];
    if (thread === undefined) return true;
    const survived = attempt(before);
    if (survived === undefined) return false;
    const writes = explorer.machine.writingSteps(thread);
    const last = writes.at(-1);
    if (last === undefined) return true;
    const points = last + 1 < survived.threadSteps[thread]! ? [...writes, last + 1] : [...writes];
    if (random !== undefined) shuffle(points, random);
    for (const step of points) {
      const crashes = [...before, { thread, step }];
      if (index + 1 === victims.length) {
        if (attempt(crashes) === undefined) return false;
        for (let times = 0; times < overlaps; times++) {
          if (attempt(crashes, schedulers[times % 2]) === undefined) return false;
        }
      } else if (!crashFrom(index + 1, crashes)) {
        return false;
      }
    }
    return true;
  };
  const complete = crashFrom(0, []);
  return { ...totals, finding, complete };
}

/** Fisher and Yates. */
function shuffle(numbers: number[], random: () => number): void {
  for (let last = numbers.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [numbers[last], numbers[other]] = [numbers[other]!, numbers[last]!];
  }
}
