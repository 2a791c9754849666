// The command line's options.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type Budget, type BudgetName, budgetNames, budgetOf, withStaleReads } from "../hunt.ts";

export const usage: string = `Explores the interleavings of compiled WebAssembly threads. The targets are in
the catalogs of this workspace's packages, test/explorer/catalog.ts.

  explore           runs every program under many schedules; exits with 1 if one
                    fails
  mutants           plants one mistake after another; exits with 1 if it misses
                    one
  crashes           stops threads for good at every step; exits with 1 if
                    recovery fails
  list              lists programs, programs in which threads die, and mutants

  --target NAME     only this target; all by default, see list
  --catalog PATH    another catalog; may be given more than once
  --program TEXT    only programs whose name contains the text
  --mutant TEXT     only mutants whose name contains the text
  --seed N          of the random schedules and the order of crash points;
                    1 by default
  --budget B        how many schedules of each program:
                      quick    all with 1 preemption, up to 2,000; 80 random
                               ones
                      default  600 more random ones; all with 2 preemptions, up
                               to 5,000
                      long     20,000 more random ones; all with 3 preemptions,
                               up to 200,000
                    or a number of seconds for each target, mutant or crash
                    program: long, stopped after that time. crashes accepts only
                    a number; without one, it tries every step
  --weak N          up to N reads of a schedule return an older value, as the
                    memory model allows; 0 by default
  --generated       with explore: draws small programs at random, instead of
                    running those of the catalogs, and tries first what promises
                    something new; tells what was never reached. With --replay,
                    --program is the text of such a program
                    with mutants: plants mistakes that operators generate from
                    the sources; programs, deaths and the packages' tests hunt
                    them. A run that was stopped goes on
  --count N         how many generated mutants; 200 by default
  --results FILE    where results are kept; in the workspace's reports/ by
                    default
  --package P       only mutants of this package: tree
  --minutes N       with explore --generated: for how long, all targets
                    together; 5 by default
  --replay S        runs one schedule of one program, in the form that a finding
                    prints, and shows its end
  --trace N         with --replay: shows the last N steps; 40 by default
  --jobs N          threads; half the processors by default
  --help            this text

Exits with 2 if the arguments are invalid or match nothing.
`;

export interface Options {
  readonly command: string;
  readonly target: string | undefined;
  /** Catalogs besides those of the workspace. */
  readonly catalogs: readonly string[];
  readonly program: string;
  readonly mutant: string;
  readonly seed: number;
  readonly budget: Budget;
  /** Reads of a schedule that may return an older value. */
  readonly weak: number;
  readonly isGenerated: boolean;
  /** How long to draw programs. */
  readonly minutes: number;
  /** How many generated mutants, where their results are kept, and which package they are of. */
  readonly count: number;
  readonly results: string | undefined;
  readonly package: string | undefined;
  readonly replay: string | undefined;
  readonly trace: number;
  readonly jobs: number;
}

/** Reads the options. Returns a string if they are invalid, undefined if help was asked for. */
export function readOptions(argv: readonly string[]): Options | string | undefined {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    // Only the first sentence: the rest explains a syntax that no option here needs.
    return (error as Error).message.replace(/\. .*/s, "");
  }
  const { values, positionals } = parsed;
  if (values.help) return undefined;
  const [command = "", ...rest] = positionals;
  if (!["explore", "mutants", "crashes", "list"].includes(command) || rest.length > 0) {
    return `unknown command '${positionals.join(" ")}'`;
  }
  const seed = Number(values.seed);
  const jobs = Number(values.jobs);
  const trace = Number(values.trace);
  if (!Number.isSafeInteger(seed)) return `--seed must be an integer, not '${values.seed}'`;
  if (!(Number.isSafeInteger(jobs) && jobs > 0)) return `--jobs must be positive`;
  if (!(Number.isSafeInteger(trace) && trace >= 0)) return `--trace must not be negative`;
  const minutes = Number(values.minutes ?? "5");
  if (!(minutes > 0)) return `--minutes must be positive`;
  const isGenerated = values.generated;
  if (isGenerated && command !== "explore" && command !== "mutants") {
    return "--generated is for explore and mutants";
  }
  if (values.minutes !== undefined && !(isGenerated && command === "explore")) {
    return "--minutes is for explore --generated";
  }
  const count = Number(values.count);
  if (!(Number.isSafeInteger(count) && count > 0)) return `--count must be positive`;
  const { results, package: owner } = values;
  const budget = readBudget(values.budget, seed);
  const weak = Number(values.weak);
  if (!(Number.isSafeInteger(weak) && weak >= 0)) return `--weak must not be negative`;
  if (budget === undefined) return `--budget: '${values.budget}' is unknown`;
  const { target, catalog: catalogs, program, mutant, replay } = values;
  return {
    command,
    target,
    catalogs,
    program,
    mutant,
    count,
    results,
    package: owner,
    seed,
    budget: withStaleReads(budget, weak),
    weak,
    isGenerated,
    minutes,
    replay,
    trace,
    jobs,
  };
}

function parse(argv: readonly string[]) {
  const half = Math.max(1, availableParallelism() >> 1);
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      target: { type: "string" },
      catalog: { type: "string", multiple: true, default: [] },
      program: { type: "string", default: "" },
      mutant: { type: "string", default: "" },
      count: { type: "string", default: "200" },
      results: { type: "string" },
      package: { type: "string" },
      seed: { type: "string", default: "1" },
      budget: { type: "string", default: "default" },
      weak: { type: "string", default: "0" },
      generated: { type: "boolean", default: false },
      minutes: { type: "string" },
      replay: { type: "string" },
      trace: { type: "string", default: "40" },
      jobs: { type: "string", default: String(half) },
      help: { type: "boolean", default: false },
    },
  });
}

function readBudget(text: string, seed: number): Budget | undefined {
  if (budgetNames.includes(text as BudgetName)) return budgetOf(text as BudgetName, seed);
  const seconds = Number(text);
  return seconds > 0 ? { ...budgetOf("long", seed), seconds } : undefined;
}
