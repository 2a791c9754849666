// Which schedules the PCT scheduler draws, without a machine: threads that do nothing but take steps.
import { describe, expect, test } from "vitest";
import { PctScheduler } from "../src/schedulers/pct.ts";

const steps = 6;

/** The threads in the order in which they run in one schedule: `0120` if 0 is stopped and comes back last. */
function draw(scheduler: PctScheduler, isContended: (thread: number, step: number) => boolean) {
  const taken = [0, 0, 0];
  let order = "";
  let current = -1;
  scheduler.begin(3);
  for (let clock = 0; clock < 3 * steps; clock++) {
    const ready = taken.reduce(
      (bits, count, thread) => bits | (count < steps ? 1 << thread : 0),
      0,
    );
    const forced = current < 0 || taken[current] === steps;
    const contended = !forced && isContended(current, taken[current]!);
    const situation = { clock, contended, waiting: 0, stepsOf: (thread: number) => taken[thread]! };
    const next = scheduler.choose(current, ready, forced, situation);
    if (next !== current) order += next;
    current = next;
    taken[current]!++;
  }
  return order;
}

describe("PCT", () => {
  const always = () => true;

  test("lets either of two threads that it stopped go on first", () => {
    const scheduler = new PctScheduler(1, 3);
    const orders = new Set(Array.from({ length: 2000 }, () => draw(scheduler, always)));
    expect(orders).toContain("01201");
    expect(orders).toContain("01210");
  });

  test("stops threads less often than its depth", () => {
    const scheduler = new PctScheduler(1, 2);
    for (let left = 500; left > 0; left--) {
      expect(draw(scheduler, always).length).toBeLessThanOrEqual(3 + 1);
    }
  });

  test("stops threads at contended steps only", () => {
    const scheduler = new PctScheduler(1, 2);
    const isContended = (thread: number) => thread === 1;
    const orders = Array.from({ length: 500 }, () => draw(scheduler, isContended));
    const stopped = orders.filter((order) => order.length > 3);
    expect(stopped.length).toBeGreaterThan(50);
    expect(stopped.filter((order) => order.split("1").length < 3)).toEqual([]);
  });
});
