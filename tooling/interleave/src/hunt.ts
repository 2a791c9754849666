// Explores a catalog of programs, round after round with more schedules, until one fails or the
// budget is spent. Rounds make a mistake that is easy to find quick to find, wherever it is in the
// catalog.
import type { Core } from "./core.ts";
import {
  type Exploration,
  Explorer,
  type Finding,
  type Program,
  type Strategy,
} from "./explore.ts";

/** How much to explore of each program. */
export interface Budget {
  /** Strategies in turn; all programs are explored with one before the next begins. */
  readonly rounds: readonly Strategy[];
  /** Stops after so many seconds, with what it has. */
  readonly seconds?: number;
}

/** Budgets by name: for every commit, for a thorough look, and for a night. */
export const budgetNames = ["quick", "default", "long"] as const;

export type BudgetName = (typeof budgetNames)[number];

/** The rounds of a budget. Random rounds derive from the seed. */
export function budgetOf(name: BudgetName, seed: number): Budget {
  const quick: Strategy[] = [
    { kind: "exhaustive", preemptions: 1, schedules: 2000 },
    { kind: "random", seed, schedules: 40 },
    { kind: "pct", seed, schedules: 40, depth: 3 },
  ];
  if (name === "quick") return { rounds: quick };
  const thorough: Strategy[] = [
    ...quick,
    { kind: "random", seed: seed + 1, schedules: 300 },
    { kind: "pct", seed: seed + 1, schedules: 300, depth: 4 },
    { kind: "exhaustive", preemptions: 2, schedules: 5000 },
  ];
  if (name === "default") return { rounds: thorough };
  return {
    rounds: [
      ...thorough,
      { kind: "random", seed: seed + 2, schedules: 10_000 },
      { kind: "pct", seed: seed + 2, schedules: 10_000, depth: 5 },
      { kind: "exhaustive", preemptions: 3, schedules: 200_000 },
    ],
  };
}

/** The same rounds, in which up to `stale` reads of a schedule return older values. */
export function withStaleReads(budget: Budget, stale: number): Budget {
  return { ...budget, rounds: budget.rounds.map((round) => ({ ...round, stale })) };
}

/** What a package's tests explore of each program within the time of a test run; seconds are for all of them. */
export function budgetOfTests(seed: number, schedules: number, seconds: number): Budget {
  return {
    rounds: [
      { kind: "exhaustive", preemptions: 1, schedules: 500 },
      { kind: "pct", seed, schedules, depth: 3 },
    ],
    seconds,
  };
}

/** One in so many of `all`, of which `random` draws the first: many processes test at the same time. */
export function shareOf<Item>(
  all: readonly Item[],
  oneIn: number,
  random: () => number,
): readonly Item[] {
  const first = Math.floor(random() * oneIn);
  return all.filter((_, index) => index % oneIn === first);
}

export interface HuntOptions {
  readonly budget: Budget;
  /** Told of each exploration as it ends, and of the round that it was for. */
  onExploration?(exploration: Exploration, round: Strategy): void;
  /** Whether to go on after a finding, with the other programs. */
  readonly keepGoing?: boolean;
}

export interface HuntResult {
  readonly programs: number;
  /** Of how many of these there was time to begin with. */
  readonly reached: number;
  readonly schedules: number;
  readonly steps: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
  /** For each number of preemptions, the programs of which every schedule was run. */
  readonly exhausted: Readonly<Record<number, number>>;
  /** Races that a rule allowed, by rule. */
  readonly allowed: Readonly<Record<string, number>>;
  /** With stale reads: how many reads could have returned another value than the last. */
  readonly choices: number;
  /** Whether the budget in seconds ended it before all rounds were done. */
  readonly outOfTime: boolean;
}

/** Explores all programs within a budget. Stops at the first finding unless told to keep going. */
export function hunt(
  core: Core,
  programs: readonly Program[],
  { budget, onExploration, keepGoing = false }: HuntOptions,
): HuntResult {
  const started = performance.now();
  const deadline = started + (budget.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  const findings: Finding[] = [];
  const failed = new Set<Program>();
  const exhausted: Record<number, number> = {};
  const allowed: Record<string, number> = {};
  const reached = new Set<Program>();
  let choices = 0;
  let schedules = 0;
  let steps = 0;
  let outOfTime = false;
  search: for (const round of budget.rounds) {
    for (const program of programs) {
      if (failed.has(program)) continue;
      if (performance.now() >= deadline) {
        outOfTime = true;
        break search;
      }
      reached.add(program);
      const strategy = strategyFor(program, round);
      const exploration = new Explorer(core, program).explore(strategy, [], deadline);
      schedules += exploration.schedules;
      steps += exploration.steps;
      choices += exploration.choices;
      for (const [rule, count] of exploration.allowed) allowed[rule] = (allowed[rule] ?? 0) + count;
      if (strategy.kind === "exhaustive" && exploration.complete) {
        exhausted[strategy.preemptions] = (exhausted[strategy.preemptions] ?? 0) + 1;
      }
      onExploration?.(exploration, round);
      if (exploration.finding === undefined) continue;
      findings.push(exploration.finding);
      failed.add(program);
      if (!keepGoing) break search;
    }
  }
  const seconds = (performance.now() - started) / 1000;
  return {
    programs: programs.length,
    reached: reached.size,
    schedules,
    steps,
    seconds,
    findings,
    exhausted,
    allowed,
    choices,
    outOfTime,
  };
}

/** What a round does with a program. */
export function strategyFor({ preemptions }: Program, round: Strategy): Strategy {
  if (round.kind !== "exhaustive" || preemptions === undefined) return round;
  if (preemptions <= round.preemptions) return round;
  return { kind: "exhaustive", preemptions, stale: round.stale ?? 0 };
}

/** The sum of what several threads did at the same time. */
export function mergeHunts(results: readonly HuntResult[]): HuntResult {
  const sum = (pick: (result: HuntResult) => number) =>
    results.reduce((total, result) => total + pick(result), 0);
  const add = (pick: (result: HuntResult) => Readonly<Record<string, number>>) => {
    const totals: Record<string, number> = {};
    for (const result of results) {
      for (const [key, count] of Object.entries(pick(result))) {
        totals[key] = (totals[key] ?? 0) + count;
      }
    }
    return totals;
  };
  return {
    programs: sum(({ programs }) => programs),
    reached: sum(({ reached }) => reached),
    schedules: sum(({ schedules }) => schedules),
    steps: sum(({ steps }) => steps),
    seconds: Math.max(0, ...results.map(({ seconds }) => seconds)),
    findings: results.flatMap(({ findings }) => findings),
    exhausted: add(({ exhausted }) => exhausted as Record<string, number>),
    allowed: add(({ allowed }) => allowed),
    choices: sum(({ choices }) => choices),
    outOfTime: results.some(({ outOfTime }) => outOfTime),
  };
}
