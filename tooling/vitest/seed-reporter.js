// Prints the seed before each test file. If something failed, prints it again as a command to paste.

export class SeedReporter {
  #seed;
  #script;

  constructor(seed, script) {
    this.#seed = seed;
    this.#script = script;
  }

  onTestModuleStart(module) {
    process.stdout.write(`SEED=${this.#seed} ${module.relativeModuleId}\n`);
  }

  onTestRunEnd(modules, errors, reason) {
    if (reason === "failed" || errors.length > 0 || modules.some((module) => !module.ok())) {
      process.stdout.write(`\nFailed with SEED=${this.#seed}. Replay: SEED=${this.#seed} `);
      const runs = process.env.RUNS ? `RUNS=${process.env.RUNS} ` : "";
      process.stdout.write(
        `${runs}pnpm --filter ${process.env.npm_package_name ?? "."} ${this.#script}\n`,
      );
    }
  }
}
