/* Parses the command line. */
import { parseArgs } from "node:util";

export interface Options {
  readonly serve: boolean;
  /** How many workers are terminated in the middle of a write, and how many in the middle of a commit. */
  readonly deaths: number;
  /** How many minutes each browser may take. */
  readonly minutes: number;
}

/** The arguments cannot be used. */
export class UsageError extends Error {}

export const help = `Checks the map, and the store in OPFS, in all installed Chromium and Firefox
browsers.

  npm run test:browser -- [--deaths N] [--minutes N] [--serve]

  --deaths N    number of workers to terminate in the middle of a write, and in
                the middle of a commit, from 1 to 100000 (default: 30)
  --minutes N   how long each browser may take, in minutes, above 0 and up to
                1440 (default: 3)
  --serve       start no browser; print an address to open in any browser
  --help        show this text

The environment variables CHROME and FIREFOX name the browsers' programs. If
either of them is set, only the named browsers are used.

Exit status: 0 if all checks passed, 1 if a check failed or no browser was
found, 2 if the arguments cannot be used, 130 after Ctrl-C.
`;

/**
 * @returns undefined if the arguments ask for help
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
    // `pnpm ... -- --deaths 5` passes the two dashes on.
    return parseArgs({ args: args.filter((arg) => arg !== "--"), options }).values;
  } catch (error) {
    // Node's messages have several lines, or lack a full stop.
    const message = (error as Error).message.replaceAll("\n", " ");
    throw new UsageError(/[.?!]$/.test(message) ? message : `${message}.`);
  }
}

function number(name: string, text: string, form: RegExp, least: number, most: number): number {
  const value = form.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const range =
    least < 1 ? `number above 0, up to ${most}` : `whole number from ${least} to ${most}`;
  throw new UsageError(`${name} must be a ${range}, not '${text}'.`);
}
