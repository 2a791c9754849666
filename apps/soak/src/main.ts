// Lets the parts take turns until the time is up or one of them fails.
import { randomInt } from "node:crypto";
import { help, type PartName, parse, type SoakOptions, UsageError } from "./arguments.ts";
import { type Counts, Failure, noCounts, type Part, parts } from "./parts.ts";

/** What `main` depends on. The tests pass their own. */
export interface Surroundings {
  readonly parts: Readonly<Record<PartName, Part>>;
  readonly print: (line: string) => void;
}

const defaults: Surroundings = {
  parts,
  print: (line) => process.stdout.write(`${line}\n`),
};

/**
 * Runs the program.
 *
 * @returns the exit status
 */
export async function main(
  args: readonly string[],
  surroundings: Surroundings = defaults,
): Promise<number> {
  const { print } = surroundings;
  try {
    const options = parse(args, () => randomInt(2 ** 31 - 1));
    if (options !== undefined) return await soak(options, surroundings);
    print(help.trimEnd());
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    print(`${error.message} See --help.`);
    return 2;
  }
}

async function soak(options: SoakOptions, surroundings: Surroundings): Promise<number> {
  const { minutes, seed, only, slices } = options;
  const { print } = surroundings;
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1000);
  const counts = noCounts();
  const interrupted = () => {
    print(report(counts, seconds()));
    process.exit(130);
  };
  // `on`, not `once`: a shell and a parent may both send the signal.
  process.on("SIGINT", interrupted);
  print(`seed ${seed}, ${minutes} minutes of ${only.join(", ")}`);
  try {
    for (let slice = 0; slice < slices; slice++) {
      if (slice > 0 && performance.now() - start >= minutes * 60_000) break;
      const name = only[slice % only.length]!;
      const sliceSeed = (seed + slice) % 2 ** 31;
      const began = performance.now();
      try {
        const said = await surroundings.parts[name](sliceSeed, counts);
        const took = ((performance.now() - began) / 1000).toFixed(1);
        print(`${String(seconds()).padStart(6)} s  ${name}: ${said} (${took} s)`);
      } catch (error) {
        print(`FAILED: ${name}, seed ${sliceSeed}\n${text(error)}`);
        print(`To repeat: npm run test:soak -- --only ${name} --seed ${sliceSeed} --slices 1`);
        print(report(counts, seconds()));
        return 1;
      }
    }
    print(report(counts, seconds()));
    return 0;
  } finally {
    process.off("SIGINT", interrupted);
  }
}

function text(error: unknown): string {
  if (error instanceof Failure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function report(counts: Counts, seconds: number): string {
  const grouped = (value: number) => value.toLocaleString("en-US");
  return [
    `histories checked   ${grouped(counts.histories)} (${grouped(counts.historyCalls)} calls, ${grouped(counts.overlapping)} of them concurrent with another)`,
    `threads ended       ${grouped(counts.kills)}`,
    `operations          ${grouped(counts.operations)}`,
    `fuzz sequences      ${grouped(counts.sequences)}`,
    `longest wait        ${counts.longestWait.toFixed(1)} ms, in the main thread, while other threads died`,
    `time                ${grouped(seconds)} s`,
  ].join("\n");
}
