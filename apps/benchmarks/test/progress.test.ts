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
    // The methods of a terminal that ora uses to animate a line.
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

it("prints one line per step if the stream is not a terminal", () => {
  const { progress, written } = progressOn(false);
  progress.begin("sort");
  progress.update(1, 2);
  progress.done("3 keys");
  progress.begin("fill");
  progress.fail();
  expect(written()).toMatch(/^ok sort: 3 keys \(\d+ ms\)\nfailed: fill\n$/);
});

it("prints every few seconds how far a long step is", () => {
  vi.useFakeTimers();
  const { progress, written } = progressOn(false);
  progress.begin("fill");
  for (let second = 1; second <= 12; second++) {
    vi.advanceTimersByTime(1000);
    progress.update(second, 20);
  }
  expect(written()).toBe("  fill: 25 %\n  fill: 50 %\n");
});

it("shows an animated line on a terminal", () => {
  const { progress, written } = progressOn(true);
  progress.begin("sort");
  progress.update(1, 2);
  expect(progress.current).toBe("sort");
  progress.done("3 keys");
  expect(progress.current).toBeUndefined();
  expect(written()).toContain("sort: 3 keys");
});

it("does not animate in a CI log", () => {
  vi.stubEnv("CI", "true");
  const { progress, written } = progressOn(true);
  progress.begin("sort");
  progress.done();
  expect(written()).toMatch(/^ok sort \(\d+ ms\)\n$/);
});

it("does not animate on a terminal without a width", () => {
  const { progress, written } = progressOn(true, 0);
  progress.begin("sort");
  progress.done();
  expect(written()).toMatch(/^ok sort \(\d+ ms\)\n$/);
});
