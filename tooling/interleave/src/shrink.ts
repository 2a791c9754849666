// Makes a failing schedule small: delta debugging (Zeller, Hildebrandt, 'Simplifying and isolating
// failure-inducing input', TSE 2002) over its decisions. What is left cannot lose any one of them.
import type { Failure } from "./failure.ts";
import type { Decision, Schedule } from "./schedule.ts";

/** A schedule with what it ends in. */
export interface FailingSchedule {
  readonly schedule: Schedule;
  readonly failure: Failure;
}

/**
 * The smallest failing schedule found with `attempt`, which replays one and gives the decisions that
 * were really taken with the failure, or undefined when it ended well. The failure stays of the
 * same kind.
 */
export function shrink(
  start: FailingSchedule,
  attempt: (schedule: Schedule) => FailingSchedule | undefined,
  maxAttempts = 2000,
): FailingSchedule {
  let best = start;
  let left = maxAttempts;
  const isBetter = (decisions: readonly Decision[]): boolean => {
    if (left-- <= 0) return false;
    const result = attempt({ ...best.schedule, decisions });
    if (result === undefined || result.failure.kind !== best.failure.kind) return false;
    if (result.schedule.decisions.length >= best.schedule.decisions.length) return false;
    best = result;
    return true;
  };
  let parts = 2;
  while (best.schedule.decisions.length > 0 && left > 0) {
    const { decisions } = best.schedule;
    const size = Math.ceil(decisions.length / parts);
    let found = false;
    for (let from = 0; from < decisions.length && !found; from += size) {
      found = isBetter([...decisions.slice(0, from), ...decisions.slice(from + size)]);
    }
    if (found) {
      parts = Math.max(2, parts - 1);
    } else if (size === 1) {
      break;
    } else {
      parts = Math.min(best.schedule.decisions.length, parts * 2);
    }
  }
  return best;
}
