// Tests that the job finds every planted fault, and finds none in a correct map. The map is a fixture:
// correct, slow, and shared by real threads. test/fixtures/log-map.mjs defines its faults.
import { beforeAll, describe, expect, it } from "vitest";
import { type JobResult, runJob, stepsOf } from "../src/check/job.ts";
import { Difference, UsageError } from "../src/failure.ts";
import { arrangeInput, type SharedInput } from "../src/keys/order.ts";
import type { Progress } from "../src/progress.ts";
import { pack } from "./packed-keys.ts";

const script = new URL("../dist/check-worker.js", import.meta.url);
let stepsDone = 0;
const silent: Progress = {
  current: undefined,
  begin() {},
  update() {},
  done: () => void stepsDone++,
  fail() {},
};

let input: SharedInput;
beforeAll(() => {
  const texts = Array.from({ length: 400 }, (_, i) => `${i % 7}/é${i % 3}/${i}`);
  input = arrangeInput(pack(texts), 5);
});

function run(fault: string, threads = 2, stalledAfter?: number): Promise<JobResult> {
  const subject = new URL("./fixtures/log-map.mjs", import.meta.url);
  if (fault !== "") subject.searchParams.set("fault", fault);
  const options = { input, subject: subject.href, script, threads, shared: true, progress: silent };
  return runJob(stalledAfter === undefined ? options : { ...options, stalledAfter });
}

describe("the main job", () => {
  it("succeeds with a correct map, and measures every step", async () => {
    stepsDone = 0;
    const result = await run("");
    expect(stepsDone).toBe(stepsOf(true));
    expect(result.threads).toBe(2);
    expect(Object.keys(result.perSecond)).toHaveLength(5);
    expect(result.bytesPerKey).toBe(10);
    expect(result.checked).toBeGreaterThan(400 * 2 * 10);
  });

  it.each([
    // Whichever check comes first finds it: a concurrent get or scan, or the size afterwards.
    [
      "lost set",
      /returned undefined instead of 321|instead of ".*321"|before ".*321"|size was 399/,
    ],
    ["hidden key", /returned undefined instead of 321/],
    ["wrong value", /has the value 322 instead of 321/],
    ["size", /size was 401 instead of 400/],
    ["scan out of order", /entries\(.*yielded .* instead of|out of order/],
    ["scan twice", /entries\(.*yielded .* as entry/],
    ["scan skips", /entries\(.*(yielded .* instead of|ended after)/],
    ["scan ends early", /reverse.*ended after/],
    ["phantom", /"phantom" as entry/],
    ["past the limit", /"limit":10.*yielded .* as entry 10/],
    ["delete finds nothing", /found nothing to delete/],
    ["lost delete", /was removed|size was/],
    ["leak", /after every key was deleted, 1 bytes were live/],
    ["retired", /8 bytes retired/],
  ])("finds the fault '%s'", async (fault, message) => {
    const error = await run(fault).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Difference);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/^LogMap/);
  });

  it("fails if a thread dies during a step", async () => {
    await expect(run("crash")).rejects.toThrow(/thread \d ended with status 7/);
  });

  it("fails if no thread makes progress", async () => {
    await expect(run("hang", 1, 300)).rejects.toThrow(/no thread made progress for 0.3 s in 'fill/);
  });

  it("asks for a smaller input if the map is full", async () => {
    await expect(run("full")).rejects.toThrow(UsageError);
    await expect(run("full")).rejects.toThrow(/does not fit in the map: no room/);
  });
});
