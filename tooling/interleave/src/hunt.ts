// Explores a catalog of programs, round after round with more schedules, until one fails or the
// budget is spent. Rounds make a mistake that is easy to find quick to find, wherever it is in the
// catalog.
import type { Core } from "./core.ts";
import { type Exploration, Explorer, type Program, type Strategy } from "./explore.ts";

/** How much to explore of each program. */
export interface Budget {
  /** Strategies in turn; all programs are explored with one before the next begins. */
  readonly rounds: readonly Strategy[];
  /** Stops after so many seconds, with what it has. */
  readonly seconds?: number;
}

export interface HuntOptions {
  readonly budget: Budget;
  /** Told of each exploration as it ends. */
  onExploration?(exploration: Exploration, strategy: Strategy): void;
  /** Whether to go on after a finding, with the other programs. */
  readonly keepGoing?: boolean;
}

export interface HuntResult {
  readonly schedules: number;
  readonly steps: number;
  readonly seconds: number;
  readonly findings: readonly NonNullable<Exploration["finding"]>[];
  /** Whether the budget in seconds ended it before all rounds were done. */
  readonly outOfTime: boolean;
}

/** The rounds that `explore` and `mutants` go through unless told otherwise. */
export function defaultBudget(seed: number): Budget {
  return {
    rounds: [
      { kind: "exhaustive", preemptions: 1, schedules: 2000 },
      { kind: "random", seed, schedules: 40 },
      { kind: "pct", seed, schedules: 40, depth: 3 },
      { kind: "random", seed: seed + 1, schedules: 300 },
      { kind: "pct", seed: seed + 1, schedules: 300, depth: 4 },
      { kind: "exhaustive", preemptions: 2, schedules: 4000 },
    ],
  };
}

export function hunt(
  core: Core,
  programs: readonly Program[],
  { budget, onExploration, keepGoing = false }: HuntOptions,
): HuntResult {
  const started = performance.now();
  const deadline = started + (budget.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  const findings: NonNullable<Exploration["finding"]>[] = [];
  const failed = new Set<Program>();
  let schedules = 0;
  let steps = 0;
  let outOfTime = false;
  search: for (const strategy of budget.rounds) {
    for (const program of programs) {
      if (failed.has(program)) continue;
      if (performance.now() >= deadline) {
        outOfTime = true;
        break search;
      }
      const exploration = new Explorer(core, program).explore(strategy, [], deadline);
      schedules += exploration.schedules;
      steps += exploration.steps;
      onExploration?.(exploration, strategy);
      if (exploration.finding === undefined) continue;
      findings.push(exploration.finding);
      failed.add(program);
      if (!keepGoing) break search;
    }
  }
  const seconds = (performance.now() - started) / 1000;
  return { schedules, steps, seconds, findings, outOfTime };
}
