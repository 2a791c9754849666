import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Progress, type ProgressStream, Tally } from "../../src/cli/progress.ts";

beforeEach(() => {
  vi.stubEnv("CI", "");
  vi.stubEnv("TERM", "xterm");
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** What is written while something begins, is updated every 50 ms for so long, and ends. */
function written(isTTY: boolean, milliseconds: number, columns = 12): string {
  const stream = Object.assign(new PassThrough(), { isTTY, columns }) as ProgressStream;
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const progress = new Progress(stream);
  progress.begin("begins");
  for (let time = 0; time < milliseconds; time += 50) {
    progress.update(() => `after ${time} ms`);
    vi.advanceTimersByTime(50);
  }
  progress.clear();
  return text;
}

test("where lines cannot move there are two at once, and then one every ten seconds", () => {
  expect(written(false, 25_000)).toBe("begins\nafter 0 ms\nafter 10000 ms\nafter 20000 ms\n");
});

test("on a terminal one line moves, never longer than the terminal is wide, and goes away", () => {
  const back = "\r\x1b[K";
  expect(written(true, 250)).toBe(
    `${back}begins${back}after 0 ms${back}after 100 m${back}after 200 m${back}`,
  );
});

test.each([
  ["in a CI log", { CI: "true" }],
  ["on a terminal that cannot", { TERM: "dumb" }],
])("no line moves %s", (_, variables) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  expect(written(true, 200)).toBe("begins\nafter 0 ms\n");
});

test("no line moves on a terminal of no width", () => {
  expect(written(true, 200, 0)).toBe("begins\nafter 0 ms\n");
});

test("a program that failed counts in the rounds that leave it out", () => {
  const tally = new Tally({ target: "tree", programs: 3, rounds: 2 });
  const add = (round: number, found = false) => {
    tally.add({ round, found, schedules: 1000 });
    return String(tally);
  };
  expect(add(0)).toBe("tree: round 1 of 2, 1 of 3 programs, 1,000 schedules, 0 findings");
  expect(add(0, true)).toBe("tree: round 1 of 2, 2 of 3 programs, 2,000 schedules, 1 findings");
  expect(add(1)).toBe("tree: round 2 of 2, 2 of 3 programs, 3,000 schedules, 1 findings");
  // A thread that is a round behind.
  expect(add(0)).toBe("tree: round 2 of 2, 2 of 3 programs, 4,000 schedules, 1 findings");
  expect(add(1, true)).toBe("tree: round 2 of 2, 3 of 3 programs, 5,000 schedules, 2 findings");
});

test("a program that fails in a round behind is left out of the one that is on", () => {
  const tally = new Tally({ target: "tree", programs: 2, rounds: 2 });
  tally.add({ round: 1, found: false, schedules: 1 });
  tally.add({ round: 0, found: true, schedules: 1 });
  expect(String(tally)).toContain("round 2 of 2, 2 of 2 programs");
});
