// The command line's options.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type Budget, type BudgetName, budgetNames, budgetOf } from "../hunt.ts";
import { targets } from "../programs/targets.ts";

export const usage: string = `Explores the interleavings of the cores of this repository.

  explore           runs every program under many schedules; exits with 1 if one
                    fails
  mutants           plants one mistake after another; exits with 1 if one is not
                    found
  crashes           stops threads for good at every step; exits with 1 if
                    recovery fails
  list              names programs, those in which threads die, and mutants

  --target NAME     only this core, all by default:
                    ${namesOf(targets)}
  --program TEXT    only programs whose name contains the text
  --mutant TEXT     only mutants whose name contains the text
  --seed N          for the random schedules, and the order of crash points;
                    1 by default
  --budget B        how many schedules of each program:
                      quick    all with 1 preemption, up to 2,000; 80 random
                               ones
                      default  600 more random ones; all with 2 preemptions, up
                               to 5,000
                      long     20,000 more random ones; all with 3 preemptions,
                               up to 200,000
                    or a number of seconds for each target, mutant or crash
                    program, after which long is cut short; crashes takes only a
                    number, and tries every step without one
  --replay S        runs one schedule of one program, as a finding prints it,
                    and shows its end
  --trace N         with --replay: shows the last N steps; 40 by default
  --jobs N          threads; half the processors by default
  --help            this text

Exits with 2 when the arguments cannot be used, or name nothing that there is.
`;

/** In lines that a terminal has room for. */
function namesOf(some: readonly { readonly name: string }[]): string {
  return some
    .map(({ name }, index) => (index > 0 && index % 5 === 0 ? `\n${" ".repeat(20)}${name}` : name))
    .join(", ")
    .replaceAll(", \n", ",\n");
}

export interface Options {
  readonly command: string;
  readonly target: string | undefined;
  readonly program: string;
  readonly mutant: string;
  readonly seed: number;
  readonly budget: Budget;
  readonly replay: string | undefined;
  readonly trace: number;
  readonly jobs: number;
}

/** Reads the options; a string is a complaint, undefined a call for help. */
export function readOptions(argv: readonly string[]): Options | string | undefined {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    // Its first sentence; what follows is about arguments that nobody needs here.
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
  const budget = readBudget(values.budget, seed);
  if (budget === undefined) return `--budget: '${values.budget}' is unknown`;
  const { target, program, mutant, replay } = values;
  return { command, target, program, mutant, seed, budget, replay, trace, jobs };
}

function parse(argv: readonly string[]) {
  const half = Math.max(1, availableParallelism() >> 1);
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      target: { type: "string" },
      program: { type: "string", default: "" },
      mutant: { type: "string", default: "" },
      seed: { type: "string", default: "1" },
      budget: { type: "string", default: "default" },
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
