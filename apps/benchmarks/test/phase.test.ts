import { expect, it } from "vitest";
import { phase } from "../src/check/phase.ts";
import type { Progress } from "../src/progress.ts";

it("the steps of a job move one line on, from nothing to the whole", () => {
  const shown: number[] = [];
  const outer: Progress = {
    current: "the job",
    begin: () => expect.unreachable(),
    update: (done, total) => shown.push(done / total),
    done: () => expect.unreachable(),
    fail: () => expect.unreachable(),
  };
  const inner = phase(outer, 4);
  for (const [done, total] of [
    [1, 2],
    [3, 2],
    [0, 0],
    [5, 10],
  ] as const) {
    inner.begin("a step");
    inner.update(done, total);
    inner.done("its result");
  }
  expect(shown).toEqual([0.125, 0.25, 0.5, 0.5, 0.5, 0.75, 0.875, 1]);
  expect(inner.current).toBe("the job");
});
