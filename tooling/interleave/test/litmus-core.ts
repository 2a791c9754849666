// The core of the litmus tests, and programs of its calls.
import { compile } from "../src/compile.ts";
import type { Core } from "../src/core.ts";
import { Explorer, type Program } from "../src/explore.ts";
import { compilerFlags } from "../src/flags.ts";
import { prepareCore } from "../src/prepare.ts";
import { directory, op, threads } from "./fixtures.ts";

let compiled: Promise<Core> | undefined;

export function litmusCore(): Promise<Core> {
  const entry = "assembly/litmus.ts";
  compiled ??= compile({ directory, entry, flags: compilerFlags }).then(({ binary, sourceMap }) =>
    prepareCore(binary, { sourceMap }),
  );
  return compiled;
}

/** What each thread calls. A call with an argument is written `storeX 1`. */
export type Threads = readonly (readonly string[])[];

export function programOf(calls: Threads): Program {
  const operation = (text: string) => {
    const [call, ...args] = text.split(" ");
    return op(call!, ...args.map(Number));
  };
  return {
    name: calls.map((list) => list.join(", ")).join(" | "),
    threads: threads(...calls.map((list) => list.map(operation))),
    // Without the race checker, which would not let plain accesses get so far.
    machine: { initialPages: 1, limitPages: 1, maxSteps: 500, races: false },
  };
}

interface Bounds {
  readonly stale?: number;
  readonly preemptions?: number;
  /** Called first. */
  readonly setup?: string;
}

export interface Outcomes {
  /** What the threads read, one digit for each value and a word for each thread that reads, sorted. */
  readonly outcomes: readonly string[];
  /** Whether all schedules within the bounds were run. */
  readonly complete: boolean;
}

export function outcomesOf(
  core: Core,
  calls: Threads,
  { stale = 3, preemptions = 4, setup }: Bounds = {},
): Outcomes {
  const seen = new Set<string>();
  const explorer = new Explorer(core, {
    ...programOf(calls),
    setup: (machine) => {
      if (setup !== undefined) machine.call(machine.observer, setup);
    },
    check: (_, { history }) => {
      const words = calls.map((_, thread) =>
        history
          .filter((call) => call.thread === thread && call.result !== undefined)
          .map(({ result }) => String(result))
          .join(""),
      );
      seen.add(words.filter((word) => word !== "").join(" "));
      return undefined;
    },
  });
  const { complete, finding } = explorer.explore({ kind: "exhaustive", preemptions, stale });
  if (finding !== undefined) throw finding.failure;
  return { outcomes: [...seen].sort(), complete };
}
