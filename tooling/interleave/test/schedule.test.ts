import { describe, expect, test } from "vitest";
import { Failure } from "../src/failure.ts";
import { formatSchedule, parseSchedule, type Schedule } from "../src/schedule.ts";
import { type FailingSchedule, shrink } from "../src/shrink.ts";

describe("a schedule's text", () => {
  test.each(["default", "0@37>1", "-@0>2 2@12>0 0@40!", "1@0!", "0@3>1 1@7^2", "1@3~2 0@4>1"])(
    "'%s' is read and written alike",
    (text) => {
      expect(formatSchedule(parseSchedule(text))).toBe(text);
    },
  );

  test.each(["0@1", "a@1>0", "0@1>", "0>1", "0@1>0!", "0@1^", "0^1", "0@1~0", "0@1~"])(
    "'%s' is refused",
    (text) => {
      expect(() => parseSchedule(text)).toThrow(text);
    },
  );
});

describe("shrinking", () => {
  const decision = (step: number) => ({ thread: 0, step, next: 1 });
  const failure = new Failure("check", "wrong");

  /** Fails when all of `needed` are there. */
  function failsWith(needed: readonly number[]) {
    return (schedule: Schedule): FailingSchedule | undefined => {
      const steps = new Set(schedule.decisions.map(({ step }) => step));
      return needed.every((step) => steps.has(step)) ? { schedule, failure } : undefined;
    };
  }

  test.each([[[3]], [[0, 99]], [[10, 11, 12, 60]], [[]]])(
    "finds the decisions %j among a hundred",
    (needed) => {
      const decisions = Array.from({ length: 100 }, (_, step) => decision(step));
      const start = { schedule: { decisions, crashes: [] }, failure };
      const { schedule } = shrink(start, failsWith(needed));
      expect(schedule.decisions.map(({ step }) => step)).toEqual(needed);
    },
  );

  test("keeps to the same kind of failure", () => {
    const decisions = [decision(1), decision(2)];
    const other = new Failure("race", "another");
    const start = { schedule: { decisions, crashes: [] }, failure };
    const { schedule } = shrink(start, (tried) => ({ schedule: tried, failure: other }));
    expect(schedule.decisions).toHaveLength(2);
  });

  test("stops after a number of attempts", () => {
    let attempts = 0;
    const decisions = Array.from({ length: 100 }, (_, step) => decision(step));
    shrink(
      { schedule: { decisions, crashes: [] }, failure },
      () => {
        attempts++;
        return undefined;
      },
      10,
    );
    expect(attempts).toBeLessThanOrEqual(10);
  });
});
