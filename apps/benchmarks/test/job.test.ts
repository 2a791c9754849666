// The job finds every planted fault, and none where there is none. The map is a fixture: right,
// slow, and shared by real threads; its faults are named in test/fixtures/log-map.mjs.
import { beforeAll, describe, expect, it } from "vitest";
import { Difference, UsageError } from "../src/failure.ts";
import { arrangeInput, type SharedInput } from "../src/keys/order.ts";
import type { Progress } from "../src/progress.ts";
import { type JobResult, runJob } from "../src/quick/job.ts";
import { pack } from "./packed-keys.ts";

const script = new URL("../dist/quick-worker.js", import.meta.url);
const silent: Progress = { current: undefined, begin() {}, update() {}, done() {}, fail() {} };

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
  it("goes through over a map that is right, and measures every step", async () => {
    const result = await run("");
    expect(result.threads).toBe(2);
    expect(Object.keys(result.perSecond)).toHaveLength(5);
    expect(result.bytesPerKey).toBe(10);
  });

  it.each([
    // Whoever looks first finds it: a reader meanwhile, by key or by scan, or the size after.
    ["lost set", /gave undefined instead of 321|instead of ".*321"|before ".*321"|size was 399/],
    ["hidden key", /gave undefined instead of 321/],
    ["wrong value", /has the value 322 instead of 321/],
    ["size", /size was 401 instead of 400/],
    ["scan out of order", /entries\(.*gave .* instead of|out of order/],
    ["scan twice", /entries\(.*gave .* as entry/],
    ["scan skips", /entries\(.*(gave .* instead of|ended after)/],
    ["scan ends early", /reverse.*ended after/],
    ["phantom", /"phantom" as entry/],
    ["past the limit", /"limit":10.*gave .* as entry 10/],
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

  it("ends when a thread dies in the middle", async () => {
    await expect(run("crash")).rejects.toThrow(/thread \d ended with status 7/);
  });

  it("ends when no thread gets on", async () => {
    await expect(run("hang", 1, 300)).rejects.toThrow(/no thread got on for 0.3 s in 'fill/);
  });

  it("says that the input is too large when the map is full", async () => {
    await expect(run("full")).rejects.toThrow(UsageError);
    await expect(run("full")).rejects.toThrow(/does not fit in the map: no room/);
  });
});
