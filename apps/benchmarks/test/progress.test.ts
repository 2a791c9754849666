import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createProgress, type Progress, type ProgressStream } from "../src/progress.ts";

beforeEach(() => {
  vi.stubEnv("CI", "");
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

function progressOn(isTTY: boolean, columns = 80): { progress: Progress; written: () => string } {
  const stream = Object.assign(new PassThrough(), {
    isTTY,
    columns,
    // What a terminal has and ora uses to move.
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  }) as ProgressStream;
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { progress: createProgress(stream), written: () => text };
}

it("is a line for each step where lines cannot move", () => {
  const { progress, written } = progressOn(false);
  progress.begin("sort");
  progress.update(1, 2);
  progress.done("3 keys");
  progress.begin("fill");
  progress.fail();
  expect(written()).toMatch(/^ok sort: 3 keys \(\d+ ms\)\nfailed: fill\n$/);
});

it("tells now and then how far a long step is", () => {
  vi.useFakeTimers();
  const { progress, written } = progressOn(false);
  progress.begin("fill");
  for (let second = 1; second <= 12; second++) {
    vi.advanceTimersByTime(1000);
    progress.update(second, 20);
  }
  expect(written()).toBe("  fill: 25 %\n  fill: 50 %\n");
});

it("is a line that moves on a terminal", () => {
  const { progress, written } = progressOn(true);
  progress.begin("sort");
  progress.update(1, 2);
  expect(progress.current).toBe("sort");
  progress.done("3 keys");
  expect(progress.current).toBeUndefined();
  expect(written()).toContain("sort: 3 keys");
});

it("moves nothing in a CI log", () => {
  vi.stubEnv("CI", "true");
  const { progress, written } = progressOn(true);
  progress.begin("sort");
  progress.done();
  expect(written()).toMatch(/^ok sort \(\d+ ms\)\n$/);
});

it("moves nothing on a terminal of no width", () => {
  const { progress, written } = progressOn(true, 0);
  progress.begin("sort");
  progress.done();
  expect(written()).toMatch(/^ok sort \(\d+ ms\)\n$/);
});
