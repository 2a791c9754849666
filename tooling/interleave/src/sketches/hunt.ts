// Draws programs and explores them, those first that promise what has not been seen, until one fails.
//
// Steering. Programs are drawn anew, or changed from ones that were worth keeping: those in which something new was
// covered. Each is looked at in a few random schedules. From the first, in which its threads run one after the other,
// the coverage tells how many pairs of places it could bring together. Of a few programs, the one with most that have
// not met, for its length, is searched: every schedule of one preemption and of two, or, where those are too many, as
// many as there is time for.
import type { Core } from "../core.ts";
import { type Exploration, Explorer, type Finding, type Strategy } from "../explore.ts";
import { randomNumbers } from "../random.ts";
import { ReplayScheduler } from "../schedulers/scheduler.ts";
import { Coverage, type Covered } from "./coverage.ts";
import { type Generator, programOf, type Random } from "./generator.ts";
import { mutate, pick } from "./mutate.ts";
import { type Failing, shrinkSketch } from "./shrink.ts";
import type { Sketch } from "./sketch.ts";

export interface GeneratedHuntOptions {
  readonly seed: number;
  /** Stops after so many. */
  readonly seconds?: number;
  /** Stops after so many programs were explored. */
  readonly programs?: number;
  /** For how long a failing program is made smaller: 120 if absent, 0 for one as it was drawn. */
  readonly shrinkSeconds?: number;
  /** What others have seen, which need not be seen again. Is added to. */
  readonly coverage?: Coverage;
  /** Told after each program how far it is. */
  readonly onProgram?: (progress: GeneratedProgress) => void;
}

export interface GeneratedProgress extends Covered {
  readonly programs: number;
  readonly schedules: number;
  readonly steps: number;
  readonly seconds: number;
}

/** A failing program, shrunk, with its schedule: its name is its text. */
export interface GeneratedFinding extends Finding {
  /** The program as it was drawn, or changed from another. */
  readonly drawn: Sketch;
  readonly sketch: Sketch;
}

/** A hunt as it ended. */
export interface GeneratedHunt extends GeneratedProgress {
  /** The first failing program; the figures are those up to its failure, before it was shrunk. */
  readonly finding: GeneratedFinding | undefined;
  readonly coverage: Coverage;
  /** What had been covered when each minute was over. */
  readonly minutes: readonly Covered[];
  /** For each number of preemptions, the programs of which every schedule was run. */
  readonly exhausted: Readonly<Record<number, number>>;
}

/** Programs that are looked at for each that is searched. */
const candidates = 12;
/**
 * Steps, of all schedules together, that a look may take at least, for each depth of its schedules. Some programs get
 * twice that, some of them twice again, and so on: some mistakes are rare in programs, others in schedules.
 */
const lookSteps = 2_000;
const lookDepths = [2, 3];
/** The same for a search, for each number of preemptions. */
const searchSteps = 30_000;
const mostDoublings = 8;
const doublingShare = 0.4;
/** How often a program is one that was kept, changed. */
const mutatedShare = 0.5;
/** What an edge of the code is worth, in meetings. */
const edgeWorth = 10;
const mostKept = 400;

interface Kept {
  readonly sketch: Sketch;
  worth: number;
}

interface Candidate {
  readonly sketch: Sketch;
  readonly explorer: Explorer;
  /** Of its first schedule. */
  readonly steps: number;
  readonly promise: number;
  /** If that one fails already. */
  readonly finding: Finding | undefined;
}

/** Hunts with generated programs alone. Stops at the first that fails, and shrinks it. */
export function huntGenerated(
  core: Core,
  generator: Generator,
  options: GeneratedHuntOptions,
): GeneratedHunt {
  return new Hunt(core, generator, options).run();
}

class Hunt {
  readonly #core: Core;
  readonly #generator: Generator;
  readonly #options: GeneratedHuntOptions;
  readonly #random: Random;
  readonly #coverage: Coverage;
  readonly #started = performance.now();
  readonly #kept: Kept[] = [];
  readonly #minutes: Covered[] = [];
  readonly #exhausted: Record<number, number> = {};
  #programs = 0;
  #schedules = 0;
  #steps = 0;

  constructor(core: Core, generator: Generator, options: GeneratedHuntOptions) {
    this.#core = core;
    this.#generator = generator;
    this.#options = options;
    this.#random = randomNumbers(options.seed);
    this.#coverage = options.coverage ?? new Coverage(core);
  }

