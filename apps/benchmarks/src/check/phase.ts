// Shows all the steps of one job as a single line.
import type { Progress } from "../progress.ts";

/**
 * Makes a progress for a job of `steps` steps that belongs to the current step of `outer`. It moves that
 * step on and never ends it, unless the job fails.
 */
export function phase(outer: Progress, steps: number): Progress {
  let done = 0;
  return {
    get current() {
      return outer.current;
    },
    begin: () => undefined,
    update: (part, total) =>
      outer.update(done + (total > 0 ? Math.min(1, part / total) : 0), steps),
    done() {
      done++;
      outer.update(done, steps);
    },
    fail: () => outer.fail(),
  };
}
