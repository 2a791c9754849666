/* The command line. */
import { parseArgs } from "node:util";

export interface Options {
  readonly serve: boolean;
  /** Workers that are terminated in the middle of a write. */
  readonly deaths: number;
  /** How long a browser may take. */
  readonly minutes: number;
}

/** Arguments that cannot be used. */
export class UsageError extends Error {}

export const help = `Checks the map in every Chromium and Firefox that is found.

  npm run test:browser -- [--deaths N] [--minutes N] [--serve]

  --deaths N    workers terminated in the middle of a write, 1 to 100000; 30 if
                not given
  --minutes N   how long each browser may take, above 0 to 1440; 3 if not given
  --serve       starts no browser, and prints an address to be opened in any
  --help        this text

CHROME and FIREFOX in the environment name the browsers' programs. Where one of
them is set, only what is named is used.

Ends with 0 when all checks passed, 1 when one failed or there is no browser, 2
when the arguments cannot be used, 130 after Ctrl-C.
`;

/**
 * @returns undefined when help is asked for
 * @throws UsageError
 */
export function parse(args: readonly string[]): Options | undefined {
  const { help, serve, deaths, minutes } = parsed(args);
  if (help) return undefined;
  return {
    serve,
    deaths: number("--deaths", deaths, /^\d+$/, 1, 100_000),
    minutes: number("--minutes", minutes, /^\d*\.?\d+$/, Number.MIN_VALUE, 24 * 60),
  };
}

function parsed(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  const options = {
    serve: flag,
    deaths: { type: "string", default: "30" },
    minutes: { type: "string", default: "3" },
    help: { ...flag, short: "h" },
  } as const;
  try {
    // `pnpm ... -- --deaths 5` hands the two dashes on.
    return parseArgs({ args: args.filter((arg) => arg !== "--"), options }).values;
  } catch (error) {
    // Node's messages are of several lines, or end without a full stop.
    const message = (error as Error).message.replaceAll("\n", " ");
    throw new UsageError(/[.?!]$/.test(message) ? message : `${message}.`);
  }
}

function number(name: string, text: string, form: RegExp, least: number, most: number): number {
  const value = form.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const range =
    least < 1 ? `number above 0, up to ${most}` : `whole number from ${least} to ${most}`;
  throw new UsageError(`${name} should be a ${range}, not '${text}'.`);
}
