// The command line.
import { parseArgs } from "node:util";

const partNames = ["deaths", "histories", "fuzz", "oracle"] as const;
export type PartName = (typeof partNames)[number];

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly only: readonly PartName[];
  /** Ends after so many slices, whatever the time. */
  readonly slices: number;
}

/** Arguments that cannot be used. */
export class UsageError extends Error {}

export const help = `Looks for faults of the map for as long as it is let.

  npm run test:soak -- --minutes N [--seed S] [--only PART,...] [--slices N]

  --minutes N   how long, in minutes; 10 if not given. The slice that is on is
                finished.
  --seed S      a whole number from 0 to 2147483647; drawn and printed if not
                given
  --only PARTS  some of deaths,histories,fuzz,oracle; all if not given
  --slices N    ends after so many slices
  --help        this text

  deaths        threads are ended at any moment while others go on
  histories     what threads did to a few keys at once has to have an order that
                explains it
  fuzz          short sequences of operations, from arbitrary bytes, beside an
                oracle
  oracle        long ones

The parts take turns, a slice each. Slice i has the seed S + i, and a failure
says how to run its slice again; threads do not meet the same way twice, so it
may take several runs. An input that the fuzzer failed with is kept in
packages/masstree/test/trust/regressions, where npm test replays it.

Ends with 0 when nothing was found, 1 when something was, 2 when the arguments
cannot be used, 130 after Ctrl-C, which shows what was done until then.
`;

/**
 * @returns undefined when help is asked for
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
    // `pnpm ... -- --minutes 5` hands the two dashes on.
    return parseArgs({ args: args.filter((arg) => arg !== "--"), options }).values;
  } catch (error) {
    // Node's messages are of several lines, or end without a full stop.
    const message = (error as Error).message.replaceAll("\n", " ");
    throw new UsageError(/[.?!]$/.test(message) ? message : `${message}.`);
  }
}

function number(name: string, text: string, form: RegExp, most: number = 2 ** 31 - 1): number {
  const value = form.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new UsageError(`${name} should be a number up to ${most}, not '${text}'.`);
}

function parts(text: string): PartName[] {
  const wanted = text.split(",").map((part) => part.trim());
  for (const part of wanted) {
    if (partNames.includes(part as PartName)) continue;
    throw new UsageError(`--only takes some of ${partNames.join(",")}, not '${part}'.`);
  }
  return partNames.filter((part) => wanted.includes(part));
}
