// Threads that end while they use maps, in processes that cannot read /proc: how soon the others go on, who hears of it
// or not. A round is the end of one thread for one map.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { withLateness } from "@tooling/vitest/lateness";
import { runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";

interface Report {
  rounds: number;
  /** Milliseconds until the others went on. */
  median: number;
  longest: number;
  /** Memories of maps that were not collected. */
  kept: number;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const flag = process.allowedNodeEnvironmentFlags.has("--permission")
  ? "--permission"
  : "--experimental-permission";
const withoutProc = ["--no-warnings", flag, "--allow-worker", `--allow-fs-read=${root}*`];

async function run(name: string, flags: string[], env = {}, args: string[] = []): Promise<Report> {
  const program = fileURLToPath(new URL(`programs/ends/${name}.mjs`, import.meta.url));
  // A program says itself where it is stuck, and ends long before that.
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, ...args], {
    timeout: 180_000,
    killSignal: "SIGKILL",
    env: { ...process.env, ...env },
  });
  return JSON.parse(stdout);
}

/** Promised are 100 ms: ten sleeps, after each of which a busy machine may let a thread go on late. */
async function runsSoon(...args: Parameters<typeof run>): Promise<Report> {
  const { result, lateness } = await withLateness(() => run(...args));
  expect(result.median).toBeLessThan(100 + 10 * lateness);
  expect(result.longest).toBeLessThan(2000 + 10 * lateness);
  return result;
}

describe("without /proc, other threads go on", () => {
  test.each([
    ["in main's own listener of the exit", "own-exit-listener"],
    ["when a worker's worker ends with it", "nested-worker"],
    ["when main, which started all, has no map", "starter-without-map"],
    ["when no thread comes back to its event loop", "nobody-turns"],
  ])("%s", { timeout: 200_000 }, async (_, name) => {
    const report = await runsSoon(name, withoutProc, { ROUNDS: String(runs(25, 300)) });
    expect(report.rounds).toBeGreaterThanOrEqual(runs(25, 300));
  });
});

test("main's own listener of the exit comes after the package's, where there is nothing else to tell", {
  timeout: 200_000,
}, async () => {
  const env = { WITHOUT_SENTINELS: "1", ROUNDS: String(runs(20, 60)) };
  const report = await runsSoon("own-exit-listener", withoutProc, env);
  expect(report.rounds).toBeGreaterThanOrEqual(runs(20, 60));
});

test.each([
  ["without /proc", withoutProc, {}],
  ["with it", [], { WITH_PROC: "1" }],
])("whatever way a thread ends, it is missed: %s", { timeout: 200_000 }, async (_, flags, env) => {
  const report = await runsSoon("ways-to-end", flags, env);
  expect(report.rounds).toBe(10);
});

test("threads that come and go are never missed, keep no memory, and end by themselves", {
  timeout: 200_000,
}, async () => {
  const { rounds, kept } = await run("comings-and-goings", ["--expose-gc", ...withoutProc]);
  expect(rounds).toBeGreaterThan(10);
  expect(kept).toBe(0);
});

test.each([
  ["number", "numbers", withoutProc, {}],
  ["number, with /proc", "numbers", [], { WITH_PROC: "1" }],
  ["byte", "memory", withoutProc, {}],
])(
  "a map of which ended threads hold every %s can be attached to, and is whole",
  {
    timeout: 200_000,
  },
  async (_, kind, flags, env) => {
    const rounds = runs(3, 24);
    const more = { ROUNDS: String(rounds), ...env };
    const report = await runsSoon("no-place-left", flags, more, [kind]);
    expect(report.rounds).toBe(rounds);
  },
);

test("a thread that is interrupted as it asks about another keeps nobody from noticing ends", {
  timeout: 200_000,
}, async () => {
  const rounds = runs(4, 12);
  const report = await runsSoon("interrupted-askers", withoutProc, { ROUNDS: String(rounds) });
  expect(report.rounds).toBe(rounds);
});