  run(): GeneratedHunt {
    const { seconds = Number.POSITIVE_INFINITY, programs = Number.POSITIVE_INFINITY } =
      this.#options;
    const deadline = this.#started + seconds * 1000;
    let best: Candidate | undefined;
    while (performance.now() < deadline && this.#programs < programs) {
      const candidate = this.#prepare(this.#draw());
      let finding = candidate.finding ?? this.#look(candidate);
      if (finding !== undefined) return this.#end({ drawn: candidate.sketch, finding });
      this.#programs++;
      if (best === undefined || candidate.promise > best.promise) best = candidate;
      if (this.#programs % candidates === 0) {
        finding = this.#search(best, deadline);
        if (finding !== undefined) return this.#end({ drawn: best.sketch, finding });
        best = undefined;
      }
      const progress = this.#progress;
      if (progress.seconds >= 60 * (this.#minutes.length + 1)) this.#minutes.push(progress);
      this.#options.onProgram?.(progress);
    }
    return this.#end();
  }

  get #progress(): GeneratedProgress {
    return {
      ...this.#coverage.covered,
      programs: this.#programs,
      schedules: this.#schedules,
      steps: this.#steps,
      seconds: (performance.now() - this.#started) / 1000,
    };
  }

  #end(failing?: Failing): GeneratedHunt {
    const progress = this.#progress;
    const { shrinkSeconds = 120 } = this.#options;
    return {
      ...progress,
      finding: failing && shrinkSketch(this.#core, this.#generator, failing, shrinkSeconds),
      coverage: this.#coverage,
      minutes: this.#minutes,
      exhausted: this.#exhausted,
    };
  }

  #draw(): Sketch {
    const random = this.#random;
    if (this.#kept.length === 0 || random() >= mutatedShare) return this.#generator.draw(random);
    const drawn = [1, 2, 3].map(() => this.#kept[pick(this.#kept.length, random)]!);
    const parent = drawn.reduce((best, one) => (one.worth > best.worth ? one : best));
    parent.worth *= 0.8;
    return mutate(parent.sketch, this.#generator, random);
  }

  /** Runs the threads one after the other. */
  #prepare(sketch: Sketch): Candidate {
    const explorer: Explorer = new Explorer(this.#core, programOf(this.#generator, sketch), (run) =>
      this.#coverage.add(explorer.machine, run),
    );
    const first = explorer.run(new ReplayScheduler({ decisions: [], crashes: [] }));
    this.#schedules++;
    this.#steps += first.steps;
    const promise = this.#coverage.promise(explorer.machine, first);
    // There are about as many schedules of one preemption as steps.
    return {
      sketch,
      explorer,
      steps: first.steps,
      promise: worthOf(promise, first.steps ** 2),
      finding: first.failure && explorer.shrink(first),
    };
  }

  /** A few random schedules. */
  #look(candidate: Candidate): Finding | undefined {
    return this.#watch(candidate, () => {
      const schedules = this.#schedulesWithin(lookSteps, candidate);
      for (const depth of lookDepths) {
        const seed = Math.floor(this.#random() * 0x7fff_ffff);
        const { finding } = this.#explore(candidate, {
          kind: "pct",
          seed,
          schedules,
          depth,
          knowsContention: true,
        });
        if (finding !== undefined) return finding;
      }
      return undefined;
    });
  }

  /** Every schedule of one preemption, and of two, or as many as there is time for. */
  #search(candidate: Candidate, deadline: number): Finding | undefined {
    return this.#watch(candidate, () => {
      const schedules = this.#schedulesWithin(searchSteps, candidate);
      for (let preemptions = 1; preemptions <= 2; preemptions++) {
        const strategy = { kind: "exhaustive", preemptions, schedules } as const;
        const { finding, complete } = this.#explore(candidate, strategy, deadline);
        if (finding !== undefined) return finding;
        if (!complete) return undefined;
        this.#exhausted[preemptions] = (this.#exhausted[preemptions] ?? 0) + 1;
      }
      return undefined;
    });
  }

  /** How many schedules of a program take so many steps, or twice as many, or four times. */
  #schedulesWithin(steps: number, candidate: Candidate): number {
    let most = steps;
    for (let left = mostDoublings; left > 0 && this.#random() < doublingShare; left--) most *= 2;
    return Math.ceil(most / (candidate.steps + 1));
  }

  #explore({ explorer }: Candidate, strategy: Strategy, deadline?: number): Exploration {
    const exploration = explorer.explore(strategy, [], deadline);
    this.#schedules += exploration.schedules;
    this.#steps += exploration.steps;
    return exploration;
  }

  /** Keeps the program if what `explore` does covers something new. */
  #watch({ sketch, steps }: Candidate, explore: () => Finding | undefined): Finding | undefined {
    const before = this.#coverage.covered;
    const finding = explore();
    const { edges, meetings } = this.#coverage.covered;
    const gain = { edges: edges - before.edges, meetings: meetings - before.meetings };
    if (gain.edges + gain.meetings > 0) this.#keep({ sketch, worth: worthOf(gain, steps) });
    return finding;
  }

  #keep(one: Kept): void {
    this.#kept.push(one);
    if (this.#kept.length <= mostKept) return;
    this.#kept.sort((a, b) => b.worth - a.worth).length = mostKept / 2;
  }
}

/** What coverage is worth for the steps that it takes. */
function worthOf({ edges, meetings }: Omit<Covered, "sites">, steps: number): number {
  return (edges * edgeWorth + meetings) / (steps + 1);
}
