// The one test preset.
//
// The seed is drawn here, once per run, and handed to every test process through the
// environment: one number replays the whole run of a package.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { SeedReporter } from "./seed-reporter.js";

const drawnSeed = () => Math.floor(Math.random() * 0x7fffffff);

export function preset(overrides = {}) {
  const seed = process.env.SEED || String(drawnSeed());
  if (!/^-?\d+$/.test(seed)) throw new Error(`SEED must be an integer, not '${seed}'`);
  // The config is loaded a second time in some runs; both must agree on the seed.
  process.env.SEED = seed;
  return defineConfig(({ mode }) => {
    const stress = mode === "stress";
    return {
      test: {
        include: [stress ? "test/**/*.stress.ts" : "test/**/*.test.ts"],
        setupFiles: [fileURLToPath(new URL("./setup.js", import.meta.url))],
        env: { SEED: seed },
        // Processes, not threads: a test that blocks in Atomics.wait or terminates its own
        // workers must not share a thread pool with the runner.
        pool: "forks",
        // One process for all files of a package, unless they disturb each other: what each would do first
        // is to load the runner and the compilers, which takes longer than most files take to run. Stress
        // tests take longer than that.
        isolate: stress,
        // Half the cores: tests start worker threads of their own, and turbo runs two packages.
        maxWorkers: stress ? 1 : "50%",
        fileParallelism: !stress,
        // Not every package has stress tests, but every package has tests.
        passWithNoTests: stress,
        testTimeout: stress ? 600_000 : 60_000,
        hookTimeout: 60_000,
        teardownTimeout: 10_000,
        reporters: [
          "default",
          new SeedReporter(seed, stress ? "test:stress" : "test"),
          ["json", { outputFile: stress ? "reports/stress.json" : "reports/test.json" }],
        ],
        ...overrides,
      },
    };
  });
}
