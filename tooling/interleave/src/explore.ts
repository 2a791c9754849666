// Runs a program under many schedules and reports the first that ends badly.
import type { Core } from "./core.ts";
import { Failure } from "./failure.ts";
import { Machine, type MachineOptions } from "./machine/machine.ts";
import type { Run, ThreadProgram } from "./machine/program.ts";
import { type Crash, formatSchedule, type Schedule, staleReads } from "./schedule.ts";
import { ExhaustiveScheduler } from "./schedulers/exhaustive.ts";
import { PctScheduler } from "./schedulers/pct.ts";
import { RandomScheduler } from "./schedulers/random.ts";
import { ReplayScheduler, type Scheduler } from "./schedulers/scheduler.ts";
import { shrink } from "./shrink.ts";

/** What is explored: a few threads with a few calls each. */
export interface Program {
  readonly name: string;
  readonly threads: readonly ThreadProgram[];
  readonly machine: Omit<MachineOptions, "threads">;
  /**
   * For a program in which a thread dies while others run: how many random schedules there are for each step
   * at which it dies. Without it, one: the threads run one after the other.
   */
  readonly overlaps?: number;
  /**
   * For a short program whose mistakes show only with that many preemptions: every exhaustive round searches it with
   * at least so many, to the end. Without it, the budget decides.
   */
  readonly preemptions?: number;
  /** Builds the state that every schedule starts from, with `machine.call`. */
  setup?(machine: Machine): void;
  /** Throws, or returns a complaint, when what a schedule left behind is wrong. */
  check?(machine: Machine, run: Run): string | undefined;
}

/** How to choose the schedules. */
export type Strategy = Choice & {
  /** How many reads of a schedule may return an older value, as the memory model allows; 0 when absent. */
  readonly stale?: number;
};

type Choice =
  | { readonly kind: "random"; readonly seed: number; readonly schedules: number }
  | {
      readonly kind: "pct";
      readonly seed: number;
      readonly schedules: number;
      /** Ordering constraints of the bugs looked for; 3 when absent. */
      readonly depth?: number;
      /** Whether threads are stopped only at words that are known to be contended from what was run before. */
      readonly knowsContention?: boolean;
    }
  | {
      readonly kind: "exhaustive";
      /** All bounds from 0 to this one are searched, one after the other. */
      readonly preemptions: number;
      /** Stops with `complete: false` after so many. */
      readonly schedules?: number;
    };

/** A failing schedule, shrunk. */
export interface Finding {
  readonly program: string;
  readonly failure: Failure;
  /** Replays the failure: `replay` and the command line take it. */
  readonly schedule: string;
  /** The schedule as it was found. */
  readonly original: string;
}

export interface Exploration {
  readonly program: string;
  readonly schedules: number;
  readonly steps: number;
  readonly seconds: number;
  /** Whether every schedule within the bound was run. Always false for random strategies. */
  readonly complete: boolean;
  readonly finding: Finding | undefined;
  /** Races that a rule allowed, by rule. */
  readonly allowed: ReadonlyMap<string, number>;
  /** With stale reads: how many reads could have returned another value than the last. */
  readonly choices: number;
}

/** A program, set up and ready to run under any number of schedules. */
export class Explorer {
  readonly program: Program;
  readonly machine: Machine;
  readonly #onRun: ((run: Run) => void) | undefined;

  /** @param onRun told of each run while its steps are still known */
  constructor(core: Core, program: Program, onRun?: (run: Run) => void) {
    this.program = program;
    this.#onRun = onRun;
    const { threads, machine } = program;
    this.machine = new Machine(core, { ...machine, threads: threads.length });
    program.setup?.(this.machine);
    this.machine.save();
  }

  /** Runs one schedule, with up to `stale` reads of older values, and the program's check. */
  run(scheduler: Scheduler, crashes: readonly Crash[] = [], stale = 0): Run {
    const run = this.machine.run(this.program.threads, scheduler, crashes, stale);
    this.#onRun?.(run);
    if (run.failure !== undefined) return run;
    const failure = this.#check(run);
    return failure === undefined ? run : { ...run, failure };
  }

  /** Runs a schedule that was printed. */
  replay(schedule: Schedule): Run {
    return this.run(new ReplayScheduler(schedule), schedule.crashes, staleReads(schedule));
  }

  /** Looks for a failing schedule. `deadline` is in milliseconds of `performance.now()`. */
  explore(
    strategy: Strategy,
    crashes: readonly Crash[] = [],
    deadline: number = Number.POSITIVE_INFINITY,
  ): Exploration {
    const started = performance.now();
    const totals = { schedules: 0, steps: 0, complete: false };
    const choicesBefore = this.machine.choices;
    let finding: Finding | undefined;
    let choices = 0;
    const attempt = (scheduler: Scheduler): boolean => {
      const run = this.run(scheduler, crashes, strategy.stale);
      totals.schedules++;
      totals.steps += run.steps;
      choices = this.machine.choices - choicesBefore;
      if (run.failure === undefined) return false;
      finding = this.shrink(run, crashes);
      return true;
    };
    if (strategy.kind === "exhaustive") {
      const left = () => totals.schedules < (strategy.schedules ?? Number.POSITIVE_INFINITY);
      const goesOn = () => left() && performance.now() < deadline;
      totals.complete = this.#exhaust(strategy.preemptions, attempt, goesOn);
    } else {
      const { kind, seed, schedules } = strategy;
      if (kind === "pct" && strategy.knowsContention) this.machine.contention.freeze();
      else this.machine.contention.unfreeze();
      const scheduler =
        kind === "random" ? new RandomScheduler(seed) : new PctScheduler(seed, strategy.depth ?? 3);
      while (totals.schedules < schedules && performance.now() < deadline) {
        if (attempt(scheduler)) break;
      }
    }
    return {
      program: this.program.name,
      ...totals,
      seconds: (performance.now() - started) / 1000,
      finding,
      allowed: this.machine.races?.allowed ?? new Map(),
      choices,
    };
  }

  /** A finding from a failing run. */
  shrink(run: Run, crashes: readonly Crash[] = []): Finding {
    if (run.failure === undefined) throw new Error("the run did not fail");
    const original: Schedule = { decisions: run.decisions, crashes };
    const smallest = shrink({ schedule: original, failure: run.failure }, (schedule) => {
      const { failure, decisions } = this.replay(schedule);
      return failure && { schedule: { decisions, crashes }, failure };
    });
    return {
      program: this.program.name,
      failure: smallest.failure,
      schedule: formatSchedule(smallest.schedule),
      original: formatSchedule(original),
    };
  }

  #exhaust(
    preemptions: number,
    attempt: (scheduler: Scheduler) => boolean,
    goesOn: () => boolean,
  ): boolean {
    const { contention } = this.machine;
    contention.unfreeze();
    for (let bound = 0; bound <= preemptions; bound++) {
      let known: number;
      do {
        contention.freeze();
        known = contention.words;
        const scheduler = new ExhaustiveScheduler(bound);
        do {
          if (!goesOn() || attempt(scheduler)) return false;
        } while (scheduler.advance());
      } while (contention.words > known);
    }
    return true;
  }

  #check(run: Run): Failure | undefined {
    try {
      const complaint = this.program.check?.(this.machine, run);
      return complaint === undefined ? undefined : new Failure("check", complaint);
    } catch (error) {
      if (error instanceof Failure) return error;
      if (error instanceof WebAssembly.RuntimeError) return new Failure("trap", error.message);
      throw error;
    }
  }
}
