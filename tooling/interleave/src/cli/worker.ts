// Explores in a thread of its own, for the command line: does the jobs that it is sent, over the core that
// it was started with.
import { parentPort, workerData } from "node:worker_threads";
import { type Core, type CoreData, openCore } from "../core.ts";
import { type CrashExploration, exploreCrashes } from "../crashes.ts";
import { Explorer, type Finding } from "../explore.ts";
import { type Budget, type HuntResult, hunt } from "../hunt.ts";
import { Patch } from "../mutants/mutant.ts";
import { targetOf } from "../programs/targets.ts";
import { randomNumbers } from "../random.ts";
import type { Explored } from "./progress.ts";

/** A share of a target's programs. */
export interface ExploreJob {
  readonly kind: "explore";
  readonly target: string;
  readonly programs: readonly string[];
  readonly budget: Budget;
}

/** A program of a target in which threads die. */
export interface CrashJob {
  readonly kind: "crashes";
  readonly target: string;
  readonly program: string;
  readonly budget: Budget;
  /** For the order of the points. */
  readonly seed: number;
}

/** A mutant of a target, to be compiled and hunted with all programs. */
export interface MutantJob {
  readonly kind: "mutant";
  readonly target: string;
  readonly mutant: string;
  readonly programs: readonly string[];
  readonly budget: Budget;
}

export type Job = ExploreJob | CrashJob | MutantJob;

/** What a job comes to. */
export type ResultOf<J extends Job> = J extends CrashJob ? CrashExploration : HuntResult;

async function work(
  job: Job,
  core: Core | undefined,
  tell: (explored: Explored) => void,
): Promise<HuntResult | CrashExploration> {
  switch (job.kind) {
    case "explore": {
      const { budget } = job;
      const result = hunt(core!, programsOf(job), {
        budget,
        keepGoing: true,
        onExploration: ({ schedules, finding }, strategy) =>
          tell({
            schedules,
            round: budget.rounds.indexOf(strategy),
            found: finding !== undefined,
          }),
      });
      return { ...result, findings: result.findings.map(plain) };
    }
    case "crashes": {
      const { program, victims } = targetOf(job.target)
        .crashes()
        .find((candidate) => candidate.program.name === job.program)!;
      const { seconds = Number.POSITIVE_INFINITY } = job.budget;
      const deadline = performance.now() + seconds * 1000;
      const random = randomNumbers(job.seed);
      const result = exploreCrashes(new Explorer(core!, program), victims, { deadline, random });
      return { ...result, finding: result.finding && plain(result.finding) };
    }
    case "mutant": {
      const target = targetOf(job.target);
      const patch = new Patch(target.mutants.find(({ name }) => name === job.mutant)!.edits);
      const mutated = await target.compile(patch.replace);
      patch.finish();
      const result = hunt(mutated, programsOf(job), { budget: job.budget });
      return { ...result, findings: result.findings.map(plain) };
    }
  }
}

function programsOf({ target, programs }: ExploreJob | MutantJob) {
  const wanted = new Set(programs);
  return targetOf(target)
    .programs()
    .filter(({ name }) => wanted.has(name));
}

/** Failures are errors with fields of their own, which messages drop. */
function plain({ failure: { kind, message }, ...rest }: Finding): Finding {
  return { ...rest, failure: { kind, message } as Finding["failure"] };
}

if (parentPort !== null) {
  const port = parentPort;
  const core = workerData ? openCore(workerData as CoreData) : undefined;
  port.on("message", (job: Job) => {
    const tell = (explored: Explored) => port.postMessage({ explored });
    work(job, core, tell).then(
      (result) => port.postMessage({ result }),
      (error: Error) => port.postMessage({ error: error.message }),
    );
  });
}
