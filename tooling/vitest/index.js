// The test preset of all packages.
//
// It draws the seed once per run and passes it to every test process through the environment. So one
// number replays a package's whole run.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { SeedReporter } from "./seed-reporter.js";

const drawnSeed = () => Math.floor(Math.random() * 0x7fffffff);

export function preset({ together, ...overrides } = {}) {
  const seed = process.env.SEED || String(drawnSeed());
  if (!/^-?\d+$/.test(seed)) throw new Error(`SEED must be an integer, not '${seed}'`);
  // Some runs load the config twice. Both must have the same seed.
  process.env.SEED = seed;
  return defineConfig(({ mode }) => {
    const stress = mode === "stress";
    const include = stress ? ["test/**/*.stress.ts", ...drawing("test")] : ["test/**/*.test.ts"];
    // A project adds its `include` to what it extends: with projects, each has its own and the rest has none.
    const files =
      together === undefined || stress ? { include } : { projects: inGroups(together, include) };
    return {
      test: {
        setupFiles: [fileURLToPath(new URL("./setup.js", import.meta.url))],
        env: stress ? { SEED: seed, STRESS: "1" } : { SEED: seed },
        // Processes, not threads: tests that block in Atomics.wait or terminate their own workers must
        // not share a thread pool with the runner.
        pool: "forks",
        // Test files share a process unless they disturb each other: each new process would first load
        // the runner and the compilers, which takes longer than most files take to run. Stress tests run
        // long enough to get a process each.
        isolate: stress,
        // Half the cores: tests start their own worker threads, and turbo runs two packages at once.
        maxWorkers: stress ? 1 : "50%",
        fileParallelism: !stress,
        // Every package has tests, but not every package has stress tests.
        passWithNoTests: stress,
        // For tests that hang. On a busy machine the others may take ten times as long as alone.
        testTimeout: stress ? 600_000 : 300_000,
        hookTimeout: 300_000,
        teardownTimeout: 10_000,
        reporters: [
          "default",
          new SeedReporter(seed, stress ? "test:stress" : "test"),
          ["json", { outputFile: stress ? "reports/stress.json" : "reports/test.json" }],
        ],
        ...overrides,
        ...files,
      },
    };
  });
}

/** Tests that draw cases: under `test:stress` they draw more. */
function drawing(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => readFileSync(file, "utf8").includes('"@tooling/vitest/random"'));
}

/** Files in one folder, which share a process, and all others. */
function inGroups(folder, include) {
  const files = `${folder}/**/*.test.ts`;
  const others = [...configDefaults.exclude, files];
  return [
    { extends: true, test: { name: "others", include, exclude: others } },
    { extends: true, test: { name: folder, include: [files], isolate: false } },
  ];
}
