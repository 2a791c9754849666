// Parses the command line.
import { parseArgs } from "node:util";

const partNames = ["deaths", "histories", "fuzz", "oracle"] as const;
export type PartName = (typeof partNames)[number];

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly only: readonly PartName[];
  /** The run ends after this many slices, even if time is left. */
  readonly slices: number;
}

/** The arguments cannot be used. */
export class UsageError extends Error {}

export const help = `Searches for faults in the map for as long as you let it run.

  npm run test:soak -- --minutes N [--seed S] [--only PART,...] [--slices N]

  --minutes N   how long to run, in minutes (default: 10). The last slice is
                finished first.
  --seed S      a whole number from 0 to 2147483647 (default: random). Every run
                prints its seed.
  --only PARTS  some of deaths,histories,fuzz,oracle (default: all)
  --slices N    end after N slices
  --help        show this text

  deaths        ends threads at random moments while others keep working
  histories     checks that some order explains what several threads did at once
                to a few keys
  fuzz          runs short sequences of operations, made from arbitrary bytes,
                and compares the results with an oracle
  oracle        does the same with long sequences

The parts take turns, one slice each. Slice i has the seed S + i. A failure says
how to run its slice again. Threads never interleave the same way twice, so it
may take several runs to see it again. The fuzzer saves an input that fails in
packages/masstree/test/trust/regressions, where npm test replays it.

Exit status: 0 if nothing was found, 1 if a fault was found, 2 if the arguments
cannot be used, 130 after Ctrl-C, which also shows what was done until then.
`;

/**
 * @returns undefined if the arguments ask for help
 * @throws UsageError
 */
export function parse(args: readonly string[], drawSeed: () => number): SoakOptions | undefined {
  const values = parsed(args);
  if (values.help) return undefined;
  const { minutes = "10", seed, only, slices } = values;
  return {
    minutes: number("--minutes", minutes, /^\d*\.?\d+$/, 60 * 24 * 365),
    seed: seed === undefined ? drawSeed() : number("--seed", seed, /^\d+$/, 2 ** 31 - 1),
    only: only === undefined ? partNames : parts(only),
    slices: slices === undefined ? Number.POSITIVE_INFINITY : number("--slices", slices, /^\d+$/),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const help = { type: "boolean", short: "h" } as const;
  const options = { minutes: text, seed: text, only: text, slices: text, help };
  try {
    // `pnpm ... -- --minutes 5` passes the two dashes on.
    return parseArgs({ args: args.filter((arg) => arg !== "--"), options }).values;
  } catch (error) {
    // Node's messages have several lines, or lack a full stop.
    const message = (error as Error).message.replaceAll("\n", " ");
    throw new UsageError(/[.?!]$/.test(message) ? message : `${message}.`);
  }
}

function number(name: string, text: string, form: RegExp, most: number = 2 ** 31 - 1): number {
  const value = form.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new UsageError(`${name} must be a number from 0 to ${most}, not '${text}'.`);
}

function parts(text: string): PartName[] {
  const wanted = text.split(",").map((part) => part.trim());
  for (const part of wanted) {
    if (partNames.includes(part as PartName)) continue;
    throw new UsageError(
      `--only takes a list of ${partNames.join(",")}; '${part}' is none of them.`,
    );
  }
  return partNames.filter((part) => wanted.includes(part));
}
